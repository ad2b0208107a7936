// Hints one after the other, then the solution: each opens only when the one
// before it was read, the solution also after a second thought.
import { element } from "../dom";
import { countOf } from "../wording";
import { wordButton } from "./wording";

export interface HintEvents {
  readonly onHint: (number: number) => void;
  readonly onSolution: () => void;
}

export class Hints {
  private readonly hints: readonly HTMLDetailsElement[];
  private readonly solution: HTMLDetailsElement;
  private readonly question = element("div", "exercise-confirm");
  private agreed = false;

  constructor(root: HTMLElement, events: HintEvents) {
    this.hints = [
      ...root.querySelectorAll<HTMLDetailsElement>(".exercise-hint"),
    ];
    const solution =
      root.querySelector<HTMLDetailsElement>(".exercise-solution");
    if (solution === null) throw new Error("an exercise without a solution");
    this.solution = solution;
    this.hints.forEach((hint, at) => {
      hint.hidden = at > 0;
      hint.addEventListener("toggle", () => {
        if (!hint.open) return;
        this.release(at + 1);
        events.onHint(at + 1);
      });
    });
    this.guardSolution(events.onSolution);
  }

  /** How many hints were opened. */
  get opened(): number {
    const next = this.hints.findIndex((hint) => hint.hidden);
    const shown = next === -1 ? this.hints.length : next;
    return this.hints[shown - 1]?.open === true ? shown : shown - 1;
  }

  /** Lets the reader open the hint behind those already read. */
  release(read: number): void {
    for (const hint of this.hints.slice(0, read + 1)) hint.hidden = false;
  }

  releaseSolution(): void {
    this.agreed = true;
  }

  /** The next hint that nobody has opened, or null. */
  next(): HTMLDetailsElement | null {
    return this.hints.find((hint) => !hint.hidden && !hint.open) ?? null;
  }

  openNext(): void {
    const hint = this.next();
    if (hint === null) return;
    hint.open = true;
    hint.querySelector("summary")?.focus();
  }

  private guardSolution(onSolution: () => void): void {
    const { solution, question } = this;
    const summary = solution.querySelector("summary");
    question.hidden = true;
    question.setAttribute("role", "group");
    question.setAttribute("aria-label", "Show the solution?");
    solution.after(question);
    summary?.addEventListener("click", (event) => {
      if (solution.open || this.agreed) return;
      const left = this.hints.length - this.opened;
      if (left === 0) return;
      event.preventDefault();
      this.askAbout(left);
    });
    solution.addEventListener("toggle", () => {
      if (!solution.open) return;
      question.hidden = true;
      onSolution();
    });
  }

  private askAbout(left: number): void {
    const { solution, question } = this;
    const show = wordButton("Show the solution", () => {
      this.agreed = true;
      solution.open = true;
      solution.querySelector("summary")?.focus();
    });
    const wait = wordButton("Not yet", () => {
      question.hidden = true;
      solution.querySelector("summary")?.focus();
    });
    const verb = left === 1 ? "is" : "are";
    const words = `${countOf(left, "hint")} ${verb} left. Show the solution all the same?`;
    question.replaceChildren(element("p", "", words), show, wait);
    question.hidden = false;
    wait.focus();
  }
}
