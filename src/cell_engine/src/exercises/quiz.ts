// A question with one right answer, several tries, and an explanation for
// whatever was answered.
import { element } from "../dom";
import { AnswerForm, choicesOf, numberChoice, readNumber } from "./answer_form";
import type { Choice } from "./answer_form";
import { hashOf } from "./entries";
import type { QuizEntry } from "./entries";
import type { Store } from "./store";
import { wordButton } from "./wording";

/** After so many wrong answers the right one is offered. */
const PATIENCE = 2;
const MOST_TRIED = 50;

export class Quiz {
  readonly id: string;
  private readonly isNumber: boolean;
  private readonly choices: readonly Choice[];
  private readonly base: string;
  private readonly form: AnswerForm;
  private readonly words = element("div", "answer-verdict");
  private readonly details: HTMLDetailsElement | null;
  private readonly again: HTMLButtonElement;
  private readonly give: HTMLButtonElement;

  constructor(
    readonly root: HTMLElement,
    private readonly store: Store,
    private readonly say: (words: string) => void,
  ) {
    this.id = root.id;
    this.isNumber = root.dataset.question === "number";
    this.base = hashOf(root.textContent);
    this.choices = choicesOf(root);
    this.details = root.querySelector(".question-answer");
    this.form = new AnswerForm(
      this.id,
      this.isNumber ? null : this.choices,
      "Check",
      (value) => {
        this.answer(value);
      },
    );
    this.give = wordButton("Show the answer", () => {
      this.reveal();
    });
    this.again = wordButton("Answer it again", () => {
      this.store.remove("quiz", this.id);
      this.refresh();
    });
    this.form.root.append(this.give, this.again);
    root.querySelector(".options")?.remove();
    this.details?.before(this.form.root, this.words);
    this.words.hidden = true;
    root.classList.add("question-alive");
    this.refresh();
  }

  get kept(): QuizEntry | null {
    const kept = this.store.get("quiz", this.id);
    return kept?.base === this.base ? kept : null;
  }

  /** Shows what is kept of this question. */
  refresh(): void {
    const { kept, form } = this;
    form.clear();
    this.words.hidden = true;
    const tried = kept?.tried ?? [];
    if (!this.isNumber) for (const value of tried) this.mark(value);
    if (kept?.right === true) this.showRight();
    else this.showOpen(tried.length);
  }

  private get right(): Choice | undefined {
    return this.choices.find((choice) => choice.right);
  }

  private answer(value: string): void {
    const choice = this.isNumber
      ? this.choiceOfNumber(value)
      : this.choices.find((one) => one.value === value);
    if (choice === undefined) return;
    const tried = [...(this.kept?.tried ?? []), value].slice(-MOST_TRIED);
    this.store.set(this.id, {
      kind: "quiz",
      at: Date.now(),
      base: this.base,
      right: choice.right,
      tried,
    });
    this.refresh();
    this.form.value = value;
    this.explain(choice);
  }

  private choiceOfNumber(text: string): Choice | undefined {
    const value = readNumber(text);
    if (value === null) {
      this.tell("wrong", [`“${text.slice(0, 40)}” is no number.`]);
      this.say("This is no number.");
      return undefined;
    }
    const tolerance = Number(this.root.dataset.tolerance ?? "0");
    return numberChoice(this.choices, value, tolerance);
  }

  private explain(choice: Choice): void {
    const word = choice.right ? "Right." : "Not right.";
    const why = choice.why?.textContent.trim() ?? "";
    // Beside an option its explanation stands already.
    const shown = this.isNumber ? cloned(choice.why) : [];
    this.tell(choice.right ? "right" : "wrong", [`${word} `, ...shown]);
    this.say(`${word} ${why}`);
    if (!choice.right && !this.isNumber) this.form.button.focus();
  }

  private tell(state: "right" | "wrong", parts: (Node | string)[]): void {
    this.words.dataset.state = state;
    const [word = "", ...rest] = parts;
    this.words.replaceChildren(element("strong", "", word), ...rest);
    this.words.hidden = false;
  }

  private mark(value: string): void {
    const choice = this.choices.find((one) => one.value === value);
    if (choice !== undefined) {
      this.form.mark(value, choice.right ? "right" : "wrong");
    }
  }

  /** Answered: the right one is ticked, every explanation can be read. */
  private showRight(): void {
    const { form, right } = this;
    if (right !== undefined) {
      form.value = this.isNumber
        ? (this.kept?.tried.at(-1) ?? right.value)
        : right.value;
      form.mark(right.value, "right");
      if (this.isNumber) this.tell("right", ["Right. ", ...cloned(right.why)]);
    }
    for (const { value } of this.choices) form.mark(value, null);
    form.button.hidden = this.give.hidden = true;
    this.again.hidden = false;
    this.root.dataset.state = "right";
    if (this.details !== null) this.details.hidden = !this.isNumber;
  }

  private showOpen(tries: number): void {
    this.form.button.hidden = false;
    this.give.hidden = tries < PATIENCE;
    this.again.hidden = true;
    this.root.dataset.state = tries > 0 ? "wrong" : "open";
    if (this.details !== null) {
      this.details.hidden = true;
      this.details.open = false;
    }
  }

  /** Given away: shown, but not counted as answered. */
  private reveal(): void {
    const { right } = this;
    if (this.details === null || right === undefined) return;
    this.details.hidden = false;
    this.details.open = true;
    this.details.querySelector("summary")?.focus();
  }
}

function cloned(node: Node | null): Node[] {
  return node === null ? [] : [node.cloneNode(true)];
}
