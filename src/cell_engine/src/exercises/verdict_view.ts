// What is said about an answer: one sentence, then the numbers.
import { element } from "../dom";
import type { Verdict } from "./check";
import { withCode } from "./wording";

export class VerdictView {
  readonly root = element("div", "verdict");

  constructor() {
    this.root.hidden = true;
  }

  clear(): void {
    this.root.hidden = true;
  }

  show(verdict: Verdict, ...actions: HTMLElement[]): void {
    const passed = verdict.status === "passed";
    this.root.dataset.status = verdict.status;
    const word = passed ? "Passed" : "Not yet";
    const parts: HTMLElement[] = [element("p", "verdict-word", word)];
    if (verdict.hint !== "") {
      parts.push(
        element("p", "verdict-hint", ...withCode(verdict.hint)),
        element("p", "verdict-sentence", ...withCode(verdict.sentence)),
      );
    } else {
      const words =
        verdict.comparisons > 0 && passed
          ? `${verdict.comparisons} checks on inputs your code had never seen.`
          : verdict.sentence;
      parts.push(element("p", "verdict-sentence", ...withCode(words)));
    }
    if (!passed) parts.push(...numbers(verdict));
    if (actions.length > 0) {
      parts.push(element("div", "verdict-actions", ...actions));
    }
    this.root.replaceChildren(...parts);
    this.root.hidden = false;
  }

  /** A sentence of the page's own. */
  say(status: string, word: string, sentence: string): void {
    this.root.dataset.status = status;
    this.root.replaceChildren(
      element("p", "verdict-word", word),
      element("p", "verdict-sentence", ...withCode(sentence)),
    );
    this.root.hidden = false;
  }
}

/** The call, what came, what was expected; and where the code raised. */
function numbers(verdict: Verdict): HTMLElement[] {
  const rows = (
    [
      ["Called", verdict.case],
      ["Got", verdict.got],
      ["Expected", verdict.expected],
    ] as const
  ).filter(([, text]) => text !== "");
  const made: HTMLElement[] = [];
  if (rows.length > 0) {
    const list = element("dl", "verdict-numbers");
    for (const [term, text] of rows) {
      const shown = element("dd", "", element("code", "", text));
      list.append(element("dt", "", term), shown);
    }
    made.push(list);
  }
  if (verdict.traceback !== "") {
    const trace = element("pre", "verdict-traceback", verdict.traceback);
    trace.tabIndex = 0;
    trace.setAttribute("aria-label", "Traceback");
    made.push(trace);
  }
  return made;
}
