// Lines to be put in order, by drag, by touch and by keyboard.
import { element } from "../dom";
import type { CodeSurface } from "../editor";
import type { Verdict } from "./check";
import { dragLines } from "./parsons_drag";
import type { DropPlace } from "./parsons_drag";
import {
  MOST_INDENT,
  assembled,
  disassembled,
  head,
  judgeOrder,
  judgeRun,
} from "./parsons_program";
import type { Piece, Placed } from "./parsons_program";

export interface BoardEvents {
  readonly onChange: () => void;
  readonly onRun: () => void;
  readonly say: (words: string) => void;
}

const HOW =
  "Drag the lines into your program, or use the keyboard: Enter puts a line " +
  "in, the arrow keys move it up and down and change its indentation, Delete " +
  "takes it out.";

type Action = "up" | "down" | "out" | "in" | "remove";

const TOOLS: readonly (readonly [Action, string, string])[] = [
  ["up", "↑", "Move up"],
  ["down", "↓", "Move down"],
  ["out", "←", "Less indentation"],
  ["in", "→", "More indentation"],
  ["remove", "×", "Take out"],
];
const KEYS: Readonly<Record<string, Action>> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "out",
  ArrowRight: "in",
  Delete: "remove",
  Backspace: "remove",
};

export class ParsonsBoard implements CodeSurface {
  readonly original = "";
  private readonly root = element("div", "parsons");
  private readonly pool = element("ol", "parsons-list parsons-pool");
  private readonly list = element("ol", "parsons-list parsons-program");
  private readonly pieces: readonly Piece[];
  private readonly given: string;
  private readonly aborter = new AbortController();
  private lines: Placed[] = [];
  private marked: number | null = null;

  constructor(
    host: HTMLElement,
    private readonly events: BoardEvents,
  ) {
    this.pieces = JSON.parse(host.dataset.parsons ?? "[]") as Piece[];
    const given = host.querySelector<HTMLElement>(".highlight");
    this.given = (given?.querySelector("code")?.textContent ?? "").trim();
    host.querySelector(".parsons-static")?.remove();
    const program = side("Your program", this.list);
    if (given !== null) this.list.before(given);
    this.root.append(
      element("p", "parsons-how", HOW),
      element(
        "div",
        "parsons-sides",
        side("Lines to choose from", this.pool),
        program,
      ),
    );
    host.append(this.root);
    this.root.addEventListener("keydown", (event) => {
      this.onKey(event);
    });
    const onDrop = (text: string, place: DropPlace): void => {
      this.drop(text, place);
    };
    dragLines(this.root, { onDrop }, this.aborter.signal);
    this.draw();
  }

  get text(): string {
    return assembled(this.given, this.lines);
  }

  get isEdited(): boolean {
    return this.lines.length > 0;
  }

  /** Whether these are lines of this exercise and nothing else. */
  accepts(text: string): boolean {
    const lines = disassembled(text, this.given, this.pieces);
    return assembled(this.given, lines) === text;
  }

  restore(text: string): void {
    if (text === this.text) return;
    this.lines = disassembled(text, this.given, this.pieces);
    this.changed(null);
  }

  focus(): Promise<void> {
    this.root.querySelector<HTMLElement>(".parsons-line")?.focus();
    return Promise.resolve();
  }

  goTo(line: number): Promise<void> {
    const place = line - 1 - head(this.given).length;
    this.list.querySelectorAll<HTMLElement>(".parsons-line")[place]?.focus();
    return Promise.resolve();
  }

  markLine(line: number | null): void {
    this.marked = line === null ? null : line - 1 - head(this.given).length;
    [...this.list.children].forEach((child, at) => {
      child.classList.toggle("parsons-marked", at === this.marked);
    });
  }

  judge(): Verdict | null {
    return judgeOrder(this.lines, this.pieces);
  }

  judgeRun(ran: Verdict): Verdict {
    return judgeRun(ran, this.lines, this.pieces);
  }

