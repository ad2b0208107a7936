// The cells of one page and their common Python: what runs when, in which
// order, and what every cell says about it.
import { Announcer } from "./announcer";
import { Cell } from "./cell";
import { helpWithoutPython } from "./completion/help";
import type { CompletionHelp } from "./completion/help";
import { button } from "./dom";
import { PRACTICE, Practice } from "./exercises/practice";
import { FILE_FIELDS, FileField } from "./file_field";
import { watchIntent } from "./intent";
import type { ChosenFile } from "./messages";
import { keepRuntime } from "./offline/keeping";
import { RunAborted, Runtime, STOP_PATIENCE_MS } from "./runtime";
import type { RuntimeState } from "./runtime";
import { RuntimeBar } from "./runtime_bar";
import { staleness } from "./staleness";
import { countOf } from "./wording";

const FORCE_WORDS = "Python does not react";

export class CellPage {
  private readonly cells: Cell[];
  private readonly runtime: Runtime;
  private readonly announcer = new Announcer();
  private readonly bar: RuntimeBar;
  private practice: Practice | null = null;
  private readonly aborter = new AbortController();
  private queue: Cell[] = [];
  private current: Cell | null = null;
  /** Counts the runs begun or taken back, so that a late one knows. */
  private turn = 0;
  private unstarted: Cell[] = [];
  private order = 0;
  private patience = 0;
  private endReason = "";
  /** The last Python whose start was spoken. */
  private heard = 0;
  /** What a forced stop took from the session, to be run again. */
  private replay: readonly Cell[] = [];

  constructor(
    private readonly roots: readonly HTMLElement[],
    cells: readonly HTMLElement[],
    private readonly assets: URL,
  ) {
    this.runtime = new Runtime(
      assets,
      (state) => {
        this.showRuntime(state);
        this.sayRuntime(state);
      },
      () => {
        this.restart("Force-stopped; its variables are lost.");
      },
    );
    this.bar = new RuntimeBar({
      onRetry: () => {
        this.retry();
      },
      onRestart: () => {
        this.restart("Python was restarted; run the cells again.");
      },
      onRunAll: () => {
        this.enqueue(this.cells, "runs in turn");
      },
    });
    this.cells = cells.map((root, at) => this.createCell(root, at + 1));
    this.practice = this.createPractice(assets);
    this.openFileFields();
    const { signal } = this.aborter;
    const events = {
      onNear: () => void this.runtime.prefetch(),
      onTouch: () => {
        if (this.runtime.state.name === "idle") this.warmUp();
      },
    };
    const exercises = this.practice.exercises.map(({ cell }) => cell.root);
    watchIntent([...cells, ...exercises], events, signal);
  }

  /** Whether the page still shows these cells. */
  get isShown(): boolean {
    return this.roots.some((root) => root.isConnected);
  }

  dispose(): void {
    this.aborter.abort();
    clearTimeout(this.patience);
    this.queue = [];
    this.runtime.dispose();
    this.practice?.dispose();
    for (const cell of this.cells) cell.dispose();
    this.bar.dispose();
    this.announcer.dispose();
  }

  private createCell(root: HTMLElement, number: number): Cell {
    const cell: Cell = new Cell(root, number, {
      onRun: (cell) => {
        this.run(cell);
      },
      onRunAndMove: (cell) => {
        this.run(cell);
        this.cells[cell.number]?.focus();
      },
      onRunAbove: (cell) => {
        this.enqueue(this.cells.slice(0, cell.number - 1), "runs in turn");
      },
      onStop: (cell) => {
        this.stop(cell);
      },
      onChange: () => {
        this.practice?.noteChange(cell);
        this.showStaleness();
      },
      say: (words) => {
        this.announcer.say(words);
      },
      onWidget: (figure, place) => this.runtime.widgets.mount(figure, place),
      helpFor: (cell) => this.helpFor(cell),
    });
    return cell;
  }

  private helpFor({ number }: Cell): CompletionHelp {
    const { assets, runtime } = this;
    return {
      assets,
      above: () => this.cells.slice(0, number - 1).map(({ text }) => text),
      ask: (question) => runtime.ask(question),
    };
  }

