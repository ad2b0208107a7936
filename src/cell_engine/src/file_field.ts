// A field for a file of the reader's own, which a cell then reads. The file
// goes to the page's own Python and nowhere else.
import { button, element } from "./dom";
import type { ChosenFile } from "./messages";

const MOST_MEGABYTES = 64;

export const FILE_FIELDS = "[data-file-for]";

export interface FileFieldEvents {
  /** A file was chosen, or taken out again. */
  readonly onChosen: (cell: string, file: ChosenFile | null) => void;
}

/** Why a file is not taken, or an empty text. */
export function refusal(name: string, bytes: number, ending: string): string {
  if (!name.toLowerCase().endsWith(ending)) {
    return `${name} is not taken: a ${ending} file is expected.`;
  }
  if (bytes > MOST_MEGABYTES * 1e6) {
    const size = (bytes / 1e6).toFixed(0);
    return `${name} is not taken: it has ${size} MB, and the page holds ${MOST_MEGABYTES} MB.`;
  }
  return "";
}

export class FileField {
  private readonly ending: string;
  private readonly input = element("input", "file-field-input");
  private readonly said = element("span", "file-field-said");
  private readonly remove: HTMLButtonElement;
  private turn = 0;

  constructor(
    private readonly root: HTMLElement,
    private readonly events: FileFieldEvents,
  ) {
    this.ending = root.dataset.ending ?? "";
    this.input.type = "file";
    this.input.accept = this.ending;
    this.said.setAttribute("role", "status");
    const words = "Take it out";
    this.remove = button({ icon: "reset", label: words, text: words }, () => {
      this.takeOut();
    });
    this.remove.hidden = true;
    const asked = element("span", "file-field-words", this.words());
    const label = element("label", "file-field-label", this.input, asked);
    root.replaceChildren(label, this.said, this.remove);
    this.listen();
  }

  private words(): string {
    const named = this.root.dataset.label;
    return named ?? `Choose a ${this.ending} file, or drop it here`;
  }

  private listen(): void {
    this.input.addEventListener("change", () => {
      void this.take(this.input.files?.[0]);
      this.input.value = ""; // so that the same file can be chosen again
    });
    this.root.addEventListener("dragover", (event) => {
      event.preventDefault();
      this.root.classList.add("file-field-over");
    });
    this.root.addEventListener("dragleave", () => {
      this.root.classList.remove("file-field-over");
    });
    this.root.addEventListener("drop", (event) => {
      event.preventDefault();
      this.root.classList.remove("file-field-over");
      void this.take(event.dataTransfer?.files[0]);
    });
  }

  private async take(file: File | undefined): Promise<void> {
    if (file === undefined) return;
    const turn = ++this.turn;
    const problem = refusal(file.name, file.size, this.ending);
    if (problem !== "") {
      this.said.textContent = problem;
      return;
    }
    let content: ArrayBuffer;
    try {
      content = await file.arrayBuffer();
    } catch {
      this.said.textContent = `${file.name} could not be read.`;
      return;
    }
    if (turn !== this.turn) return;
    const size = (file.size / 1e3).toFixed(0);
    this.said.textContent = `${file.name}, ${size} kB: the cell below reads it.`;
    this.remove.hidden = false;
    this.events.onChosen(this.cell, { name: file.name, content });
  }

  private takeOut(): void {
    this.turn += 1;
    this.said.textContent = "The cell below reads the course's own file again.";
    this.remove.hidden = true;
    this.input.focus();
    this.events.onChosen(this.cell, null);
  }

  private get cell(): string {
    return this.root.dataset.fileFor ?? "";
  }
}
