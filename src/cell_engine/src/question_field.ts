// The field in which a reader writes the line that Python's input() waits for.
import { element } from "./dom";
import { wordButton } from "./exercises/wording";

let made = 0;

export class QuestionField {
  readonly root = element("form", "cell-question");
  private readonly line = element("input", "");
  private cameFrom: HTMLElement | null = null;

  constructor(prompt: string, onAnswer: (text: string) => void) {
    made += 1;
    this.line.id = `cell-question-${made}`;
    this.line.type = "text";
    this.line.autocomplete = "off";
    this.line.spellcheck = false;
    const words = prompt.trim();
    const label = element("label", "", words);
    if (words === "") {
      label.textContent = "The cell waits for a line of text";
    }
    label.htmlFor = this.line.id;
    const send = wordButton("Enter", () => undefined);
    send.type = "submit";
    const row = element("div", "cell-question-row", this.line, send);
    this.root.append(label, row);
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      onAnswer(this.line.value);
    });
  }

  /** Takes the focus, unless the reader is busy elsewhere on the page. */
  focusIfNear(host: HTMLElement): void {
    const focused = document.activeElement;
    const cell = host.previousElementSibling;
    const isNear = cell?.contains(focused) === true || host.contains(focused);
    const isFree = focused === null || focused === document.body;
    if (!isNear && !isFree) return;
    if (isNear && focused instanceof HTMLElement) this.cameFrom = focused;
    this.line.focus();
  }

  remove(): void {
    const hasFocus = this.root.contains(document.activeElement);
    this.root.remove();
    if (hasFocus) this.cameFrom?.focus();
  }
}
