// One cell of the page: its bar, its code, its output, and what state it is in.
import type { CompletionHelp } from "./completion/help";
import { copyText, element } from "./dom";
import { Editor } from "./editor";
import type { CodeSurface, EditorEvents } from "./editor";
import type { CellResult, OutputMessage } from "./messages";
import { Output } from "./output";
import type { Mount } from "./output";
import { shareButton } from "./sharing/share_button";
import { RUN, Toolbar } from "./toolbar";
import type { ToolbarLook } from "./toolbar";
import { duration, expectation, loadingWords, progressWords } from "./wording";

export interface CellEvents {
  readonly onRun: (cell: Cell) => void;
  readonly onRunAndMove: (cell: Cell) => void;
  readonly onRunAbove: (cell: Cell) => void;
  readonly onStop: (cell: Cell) => void;
  readonly onChange: (cell: Cell) => void;
  readonly say: (words: string) => void;
  /** Shows widgets; without it their words stand for them. */
  readonly onWidget?: Mount;
  /** What the cell's editor may ask about names. */
  readonly helpFor: (cell: Cell) => CompletionHelp;
}

/** What a run has shown, where more is asked than that the code runs. */
export interface Judgment {
  readonly state: "done" | "failed" | "error";
  readonly words: string;
}

/** What an exercise's cell does otherwise than a cell of the page. */
export interface CellRole extends ToolbarLook {
  /** Holds the code; without it an editor does. */
  readonly createSurface?: (
    root: HTMLElement,
    events: EditorEvents,
  ) => CodeSurface;
  /** What it is doing while it runs: `Checking`. */
  readonly busy: string;
  /** What Python runs for the reader's code. */
  program(text: string): string;
  begin(): void;
  /** Takes a message that is not meant for the output. */
  takes(message: OutputMessage): boolean;
  /** How the reader's code ended, where Python ran more than that. */
  read(result: CellResult): CellResult;
  /** What the end means, if it means more than that the code ran. */
  judge(result: CellResult): Judgment | null;
  cutOff(reason: string): void;
  /** What is spoken then, if not that the code ran. */
  words(): string | null;
}

export type CellState =
  "idle" | "queued" | "running" | "done" | "failed" | "stopped" | "error";

const CLOCK_MS = 100;

export class Cell {
  readonly name: string;
  readonly output: Output;
  state: CellState = "idle";
  /** When and what it last ran, for telling whether its output still holds. */
  ran: { readonly order: number; readonly text: string } | null = null;

  /** Whether `input()` waits for the reader. */
  isAsking = false;

  /** `cell 3`, within a sentence. */
  readonly title: string;

  private readonly toolbar: Toolbar;
  private readonly editor: CodeSurface;
  private readonly expected: string;
  private readonly raises: string | undefined;
  private clock = 0;
  private progress = "";
  private stale: string | null = null;
  private beyondStop = false;
  private rest = "";
  /** What `input()` got in this run, in order. */
  private answers: string[] = [];
  /** What it gets in the next run before the reader is asked. */
  private remembered: string[] = [];

  constructor(
    readonly root: HTMLElement,
    readonly number: number,
    private readonly events: CellEvents,
    private readonly role: CellRole | null = null,
  ) {
    this.name = root.dataset.cell ?? root.id;
    this.title = role?.title ?? `cell ${number}`;
    this.expected = expectation(Number(root.dataset.seconds));
    this.raises = root.dataset.raises;
    const goTo = (line: number): void => {
      void this.editor.goTo(line);
    };
    this.output = new Output(outputOf(root), goTo, events.onWidget);
    this.editor = this.createSurface();
    this.toolbar = this.createToolbar();
    root.prepend(this.toolbar.root);
    root.classList.add("cell-alive");
    this.settle("idle", this.expected);
  }

  get text(): string {
    return this.editor.text;
  }

  get isEdited(): boolean {
    return this.editor.isEdited;
  }

  get original(): string {
    return this.editor.original;
  }

  get program(): string {
    return this.role?.program(this.text) ?? this.text;
  }

