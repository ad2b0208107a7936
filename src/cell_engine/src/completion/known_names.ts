// The names that are known before Python has started: of the course's package,
// of NumPy and of the language. Fetched when a name is first completed.
import { importsIn } from "./code_names";
import type { NameAnswer, NamePlace } from "./help";

type Row = readonly [
  name: string,
  kind: string,
  signature: string,
  summary: string,
];

interface Catalog {
  readonly modules: Readonly<Record<string, readonly Row[]>>;
  readonly names: readonly Row[];
}

const NOTHING: Catalog = { modules: {}, names: [] };
let catalog: Promise<Catalog> | null = null;

function load(assets: URL): Promise<Catalog> {
  catalog ??= fetchCatalog(new URL("names/names.json", assets)).catch(() => {
    catalog = null; // without a network, say: the next name asks again
    return NOTHING;
  });
  return catalog;
}

async function fetchCatalog(url: URL): Promise<Catalog> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`names.json: ${response.status}`);
  return (await response.json()) as Catalog;
}

/** The names known at a place, by what the code above and here imports. */
export async function knownNames(
  assets: URL,
  { place, of }: NamePlace,
  codes: readonly string[],
): Promise<ReadonlyMap<string, Row>> {
  const known = await load(assets);
  const imports = importsIn(codes);
  if (place === "name") {
    const imported = [...imports].flatMap(([name, path]) => {
      const row = rowAt(known, path);
      return row === undefined ? [] : [[name, row] as const];
    });
    return new Map([...byName(known.names), ...imported]);
  }
  if (place === "module") return byName(modulesIn(known, of));
  const path = place === "member" ? of : pathOf(of, imports);
  if (path === null) return new Map();
  return byName([...modulesIn(known, path), ...(rowsOf(known, path) ?? [])]);
}

/** What a row says about its name. */
export function wordsOf(row: Row | undefined): NameAnswer | null {
  if (row === undefined) return null;
  const [, , signature, summary] = row;
  return { signature, summary };
}

const byName = (rows: readonly Row[]): Map<string, Row> =>
  new Map(rows.map((row) => [row[0], row]));

function rowsOf({ modules }: Catalog, path: string): readonly Row[] | null {
  return Object.hasOwn(modules, path) ? (modules[path] ?? null) : null;
}

function rowAt(known: Catalog, path: string): Row | undefined {
  const dot = path.lastIndexOf(".");
  const name = path.slice(dot + 1);
  if (rowsOf(known, path) !== null) return [name, "namespace", "", ""];
  const rows = rowsOf(known, path.slice(0, Math.max(0, dot)));
  return rows?.find(([row]) => row === name);
}

/** The modules one level below a package; of the first level, for "". */
function modulesIn({ modules }: Catalog, path: string): Row[] {
  const start = path === "" ? "" : `${path}.`;
  const names = Object.keys(modules)
    .filter((name) => name.startsWith(start))
    .map((name) => name.slice(start.length))
    .filter((name) => name !== "" && !name.includes("."));
  return names.map((name) => [name, "namespace", "", ""]);
}

/** The module that an expression of names and dots stands for. */
function pathOf(
  expression: string,
  imports: ReadonlyMap<string, string>,
): string | null {
  const [first = "", ...rest] = expression.trim().split(".");
  const start = imports.get(first);
  return start === undefined ? null : [start, ...rest].join(".");
}
