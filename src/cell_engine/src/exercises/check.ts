// A check is the run of one Python expression, so the worker knows only runs.
import type { CellResult } from "../messages";

/** What Python reports of a run or a check, as a display of this type. */
export const REPORT_TYPE = "application/vnd.tutorial-kernels.check+json";

/** What the page's HTML says about an exercise. */
export interface Orders {
  readonly kind: "faded" | "parsons" | "write";
  readonly title: string;
  /** The time cap of a check. */
  readonly seconds: number;
  readonly function: string;
  readonly check: string;
  readonly wrong: Readonly<Record<string, string>>;
}

export interface Verdict {
  readonly status: "passed" | "failed" | "error";
  readonly sentence: string;
  readonly mistake: string;
  readonly hint: string;
  readonly case: string;
  readonly got: string;
  readonly expected: string;
  readonly line: number | null;
  readonly traceback: string;
  readonly comparisons: number;
  readonly seed: number;
}

export interface Report {
  /** How the reader's own code ran. */
  readonly run: CellResult;
  readonly verdict: Verdict | null;
}

/** A JSON text is a Python string literal, too. */
function call(name: string, order: object): string {
  const literal = JSON.stringify(JSON.stringify(order));
  const module = "tutorial_kernels.page.exercises.in_page";
  return `__import__("importlib").import_module("${module}").${name}(${literal})`;
}

export const runProgram = (name: string, source: string): string =>
  call("run", { name, source });

export function checkProgram(
  name: string,
  source: string,
  orders: Orders,
  solution: string,
): string {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  return call("check", {
    name,
    source,
    seed,
    function: orders.function,
    check: orders.check,
    solution,
    wrong: orders.wrong,
  });
}