  /** Whether other code can stand in the cell as it is. */
  accepts(text: string): boolean {
    return this.editor.accepts?.(text) ?? true;
  }

  /** Puts other code into the cell. */
  restore(text: string): void {
    this.editor.restore(text);
  }

  /** Whether the session holds what this code, as it stands, computes. */
  get isFresh(): boolean {
    return this.ran?.text === this.text;
  }

  /** Whether a Stop went unanswered, so that the next one is forced. */
  get isBeyondStop(): boolean {
    return this.beyondStop;
  }

  /** Has the next run take the answers of the last one. */
  rememberAnswers(): void {
    this.remembered = [...this.answers];
  }

  /** Gets a line for `input()`: from memory, or from the reader. */
  ask(prompt: string, onAnswer: (text: string) => void): void {
    const answer = (text: string): void => {
      this.answers.push(text);
      this.isAsking = false;
      onAnswer(text);
    };
    const known = this.remembered.shift();
    if (known !== undefined) {
      answer(known);
      return;
    }
    this.isAsking = true;
    void this.output.ask(prompt, answer);
  }

  focus(): void {
    void this.editor.focus();
  }

  queue(reason: string): void {
    this.setState("queued");
    this.toolbar.showMain("cancel");
    this.toolbar.showStatus("Queued", reason);
  }

  begin(): void {
    this.role?.begin();
    this.setState("running");
    this.editor.markLine(null);
    this.output.begin();
    this.progress = "";
    this.stale = null;
    this.beyondStop = this.isAsking = false;
    this.answers = [];
    this.toolbar.showMain("stop");
    this.toolbar.showProgress(null);
    const started = performance.now();
    const show = (): void => {
      if (this.isAsking) {
        this.toolbar.showStatus("Waiting for your answer");
        return;
      }
      const elapsed = duration((performance.now() - started) / 1000);
      const busy = this.role?.busy ?? "Running";
      const first = this.progress === "" ? `${busy} ${elapsed}` : this.progress;
      this.toolbar.showStatus(first);
    };
    show();
    this.clock = window.setInterval(show, CLOCK_MS);
  }

  receive(message: Exclude<OutputMessage, { type: "input" }>): void {
    if (this.role?.takes(message) === true) return;
    if (message.type === "loading") {
      const { received, total } = message;
      this.progress = received < total ? loadingWords(message) : "";
      this.toolbar.showProgress(received < total ? received / total : null);
      return;
    }
    if (message.type !== "progress") {
      this.output.receive(message);
      return;
    }
    const { place, pace } = progressWords(message);
    this.progress = pace === "" ? place : `${place} · ${pace}`;
    const { step, total } = message;
    this.toolbar.showProgress(total === null ? null : step / total);
  }

  showStopping(): void {
    clearInterval(this.clock);
    this.toolbar.showStatus("Stopping");
  }

  offerForce(reason: string): void {
    this.beyondStop = true;
    this.toolbar.showMain("force");
    this.toolbar.showStatus(reason);
  }

  /** Shows a result; true when the cells below may go on. */
  async finish(ended: CellResult): Promise<boolean> {
    clearInterval(this.clock);
    this.remembered = [];
    const result = this.role?.read(ended) ?? ended;
    const { error, status } = result;
    await this.output.finish(status === "error" ? error : null);
    const took = duration(result.seconds);
    const own = error?.cell === this.name ? error.line : null;
    const judged = this.role?.judge(result) ?? null;
    if (judged !== null) {
      if (own !== null) this.editor.markLine(own);
      this.settle(judged.state, judged.words);
      return true;
    }
    if (status === "error") {
      this.editor.markLine(own);
      const wanted = error !== null && error.type === this.raises;
      const words = wanted ? "Raised as meant after" : "Error after";
      this.settle("error", `${words} ${took}`);
      return wanted;
    }
    if (status === "ok") {
      this.settle("done", `Ran in ${took}`);
      return true;
    }
    const place = own === null ? "" : ` in line ${own}`;
    this.settle("stopped", `Stopped after ${took}${place}; variables kept`);
    return false;
  }

