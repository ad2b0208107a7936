// The field of a question: one choice among several, or a number.
import { element } from "../dom";
import { wordButton } from "./wording";

export interface Choice {
  /** What stands for it in the record of answers. */
  readonly value: string;
  readonly right: boolean;
  readonly words: readonly Node[];
  readonly why: HTMLElement | null;
}

/** The options of a question, as its closed answers list them. */
export function choicesOf(root: HTMLElement): Choice[] {
  const shown = [...root.querySelectorAll<HTMLElement>(".option")];
  return [...root.querySelectorAll<HTMLElement>(".answer")].map(
    (answer, at) => ({
      value: answer.dataset.value ?? "",
      right: answer.dataset.right !== undefined,
      words: [...(shown[at]?.childNodes ?? [])],
      why: answer.querySelector<HTMLElement>(".answer-why"),
    }),
  );
}

export class AnswerForm {
  readonly root = element("form", "answer-form");
  readonly button: HTMLButtonElement;
  private readonly fields: HTMLElement;
  private readonly inputs: HTMLInputElement[] = [];

  constructor(
    id: string,
    private readonly choices: readonly Choice[] | null,
    label: string,
    onAnswer: (value: string) => void,
  ) {
    this.fields = choices === null ? this.numberField() : this.choiceFields(id);
    this.fields.setAttribute("aria-labelledby", `${id}-text`);
    this.button = wordButton(label, () => undefined);
    this.button.type = "submit";
    this.root.append(this.fields, this.button);
    this.root.noValidate = true;
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      const value = this.value;
      if (value === "") this.inputs[0]?.focus();
      else onAnswer(value);
    });
  }

  get value(): string {
    if (this.choices === null) return this.inputs[0]?.value.trim() ?? "";
    const at = this.inputs.findIndex((input) => input.checked);
    return this.choices[at]?.value ?? "";
  }

  set value(value: string) {
    const [first] = this.inputs;
    if (this.choices === null) {
      if (first !== undefined) first.value = value;
      return;
    }
    this.choices.forEach((choice, at) => {
      const input = this.inputs[at];
      if (input !== undefined) input.checked = choice.value === value;
    });
  }

  /** Marks an option and opens its explanation. */
  mark(value: string, state: "right" | "wrong" | null): void {
    const at = this.choices?.findIndex((choice) => choice.value === value);
    const item =
      this.inputs[at ?? -1]?.closest<HTMLElement>(".answer-choice") ?? null;
    if (item === null) return;
    if (state !== null) item.dataset.state = state;
    const why = item.querySelector<HTMLElement>(".answer-why");
    if (why !== null) why.hidden = false;
  }

  clear(): void {
    for (const input of this.inputs) {
      input.checked = false;
      if (this.choices === null) input.value = "";
      const item = input.closest<HTMLElement>(".answer-choice");
      if (item === null) continue;
      delete item.dataset.state;
      const why = item.querySelector<HTMLElement>(".answer-why");
      if (why !== null) why.hidden = true;
    }
  }

  private numberField(): HTMLElement {
    const input = element("input", "answer-number");
    input.type = "text";
    input.inputMode = "decimal";
    input.autocomplete = "off";
    input.placeholder = "a number";
    input.maxLength = 40;
    this.inputs.push(input);
    return input;
  }

  private choiceFields(id: string): HTMLElement {
    const group = element("div", "answer-choices");
    group.setAttribute("role", "radiogroup");
    (this.choices ?? []).forEach((choice, at) => {
      const input = element("input", "");
      input.type = "radio";
      input.name = `${id}-answer`;
      this.inputs.push(input);
      const words = element("span", "answer-words", ...choice.words);
      const label = element("label", "answer-label", input, words);
      const item = element("div", "answer-choice", label);
      if (choice.why !== null && choice.why.textContent.trim() !== "") {
        const why = choice.why.cloneNode(true) as HTMLElement;
        why.id = `${id}-why-${at}`;
        why.hidden = true;
        input.setAttribute("aria-describedby", why.id);
        item.append(why);
      }
      group.append(item);
    });
    return group;
  }
}

/** `27,210`, `0,23`, `1/3`, `99.4 %`, `−5`; null for what is no number. */
export function readNumber(text: string): number | null {
  let plain = text.replaceAll(/[\s_\u00a0\u202f]/g, "").replace(/%$/, "");
  plain = plain.replaceAll("−", "-");
  if (/^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(plain)) {
    plain = plain.replaceAll(",", "");
  } else if (/^[+-]?\d*,\d+$/.test(plain)) plain = plain.replace(",", ".");
  const [above = "", below, ...rest] = plain.split("/");
  if (rest.length > 0) return null;
  const value = numeral(above);
  if (below === undefined || value === null) return value;
  const divisor = numeral(below);
  return divisor === null || divisor === 0 ? null : value / divisor;
}

function numeral(text: string): number | null {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** The option that a number is, within the tolerance, or the last resort. */
export function numberChoice(
  choices: readonly Choice[],
  value: number,
  tolerance: number,
): Choice | undefined {
  const room = Math.max(tolerance, Math.abs(value) * 1e-9);
  const near = choices
    .map((choice) => ({ choice, off: Math.abs(Number(choice.value) - value) }))
    .filter(({ off }) => off <= room)
    .sort((a, b) => a.off - b.off);
  return (
    near.find(({ choice }) => choice.right)?.choice ??
    near[0]?.choice ??
    choices.find((choice) => choice.value === "otherwise")
  );
}