  /** A chosen file goes to Python, and the cell that reads it runs. */
  private openFileFields(): void {
    const events = {
      onChosen: (name: string, file: ChosenFile | null): void => {
        this.runtime.keepFile(name, file);
        const cell = this.cells.find((cell) => cell.name === name);
        if (cell !== undefined) this.run(cell);
      },
    };
    for (const root of document.querySelectorAll<HTMLElement>(FILE_FIELDS)) {
      new FileField(root, events);
    }
  }

  private createPractice(assets: URL): Practice {
    const events = {
      onRun: (cell: Cell) => {
        this.enqueue([cell], "runs in turn");
      },
      onStop: (cell: Cell) => {
        this.stop(cell);
      },
      say: (words: string) => {
        this.announcer.say(words);
      },
      help: helpWithoutPython(assets),
    };
    return new Practice(assets, events, this.cells);
  }

  /** Runs a cell, and before it those above that the session lacks. */
  private run(cell: Cell): void {
    if (cell.state === "running" || cell.state === "queued") return;
    const missing = this.cells
      .slice(0, cell.number - 1)
      .filter((above) => !above.isFresh && !this.isWaiting(above));
    this.enqueue(missing, `cell ${cell.number} needs it`);
    const first = countOf(missing.length, "cell");
    const verb = missing.length === 1 ? "runs" : "run";
    this.enqueue(
      [cell],
      missing.length > 0 ? `${first} above ${verb} first` : "runs in turn",
    );
    if (missing.length > 0) {
      this.announcer.say(`${first} above ${verb} before cell ${cell.number}.`);
    }
  }

  private isWaiting(cell: Cell): boolean {
    return cell === this.current || this.queue.includes(cell);
  }

  private enqueue(cells: readonly Cell[], reason: string): void {
    for (const cell of cells) {
      if (this.isWaiting(cell)) continue;
      this.queue.push(cell);
      cell.queue(reason);
    }
    void this.runQueue();
  }

  private async runQueue(): Promise<void> {
    if (this.current !== null) return;
    const cell = this.queue.shift();
    if (cell === undefined) return;
    this.current = cell;
    const turn = ++this.turn;
    let goOn = false;
    try {
      await this.startFor(cell);
      // The reader may have taken the run back while Python was starting.
      if (this.turn === turn) goOn = await this.runNow(cell);
    } catch (error) {
      if (!(error instanceof RunAborted)) throw error;
      if (this.turn === turn) this.showAborted(cell, error);
    }
    if (this.turn !== turn) return;
    this.current = null;
    if (!goOn) this.emptyQueue(`Not run: ${cell.title} did not finish`);
    this.showStaleness();
    this.showRuntime(this.runtime.state);
    const { replay } = this;
    this.replay = [];
    this.enqueue(replay, "runs again after the forced stop");
    void this.runQueue();
  }

  private async startFor(cell: Cell): Promise<void> {
    if (this.runtime.state.name !== "ready") {
      cell.queue("runs when Python is ready");
    }
    this.unstarted = [cell, ...this.queue];
    await this.runtime.start();
    this.unstarted = [];
  }

  private async runNow(cell: Cell): Promise<boolean> {
    const { text, program } = cell;
    cell.begin();
    const result = await this.runtime.run(program, cell.name, (message) => {
      if (message.type === "input") this.ask(cell, message.prompt);
      else cell.receive(message);
    });
    clearTimeout(this.patience);
    this.order += 1;
    cell.ran = { order: this.order, text };
    const goOn = await cell.finish(result);
    this.announcer.say(cell.resultWords(result));
    return goOn;
  }

  private ask(cell: Cell, prompt: string): void {
    cell.ask(prompt, (text) => {
      this.runtime.answer(text);
    });
    if (cell.isAsking) this.announcer.say(`${cell.title} asks: ${prompt}`);
  }

  private stop(cell: Cell): void {
    const wasRunning = this.current === cell && cell.state === "running";
    this.emptyQueue();
    if (!wasRunning) {
      if (this.current?.state === "queued") {
        this.current.settle("idle");
        this.current = null;
        this.turn += 1;
      }
      return;
    }
    if (cell.isBeyondStop || this.runtime.stopWay === "none") {
      this.forceStop(cell);
      return;
    }
    cell.showStopping();
    this.runtime.stop();
    clearTimeout(this.patience);
    this.patience = window.setTimeout(() => {
      cell.offerForce(FORCE_WORDS);
      this.announcer.say(`${FORCE_WORDS}. Stop again to force it.`);
    }, STOP_PATIENCE_MS);
  }