  /** The run ended from outside: a forced stop, a restart, a failure. */
  cutOff(reason: string): void {
    clearInterval(this.clock);
    this.output.cutOff();
    this.role?.cutOff(reason);
    this.settle("stopped", reason);
  }

  /** Back to rest, with a word on why, if there is one. */
  settle(state: CellState, words = this.expected): void {
    this.setState(state);
    this.rest = words;
    this.toolbar.showMain("run");
    this.toolbar.hideProgress();
    this.toolbar.showEdited(this.isEdited);
    this.showRest();
  }

  /** Marks output that the code above no longer gives. */
  showStale(stale: string | null): void {
    if (stale === this.stale) return;
    this.stale = stale;
    if (this.state !== "running" && this.state !== "queued") this.showRest();
  }

  /** What is spoken when a run has ended. */
  resultWords(result: CellResult): string {
    const words = this.role?.words() ?? null;
    if (words !== null) return words;
    const { error, status } = result;
    const title = this.title.charAt(0).toUpperCase() + this.title.slice(1);
    const line = error?.line ?? null;
    const place = line === null ? "" : ` in line ${line}`;
    if (status === "stopped") return `${title} was stopped${place}.`;
    if (error !== null) {
      return `${title}: ${error.type}${place}. ${error.message}`;
    }
    return `${title} has run. ${this.output.summary()}`;
  }

  markLine(line: number): void {
    this.editor.markLine(line);
  }

  dispose(): void {
    clearInterval(this.clock);
    this.output.dispose();
    this.editor.dispose();
  }

  private showRest(): void {
    // How a run was cut off is worth more than that it was edited before.
    const stale = this.state === "stopped" ? null : this.stale;
    this.toggleStale(stale !== null);
    this.toolbar.showStatus(stale ?? this.rest);
  }

  private setState(state: CellState): void {
    this.state = state;
    this.root.dataset.state = state;
    this.toggleStale(false);
    this.output.host.setAttribute("aria-busy", String(state === "running"));
  }

  private toggleStale(stale: boolean): void {
    this.root.classList.toggle("cell-stale", stale);
    this.output.host.classList.toggle("cell-stale", stale);
  }

  private createSurface(): CodeSurface {
    const { events, role, root } = this;
    const editorEvents = {
      onRun: () => {
        events.onRun(this);
      },
      onRunAndMove: () => {
        events.onRunAndMove(this);
      },
      onChange: () => {
        this.toolbar.showEdited(this.isEdited);
        events.onChange(this);
      },
    };
    if (role?.createSurface !== undefined) {
      return role.createSurface(root, editorEvents);
    }
    const label = `Python code of ${this.title}. Escape, then Tab leaves the editor.`;
    const code = root.querySelector<HTMLElement>(".highlight") ?? root;
    return new Editor(code, label, editorEvents, events.helpFor(this));
  }

  private createToolbar(): Toolbar {
    const { events } = this;
    const look: ToolbarLook = this.role ?? {
      title: `Cell ${this.number}`,
      main: RUN,
      hasAbove: this.number > 1,
      more: [],
    };
    const { hasAbove, main, title } = look;
    const more = [...look.more, shareButton(this, events.say)];
    return new Toolbar(
      { hasAbove, main, more, title },
      {
        onRunOrStop: () => {
          if (this.state === "running" || this.state === "queued") {
            events.onStop(this);
          } else events.onRun(this);
        },
        onRunAbove: () => {
          events.onRunAbove(this);
        },
        onReset: () => {
          this.editor.restore(this.original);
          this.editor.markLine(null);
        },
        onCopy: async () => {
          const copied = await copyText(`${this.text}\n`);
          events.say(
            copied ? "Copied." : "The browser did not let it be copied.",
          );
          return copied;
        },
      },
    );
  }
}

/** The element of the cell's output; made when the page has none. */
function outputOf(root: HTMLElement): HTMLElement {
  const next = root.nextElementSibling;
  if (next instanceof HTMLElement && next.matches(".cell-output")) return next;
  const made = element("div", "cell-output");
  made.dataset.cell = root.dataset.cell ?? "";
  root.after(made);
  return made;
}
