// An exercise: the cell with the reader's code, its check, and what is said
// about it.
import { Cell } from "../cell";
import type { CellEvents, CellRole, Judgment } from "../cell";
import { button, element } from "../dom";
import type { CompletionHelp } from "../completion/help";
import type { CodeSurface, EditorEvents } from "../editor";
import type { CellResult, OutputMessage } from "../messages";
import { duration } from "../wording";
import { REPORT_TYPE, checkProgram, runProgram } from "./check";
import type { Orders, Report, Verdict } from "./check";
import type { ExerciseEntry } from "./entries";
import { Hints } from "./hints";
import { ParsonsBoard } from "./parsons_board";
import type { Store } from "./store";
import { VerdictView } from "./verdict_view";
import { plain, wordButton } from "./wording";

export interface ExerciseEvents {
  /** Gives the cell its turn. */
  readonly onRun: (cell: Cell) => void;
  readonly onStop: (cell: Cell) => void;
  readonly onChange: (cell: Cell) => void;
  readonly say: (words: string) => void;
  readonly help: CompletionHelp;
}

const NEW: Omit<ExerciseEntry, "at"> = {
  kind: "exercise",
  passed: false,
  attempts: 0,
  hints: 0,
  solution: false,
};

export class Exercise implements CellRole {
  readonly title: string;
  readonly main = { icon: "done", label: "Check", text: "Check" } as const;
  readonly hasAbove = false;
  readonly more: readonly HTMLElement[];
  readonly createSurface?: NonNullable<CellRole["createSurface"]>;
  readonly cell: Cell;
  readonly id: string;

  private readonly orders: Orders;
  private readonly solution: string;
  private readonly view = new VerdictView();
  private readonly hints: Hints;
  private readonly badge = element("span", "exercise-badge");
  private board: ParsonsBoard | null = null;
  private wantsCheck = true;
  private report: Report | null = null;
  private cap = 0;
  private overdue = false;
  private told: string | null = null;

  constructor(
    readonly root: HTMLElement,
    private readonly store: Store,
    private readonly events: ExerciseEvents,
  ) {
    this.id = root.id;
    this.orders = JSON.parse(root.dataset.exercise ?? "{}") as Orders;
    this.title = `exercise ${this.orders.title}`;
    this.solution =
      root.querySelector(".exercise-solution code")?.textContent ?? "";
    if (this.orders.kind === "parsons") {
      this.createSurface = this.createBoard.bind(this);
    }
    this.more = [this.runButton()];
    this.cell = this.createCell();
    this.hints = new Hints(root, {
      onHint: (number) => {
        this.keep({ hints: Math.max(this.kept.hints, number) });
      },
      onSolution: () => {
        this.keep({ solution: true });
      },
    });
    this.cell.output.host.after(this.view.root);
    root.querySelector(".exercise-title")?.append(this.badge);
    this.refresh();
  }

  get busy(): string {
    return this.wantsCheck ? "Checking" : "Running";
  }

  get kept(): ExerciseEntry {
    return this.store.get("exercise", this.id) ?? { ...NEW, at: 0 };
  }

  /** Shows what is kept of this exercise. */
  refresh(): void {
    const { passed, hints, solution } = this.kept;
    this.badge.textContent = passed ? "Passed" : "";
    this.root.classList.toggle("exercise-passed", passed);
    this.hints.release(hints);
    if (passed || solution) this.hints.releaseSolution();
  }

  program(text: string): string {
    return this.wantsCheck
      ? checkProgram(this.id, text, this.orders, this.solution)
      : runProgram(this.id, text);
  }

  begin(): void {
    this.report = null;
    this.overdue = false;
    this.told = null;
    this.view.clear();
    this.showBusy(true);
    // So that the same verdict is spoken a second time, too.
    this.events.say(`${this.busy}.`);
    if (!this.wantsCheck) return;
    this.cap = window.setTimeout(() => {
      this.overdue = true;
      this.events.onStop(this.cell);
    }, this.orders.seconds * 1_000);
  }

  takes(message: OutputMessage): boolean {
    if (message.type !== "display") return false;
    const report = message.data[REPORT_TYPE] as Report | undefined;
    if (report === undefined) return false;
    this.report = report;
    return true;
  }

  read(result: CellResult): CellResult {
    clearTimeout(this.cap);
    this.showBusy(false);
    const run = this.report?.run;
    if (run === undefined) return result;
    return { ...run, seconds: result.seconds };
  }

