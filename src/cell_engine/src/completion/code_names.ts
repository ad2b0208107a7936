// What a cell's code says about names by itself, read and not run.
import { pythonLanguage } from "@codemirror/lang-python";

/** The names in a piece of code, but for the one that is being written. */
export function namesIn(code: string, at = -1): Set<string> {
  const found = new Set<string>();
  pythonLanguage.parser.parse(code).iterate({
    enter({ name, from, to }) {
      if (name !== "VariableName" || (from <= at && at <= to)) return;
      found.add(code.slice(from, to));
    },
  });
  return found;
}

/** The attributes of a variable that a piece of code names: those of self. */
export function attributesIn(
  code: string,
  variable: string,
  at: number,
): Set<string> {
  const found = new Set<string>();
  pythonLanguage.parser.parse(code).iterate({
    enter({ name, from, to, node }) {
      if (name !== "PropertyName" || (from <= at && at <= to)) return;
      const owner = node.parent?.firstChild;
      if (owner === null || owner === undefined) return;
      if (code.slice(owner.from, owner.to) === variable) {
        found.add(code.slice(from, to));
      }
    },
  });
  return found;
}

const IMPORT = /^import\s+(.*)$/;
const FROM = /^from\s+([\w.]+)\s+import\s+\(?(.*?)\)?$/;
const ALIAS = /^([\w.]+)(?:\s+as\s+(\w+))?$/;

/** What names stand for by the imports: `F` for `tutorial_kernels.functional`. */
export function importsIn(codes: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const code of codes) {
    pythonLanguage.parser.parse(code).iterate({
      enter({ name, from, to }) {
        if (name !== "ImportStatement") return;
        readImport(code.slice(from, to).replace(/\s+/g, " "), found);
      },
    });
  }
  return found;
}

function readImport(statement: string, found: Map<string, string>): void {
  const [, module, members] = FROM.exec(statement) ?? [];
  const parts = members ?? IMPORT.exec(statement)?.[1] ?? "";
  for (const part of parts.split(",")) {
    const [, path, alias] = ALIAS.exec(part.trim()) ?? [];
    if (path === undefined) continue;
    if (module !== undefined) found.set(alias ?? path, `${module}.${path}`);
    else if (alias !== undefined) found.set(alias, path);
    else {
      const first = path.split(".", 1)[0] ?? path;
      found.set(first, first);
    }
  }
}