  /** The last rung: a new Python, in which the cells above run again. */
  private forceStop(cell: Cell): void {
    const lost = this.cells.slice(0, cell.number - 1).filter((c) => c.ran);
    const again = countOf(lost.length, "cell");
    const replay =
      lost.length === 0
        ? ""
        : ` The ${again} above ${lost.length === 1 ? "runs" : "run"} again.`;
    this.restart(`Force-stopped; its variables are lost.${replay}`);
    this.replay = lost;
    for (const each of lost) each.rememberAnswers();
  }

  /** Ends this Python and starts another; every variable is lost. */
  private restart(reason: string): void {
    clearTimeout(this.patience);
    this.emptyQueue();
    this.endReason = reason;
    for (const cell of this.cells) cell.ran = null;
    const wasRunning = this.current !== null;
    this.runtime.shutDown(reason);
    this.announcer.say(reason);
    if (!wasRunning) for (const cell of this.cells) cell.settle("idle");
    this.warmUp();
  }

  private warmUp(): void {
    // A failure shows in the state; only a run has to tell more.
    this.runtime.start().catch(() => undefined);
  }

  private retry(): void {
    const cells = this.unstarted;
    this.unstarted = [];
    if (cells.length === 0) this.warmUp();
    else this.enqueue(cells, "runs in turn");
  }

  /** A run ended without a result: says why and offers a way on. */
  private showAborted(cell: Cell, error: RunAborted): void {
    clearTimeout(this.patience);
    if (this.runtime.state.name === "failed") {
      this.showUnstarted(cell, error.message);
      return;
    }
    if (error.brokeDown) {
      this.endReason = `Python broke down and was restarted; its variables are lost. ${error.message}`;
      for (const each of this.cells) each.ran = null;
      this.announcer.say(this.endReason);
      this.warmUp();
    }
    cell.cutOff(error.brokeDown ? "Python broke down" : this.endReason);
    if (cell.number === 1 && !error.brokeDown) return;
    const { replay } = this;
    cell.output.showNote(
      this.endReason,
      ...(cell.number > 1 && replay.length === 0
        ? [this.aboveButton(cell)]
        : []),
    );
  }

  private showUnstarted(cell: Cell, reason: string): void {
    for (const each of this.cells) each.ran = null;
    const words = `Python could not go on. ${reason}`;
    cell.cutOff("Failed");
    const look = { icon: "reset", label: "Retry", text: "Retry" } as const;
    const again = button(look, () => {
      this.unstarted = [cell];
      this.retry();
    });
    cell.output.showNote(words, again);
    this.announcer.say(words);
  }

  private aboveButton(cell: Cell): HTMLButtonElement {
    const words = "Run all above";
    return button({ icon: "above", label: words, text: words }, () => {
      this.enqueue(this.cells.slice(0, cell.number - 1), "runs in turn");
    });
  }

  private emptyQueue(words?: string): void {
    const cells = this.queue;
    this.queue = [];
    for (const cell of cells) cell.settle("idle", words);
  }

  private showStaleness(): void {
    staleness(this.cells).forEach((words, at) => {
      this.cells[at]?.showStale(words);
    });
  }

  private showRuntime(state: RuntimeState): void {
    const { current } = this;
    const running = state.name === "running" && current !== null;
    const activity = running ? `Running ${current.title}` : null;
    this.bar.show(state, activity, this.runtime.restored);
    if (state.name === "ready") keepRuntime();
  }

  /** Says that a Python starts, once, and what no cell will say. */
  private sayRuntime(state: RuntimeState): void {
    const { generation } = this.runtime;
    if (state.name === "starting" && generation !== this.heard) {
      this.heard = generation;
      this.announcer.say("Python is starting.");
    }
    if (state.name === "failed" && this.current === null) {
      this.announcer.say(state.reason);
    }
  }
}

/** The page's cells and exercises, or null where it has none. */
export function openPage(assets: URL): CellPage | null {
  const find = (selector: string): HTMLElement[] => [
    ...document.querySelectorAll<HTMLElement>(selector),
  ];
  const cells = find(".cell[data-cell]:not(.exercise-cell)");
  const roots = [...cells, ...find(PRACTICE)];
  return roots.length === 0 ? null : new CellPage(roots, cells, assets);
}