  judge(result: CellResult): Judgment | null {
    if (this.overdue && result.status === "stopped") {
      const line = result.error?.line ?? null;
      return { state: "failed", words: this.sayOverdue(line) };
    }
    const ran = this.report?.verdict ?? null;
    if (ran === null) return null;
    const verdict = this.board?.judgeRun(ran) ?? ran;
    this.keepVerdict(verdict.status === "passed");
    this.show(verdict);
    const took = duration(result.seconds);
    const judgments: Readonly<Record<Verdict["status"], Judgment>> = {
      passed: { state: "done", words: `Passed in ${took}` },
      failed: { state: "failed", words: `Checked in ${took}: not yet` },
      error: { state: "error", words: `Your code stopped after ${took}` },
    };
    return judgments[verdict.status];
  }

  cutOff(reason: string): void {
    clearTimeout(this.cap);
    this.showBusy(false);
    if (this.overdue) this.sayOverdue(null);
    else if (this.wantsCheck) this.view.say("stopped", "Not checked", reason);
  }

  dispose(): void {
    clearTimeout(this.cap);
    this.cell.dispose();
    this.board = null;
  }

  private start(check: boolean): void {
    const { cell } = this;
    if (cell.state === "running" || cell.state === "queued") return;
    this.wantsCheck = check;
    const plainly = check ? (this.board?.judge() ?? null) : null;
    if (plainly === null) {
      this.events.onRun(cell);
      return;
    }
    // The order of the lines tells it without Python.
    this.keepVerdict(plainly.status === "passed");
    this.show(plainly);
    const passed = plainly.status === "passed";
    cell.settle(passed ? "done" : "failed", passed ? "Passed" : "Not yet");
    this.events.say(this.told ?? "");
  }

  private show(verdict: Verdict): void {
    this.view.show(verdict, ...this.helpFor(verdict));
    this.told = this.spoken(verdict);
    if (verdict.line !== null) this.cell.markLine(verdict.line);
  }

  private helpFor(verdict: Verdict): HTMLElement[] {
    if (verdict.status !== "failed" || this.hints.next() === null) return [];
    const words =
      this.hints.opened === 0 ? "Show a hint" : "Show the next hint";
    return [
      wordButton(words, () => {
        this.hints.openNext();
      }),
    ];
  }

  /** What a screen reader is told, once, when a check has ended. */
  private spoken(verdict: Verdict): string {
    const word = verdict.status === "passed" ? "" : "Not yet. ";
    const hint = verdict.hint === "" ? "" : `${verdict.hint} `;
    return plain(`${word}${hint}${verdict.sentence}`);
  }

  words(): string | null {
    return this.told;
  }

  private sayOverdue(line: number | null): string {
    const seconds = duration(this.orders.seconds);
    const place = line === null ? "" : ` in line ${line}`;
    const words =
      `The check was stopped after ${seconds}${place}. Is there a loop that ` +
      "does not end?";
    this.keepVerdict(false);
    this.view.say("failed", "Not yet", words);
    this.told = `Not yet. ${words}`;
    return `Stopped after ${seconds}`;
  }

  private keepVerdict(passed: boolean): void {
    const { kept } = this;
    this.keep({
      passed: kept.passed || passed,
      attempts: kept.attempts + 1,
    });
  }

  private keep(changes: Partial<ExerciseEntry>): void {
    this.store.set(this.id, { ...this.kept, ...changes, at: Date.now() });
    this.refresh();
  }

  private createCell(): Cell {
    const root = this.root.querySelector<HTMLElement>(".exercise-cell");
    if (root === null) throw new Error("an exercise without a cell");
    root.dataset.cell = this.id;
    const { events } = this;
    const cellEvents: CellEvents = {
      onRun: () => {
        this.start(true);
      },
      onRunAndMove: () => {
        this.start(false);
      },
      onRunAbove: () => undefined,
      onStop: events.onStop,
      onChange: events.onChange,
      say: events.say,
      helpFor: () => events.help,
    };
    return new Cell(root, 0, cellEvents, this);
  }

  private showBusy(busy: boolean): void {
    for (const part of this.more) {
      part.setAttribute("aria-disabled", String(busy));
    }
  }

  private runButton(): HTMLButtonElement {
    return button(
      { icon: "run", label: "Run without a check", text: "Run" },
      () => {
        this.start(false);
      },
    );
  }

  private createBoard(root: HTMLElement, events: EditorEvents): CodeSurface {
    const { say } = this.events;
    this.board = new ParsonsBoard(root, { ...events, say });
    return this.board;
  }
}
