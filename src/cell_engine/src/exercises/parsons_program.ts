// The lines of a Parsons problem and the program made of them.
import { countOf } from "../wording";
import type { Verdict } from "./check";

export interface Piece {
  readonly text: string;
  readonly indent: number;
  /** Its place in the solution; a distractor has none. */
  readonly place: number | null;
  readonly why: string;
}

export interface Placed {
  readonly piece: Piece;
  readonly indent: number;
}

export const MOST_INDENT = 4;
const SPACES = 4;

/** The program as Python reads it. */
export function assembled(given: string, lines: readonly Placed[]): string {
  if (lines.length === 0) return "";
  const body = lines.map(
    ({ piece, indent }) => " ".repeat(indent * SPACES) + piece.text,
  );
  return [...head(given), ...body].join("\n");
}

/** What stands above the first line that can be moved. */
export function head(given: string): string[] {
  return given === "" ? [] : [...given.split("\n"), "", ""];
}

/** The lines of a program as it was assembled; unknown ones are left out. */
export function disassembled(
  text: string,
  given: string,
  pieces: readonly Piece[],
): Placed[] {
  const found: Placed[] = [];
  for (const line of text.split("\n").slice(head(given).length)) {
    const indent = (line.length - line.trimStart().length) / SPACES;
    const piece = pieces.find((one) => one.text === line.trim());
    if (piece === undefined || found.some((p) => p.piece === piece)) continue;
    found.push({ piece, indent: Math.min(Math.round(indent), MOST_INDENT) });
  }
  return found;
}

/** The first line that is not where the solution has it, in a sentence. */
export function firstOutOfPlace(
  lines: readonly Placed[],
  pieces: readonly Piece[],
): string | null {
  const wanted = pieces.filter((piece) => piece.place !== null).length;
  for (const [at, { piece, indent }] of lines.entries()) {
    const line = `Line ${at + 1}, \`${piece.text}\`,`;
    if (piece.place === null) {
      return `${line} does not belong to the program. ${piece.why}`;
    }
    if (piece.place !== at) {
      const isThere = lines.some((other) => other.piece.place === at);
      return isThere || piece.place < at
        ? `${line} is out of place.`
        : `A line is missing before line ${at + 1}, \`${piece.text}\`.`;
    }
    if (piece.indent !== indent) {
      return `${line} is in its place, but not at its indentation.`;
    }
  }
  const missing = wanted - lines.length;
  if (missing <= 0) return null;
  if (lines.length === 0) return "Your program has no line yet.";
  const verb = missing === 1 ? "is" : "are";
  return `So far all is in place; ${countOf(missing, "line")} ${verb} missing.`;
}

/** A verdict where the order alone gives one; null where Python must. */
export function judgeOrder(
  lines: readonly Placed[],
  pieces: readonly Piece[],
): Verdict | null {
  const place = firstOutOfPlace(lines, pieces);
  if (place === null) return verdict("passed", "Every line is in its place.");
  const isStrange = lines.some(({ piece }) => piece.place === null);
  const isBeginning = lines.every(
    ({ piece, indent }, at) => piece.place === at && piece.indent === indent,
  );
  // Another order may be as good, another program a mistake with a name.
  return isStrange || isBeginning ? verdict("failed", place) : null;
}

/** What Python says of a program, and which line is out of place. */
export function judgeRun(
  ran: Verdict,
  lines: readonly Placed[],
  pieces: readonly Piece[],
): Verdict {
  const place = firstOutOfPlace(lines, pieces);
  if (ran.status === "passed" || place === null) return ran;
  const wanted = pieces.filter((piece) => piece.place !== null);
  const onlyOrderDiffers =
    lines.length === wanted.length &&
    lines.every(({ piece, indent }) => piece.indent === indent);
  // A program that lacks a line stops anywhere: the line is what helps.
  return onlyOrderDiffers || ran.mistake !== ""
    ? { ...ran, sentence: `${ran.sentence} ${place}` }
    : verdict("failed", place);
}

function verdict(status: Verdict["status"], sentence: string): Verdict {
  return {
    status,
    sentence,
    mistake: "",
    hint: "",
    case: "",
    got: "",
    expected: "",
    line: null,
    traceback: "",
    comparisons: 0,
    seed: 0,
  };
}
