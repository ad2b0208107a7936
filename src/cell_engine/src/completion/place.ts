// Where the cursor stands in a cell's code, as far as a name can follow there.
import { ensureSyntaxTree, syntaxTree } from "@codemirror/language";
import type { EditorState } from "@codemirror/state";

import type { NamePlace } from "./help";

type SyntaxNode = ReturnType<ReturnType<typeof syntaxTree>["resolveInner"]>;

export interface Place extends NamePlace {
  readonly prefix: string;
  /** Where the name begins. */
  readonly from: number;
}

const PARSE_MS = 50;
/** Longer expressions are programs; nobody looks their value up. */
const LONGEST_EXPRESSION = 200;
const TEXT = new Set(["Comment", "FormatString", "Number", "String"]);
const NAME = /[\p{L}\p{N}_]*$/u;
const FROM = /^from\s+([\w.]*)$/;
const MEMBER = /^from\s+([\w.]+)\s+import\s(?:.*[\s,(])?(\w*)$/;
const IMPORT = /^import\s(?:.*[\s,])?([\w.]*)$/;

/** The place of the name at a position, or null where none can stand. */
export function placeOf(state: EditorState, at: number): Place | null {
  const tree = ensureSyntaxTree(state, at, PARSE_MS) ?? syntaxTree(state);
  const node = tree.resolveInner(at, -1);
  if (TEXT.has(node.name)) return null;
  const line = state.doc.lineAt(at);
  const before = line.text.slice(0, at - line.from);
  const statement = importBefore(state, node, at) ?? before.trimStart();
  if (/^(?:from|import)\s/.test(statement)) return imported(statement, at);
  const prefix = NAME.exec(before)?.[0] ?? "";
  if (/^\d/.test(prefix)) return null;
  const from = at - prefix.length;
  if (!before.slice(0, from - line.from).endsWith(".")) {
    return { place: "name", of: "", prefix, from };
  }
  const of = ownerOf(state, node, from);
  return of === null ? null : { place: "attribute", of, prefix, from };
}

/** An import statement up to the cursor; it may go over several lines. */
function importBefore(
  state: EditorState,
  inside: SyntaxNode,
  at: number,
): string | null {
  const node = ancestor(inside, "ImportStatement");
  if (node === null) return null;
  return state.sliceDoc(node.from, at).replace(/\s+/g, " ");
}

function imported(statement: string, at: number): Place | null {
  const member = MEMBER.exec(statement);
  if (member !== null) {
    const [, of = "", prefix = ""] = member;
    return { place: "member", of, prefix, from: at - prefix.length };
  }
  const path = (FROM.exec(statement) ?? IMPORT.exec(statement))?.[1];
  if (path === undefined) return null;
  const dot = path.lastIndexOf(".");
  const prefix = path.slice(dot + 1);
  const of = path.slice(0, Math.max(0, dot));
  return { place: "module", of, prefix, from: at - prefix.length };
}

/** The expression before the dot that ends at a position. */
function ownerOf(
  state: EditorState,
  inside: SyntaxNode,
  from: number,
): string | null {
  const dot = ancestor(inside, "MemberExpression")?.getChild(".");
  if (dot?.to !== from) return null;
  const owner = dot.prevSibling;
  if (owner === null) return null;
  const text = state.sliceDoc(owner.from, dot.from);
  return text.length > LONGEST_EXPRESSION ? null : text;
}

function ancestor(node: SyntaxNode, name: string): SyntaxNode | null {
  let found: SyntaxNode | null = node;
  while (found !== null && found.name !== name) found = found.parent;
  return found;
}