  dispose(): void {
    this.aborter.abort();
    this.root.remove();
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.events.onRun();
      return;
    }
    const target = event.target as HTMLElement;
    const text = target.closest<HTMLElement>(".parsons-line")?.dataset.text;
    const action = KEYS[event.key];
    if (text === undefined || action === undefined || event.altKey) return;
    const placed = this.lines.findIndex(({ piece }) => piece.text === text);
    event.preventDefault();
    if (placed !== -1) this.act(placed, action);
    else if (action === "up" || action === "down") {
      this.step(target, action === "up" ? -1 : 1);
    }
  }

  /** Moves the focus among the lines to choose from. */
  private step(from: HTMLElement, by: number): void {
    const all = [...this.pool.querySelectorAll<HTMLElement>(".parsons-line")];
    all[all.indexOf(from) + by]?.focus();
  }

  private put(piece: Piece, at = this.lines.length, indent?: number): void {
    const above = this.lines[at - 1]?.indent ?? 0;
    this.lines.splice(at, 0, { piece, indent: indent ?? above });
    this.changed(piece, `Line ${at + 1} of your program`);
  }

  private act(at: number, action: Action): void {
    const line = this.lines[at];
    if (line === undefined) return;
    const { piece } = line;
    if (action === "remove") {
      this.lines.splice(at, 1);
      this.changed(piece, "Taken out");
      return;
    }
    if (action === "up" || action === "down") {
      const to = action === "up" ? at - 1 : at + 1;
      if (to < 0 || to >= this.lines.length) return;
      this.lines.splice(at, 1);
      this.lines.splice(to, 0, line);
      this.changed(piece, `Line ${to + 1} of ${this.lines.length}`);
      return;
    }
    const indent = line.indent + (action === "in" ? 1 : -1);
    if (indent < 0 || indent > MOST_INDENT) return;
    this.lines[at] = { piece, indent };
    this.changed(piece, `Indentation ${indent}`);
  }

  private drop(text: string, place: DropPlace): void {
    const piece = this.pieces.find((one) => one.text === text);
    if (piece === undefined) return;
    const from = this.lines.findIndex((line) => line.piece === piece);
    if (place.list === "pool") {
      if (from !== -1) this.act(from, "remove");
      return;
    }
    if (from !== -1) this.lines.splice(from, 1);
    const at = from !== -1 && from < place.at ? place.at - 1 : place.at;
    this.put(piece, at, Math.min(place.indent, MOST_INDENT));
  }

  private changed(piece: Piece | null, words = ""): void {
    this.marked = null;
    this.draw();
    if (piece !== null) {
      this.lineOf(piece)?.focus({ preventScroll: true });
      this.events.say(`${words}: ${piece.text}`);
    }
    this.events.onChange();
  }

  private lineOf(piece: Piece): HTMLElement | null {
    const all = this.root.querySelectorAll<HTMLElement>(".parsons-line");
    return [...all].find((one) => one.dataset.text === piece.text) ?? null;
  }

  private draw(): void {
    const placed = new Set(this.lines.map((line) => line.piece));
    const rest = this.pieces.filter((piece) => !placed.has(piece));
    this.pool.replaceChildren(
      ...rest.map((piece) => {
        const line = lineButton(piece, "Put into your program");
        line.addEventListener("click", () => {
          this.put(piece);
        });
        return element("li", "", line);
      }),
    );
    this.list.replaceChildren(
      ...this.lines.map((line, at) => this.programLine(line, at)),
    );
    this.root.classList.toggle("parsons-empty", this.lines.length === 0);
  }

  private programLine({ piece, indent }: Placed, at: number): HTMLElement {
    const line = lineButton(piece, `Line ${at + 1}, indentation ${indent}`);
    const tools = element("span", "parsons-tools");
    for (const [action, sign, words] of TOOLS) {
      const tool = element("button", "parsons-tool", sign);
      tool.type = "button";
      tool.title = words;
      tool.setAttribute("aria-label", `${words}: ${piece.text}`);
      // The line itself takes the keys; these are for the pointer.
      tool.tabIndex = -1;
      tool.addEventListener("click", () => {
        this.act(at, action);
      });
      tools.append(tool);
    }
    const item = element("li", "", line, tools);
    item.style.setProperty("--indent", String(indent));
    item.classList.toggle("parsons-marked", at === this.marked);
    return item;
  }
}

function lineButton(piece: Piece, words: string): HTMLButtonElement {
  const line = element("button", "parsons-line");
  line.type = "button";
  line.dataset.text = piece.text;
  const grip = element("span", "parsons-grip");
  grip.setAttribute("aria-hidden", "true");
  line.append(
    grip,
    element("code", "", piece.text),
    element("span", "cell-spoken", `. ${words}`),
  );
  return line;
}

function side(label: string, list: HTMLElement): HTMLElement {
  list.setAttribute("aria-label", label);
  return element(
    "div",
    "parsons-side",
    element("p", "parsons-label", label),
    list,
  );
}
