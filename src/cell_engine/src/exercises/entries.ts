// What is kept on the reader's machine, one small record for each thing done.
// Records come from a file too, so every one is read strictly.

interface Kept {
  /** When it was last changed, in milliseconds since 1970. */
  readonly at: number;
}

/** The reader's code, and which text of the lesson it grew from. */
export interface CodeEntry extends Kept {
  readonly kind: "code";
  readonly base: string;
  readonly text: string;
  /** It came with a link, and the reader has not said yet to keep it. */
  readonly shared?: boolean;
}

export interface ExerciseEntry extends Kept {
  readonly kind: "exercise";
  readonly passed: boolean;
  readonly attempts: number;
  /** Hints that were opened. */
  readonly hints: number;
  readonly solution: boolean;
}

export interface QuizEntry extends Kept {
  readonly kind: "quiz";
  readonly base: string;
  readonly right: boolean;
  readonly tried: readonly string[];
}

export interface GuessEntry extends Kept {
  readonly kind: "guess";
  readonly base: string;
  readonly guess: string;
}

/** How much there was to do on a page when it was last open. */
export interface PageEntry extends Kept {
  readonly kind: "page";
  readonly exercises: number;
  readonly questions: number;
  readonly guesses: number;
}

export type Entry =
  CodeEntry | ExerciseEntry | QuizEntry | GuessEntry | PageEntry;
export type Kind = Entry["kind"];

const LONGEST_CODE = 200_000;
const LONGEST_TEXT = 500;
const MOST_TRIED = 50;
const LARGEST_COUNT = 1_000_000;
const LATEST = 8.64e15;

type Rule = (value: unknown) => boolean;

const isText =
  (longest: number): Rule =>
  (value) =>
    typeof value === "string" && value.length <= longest;
const isFlag: Rule = (value) => typeof value === "boolean";
const isWhole =
  (largest: number): Rule =>
  (value) =>
    Number.isSafeInteger(value) &&
    (value as number) >= 0 &&
    (value as number) <= largest;
const isCount = isWhole(LARGEST_COUNT);
const isTried: Rule = (value) =>
  Array.isArray(value) &&
  value.length <= MOST_TRIED &&
  value.every(isText(LONGEST_TEXT));

const RULES: Readonly<Record<Kind, Readonly<Record<string, Rule>>>> = {
  code: { base: isText(64), text: isText(LONGEST_CODE), shared: isFlag },
  exercise: {
    passed: isFlag,
    attempts: isCount,
    hints: isCount,
    solution: isFlag,
  },
  quiz: { base: isText(64), right: isFlag, tried: isTried },
  guess: { base: isText(64), guess: isText(LONGEST_TEXT) },
  page: { exercises: isCount, questions: isCount, guesses: isCount },
};

const OPTIONAL: ReadonlySet<string> = new Set(["shared"]);

const NAME = /^(code|exercise|quiz|guess):([a-z0-9]+(?:-[a-z0-9]+)*)$|^page$/;
const PAGE = /^(?:[A-Za-z0-9_.-]+\/)*(?:[A-Za-z0-9_.-]+)?$/;

export const isPage = (page: string): boolean =>
  page.length <= 300 && PAGE.test(page) && !page.split("/").includes("..");

/** `code` for `code:two-plus-two`; null for what is no name of an entry. */
export function kindOf(name: string): Kind | null {
  if (name.length > 200) return null;
  const match = NAME.exec(name);
  if (match === null) return null;
  return (match[1] ?? "page") as Kind;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The entry, or what is wrong with it. */
export function readEntry(name: string, value: unknown): Entry | string {
  const kind = kindOf(name);
  if (kind === null) return "its name is unknown";
  if (!isObject(value)) return "it is no record";
  if (value.kind !== kind) return `its kind is not ${kind}`;
  const rules: Readonly<Record<string, Rule>> = {
    kind: () => true,
    at: isWhole(LATEST),
    ...RULES[kind],
  };
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(rules, key)) return "it has a field nobody knows";
  }
  for (const [key, rule] of Object.entries(rules)) {
    const isThere = Object.hasOwn(value, key);
    if (!isThere && OPTIONAL.has(key)) continue;
    if (!isThere) return `its field ${key} is missing`;
    if (!rule(value[key])) return `its field ${key} is malformed`;
  }
  return value as unknown as Entry;
}

/** What two machines know together; nothing that was reached is lost. */
export function merged(mine: Entry | null, other: Entry): Entry {
  if (mine === null) return other;
  const at = Math.max(mine.at, other.at);
  if (mine.kind === "exercise" && other.kind === "exercise") {
    return {
      kind: "exercise",
      at,
      passed: mine.passed || other.passed,
      attempts: Math.max(mine.attempts, other.attempts),
      hints: Math.max(mine.hints, other.hints),
      solution: mine.solution || other.solution,
    };
  }
  if (mine.kind === "quiz" && other.kind === "quiz") {
    if (mine.right !== other.right && mine.base === other.base) {
      return mine.right ? mine : other;
    }
  }
  return other.at > mine.at ? other : mine;
}

/** A short name for a text, to tell whether it is still the same one. */
export function hashOf(text: string): string {
  let hash = 0xcbf29ce484222325n; // FNV-1a
  for (let at = 0; at < text.length; at += 1) {
    hash ^= BigInt(text.charCodeAt(at));
    hash = BigInt.asUintN(64, hash * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, "0");
}
