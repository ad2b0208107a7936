// A guess before a cell runs, and the guess beside the result afterwards. It
// never stands in the way: the cell runs without one.
import { element } from "../dom";
import { AnswerForm, choicesOf, numberChoice, readNumber } from "./answer_form";
import type { Choice } from "./answer_form";
import { hashOf } from "./entries";
import type { GuessEntry } from "./entries";
import type { Store } from "./store";
import { wordButton } from "./wording";

const RAN = ["done", "error"];

export class Predict {
  readonly id: string;
  private readonly isNumber: boolean;
  private readonly choices: readonly Choice[];
  private readonly base: string;
  private readonly form: AnswerForm;
  private readonly said = element("p", "predict-said");
  private readonly cell: HTMLElement | null;
  private readonly output: HTMLElement | null;
  private readonly cover = element("div", "predict-cover");
  private readonly result = element("div", "predict-result");
  private readonly observer: MutationObserver;
  private ran = false;
  private uncovered = false;

  constructor(
    readonly root: HTMLElement,
    private readonly store: Store,
    private readonly say: (words: string) => void,
  ) {
    this.id = root.id;
    this.isNumber = root.dataset.question === "number";
    this.base = hashOf(root.textContent);
    this.choices = choicesOf(root);
    this.cell = document.getElementById(root.dataset.for ?? "");
    const next = this.cell?.nextElementSibling;
    this.output = next instanceof HTMLElement ? next : null;
    this.form = new AnswerForm(
      this.id,
      this.isNumber ? null : this.choices,
      "Keep my guess",
      (value) => {
        this.guess(value);
      },
    );
    root.querySelector(".options")?.remove();
    const details = root.querySelector<HTMLElement>(".question-answer");
    if (details !== null) details.hidden = true;
    root.append(this.form.root, this.said);
    root.classList.add("question-alive");
    this.output?.after(this.cover, this.result);
    this.cover.append(
      element("span", "", "What it gives is hidden until you guess or run."),
      wordButton("Show it", () => {
        this.uncovered = true;
        this.refresh();
      }),
    );
    this.observer = new MutationObserver(() => {
      this.watchRun();
    });
    if (this.cell !== null) {
      const attributeFilter = ["data-state"];
      this.observer.observe(this.cell, { attributeFilter });
    }
    this.refresh();
  }

  get kept(): GuessEntry | null {
    const kept = this.store.get("guess", this.id);
    return kept?.base === this.base ? kept : null;
  }

  /** Shows the guess, and beside the result if there is one. */
  refresh(): void {
    const { kept } = this;
    if (kept !== null) this.form.value = kept.guess;
    this.form.button.textContent =
      kept === null ? "Keep my guess" : "Change my guess";
    this.form.button.hidden = this.ran;
    this.said.textContent =
      kept === null
        ? ""
        : this.ran
          ? "Your guess stands beside the result below."
          : "Kept. Now run the cell below.";
    const hidden = kept === null && !this.ran && !this.uncovered;
    this.cover.hidden = !hidden;
    this.output?.classList.toggle("predict-covered", hidden);
    this.showResult();
  }

  dispose(): void {
    this.observer.disconnect();
  }

  private guess(value: string): void {
    if (this.isNumber && readNumber(value) === null) {
      this.said.textContent = `“${value.slice(0, 40)}” is no number.`;
      this.say("This is no number.");
      return;
    }
    this.store.set(this.id, {
      kind: "guess",
      at: Date.now(),
      base: this.base,
      guess: value,
    });
    this.refresh();
    this.say("Your guess is kept. Now run the cell.");
  }

  private watchRun(): void {
    const state = this.cell?.dataset.state ?? "";
    if (state === "running") this.uncovered = true;
    if (RAN.includes(state)) this.ran = true;
    this.refresh();
  }

  private showResult(): void {
    const { kept } = this;
    this.result.hidden = kept === null || !this.ran;
    if (kept === null || !this.ran) return;
    const right = this.choices.find((choice) => choice.right);
    const chosen = this.chosen(kept.guess);
    const hit = chosen?.right === true;
    const parts: (Node | string)[] = [
      element("span", "predict-word", "You guessed: "),
      ...(this.isNumber ? [kept.guess] : words(chosen)),
      ". ",
    ];
    if (hit) parts.push(element("strong", "", "That is right."));
    else if (right !== undefined) {
      parts.push(
        element("strong", "", "As the cell stands in the lesson: "),
        ...(this.isNumber ? [right.value] : words(right)),
        ".",
      );
    }
    const why = (chosen ?? right)?.why ?? null;
    this.result.dataset.state = hit ? "right" : "wrong";
    this.result.replaceChildren(element("p", "", ...parts));
    if (why !== null && why.textContent.trim() !== "") {
      this.result.append(why.cloneNode(true));
    }
  }

  private chosen(guess: string): Choice | undefined {
    if (!this.isNumber) {
      return this.choices.find((choice) => choice.value === guess);
    }
    const value = readNumber(guess);
    const tolerance = Number(this.root.dataset.tolerance ?? "0");
    if (value === null) return undefined;
    return numberChoice(this.choices, value, tolerance);
  }
}

function words(choice: Choice | undefined): Node[] {
  return (choice?.words ?? []).map((node) => node.cloneNode(true));
}
