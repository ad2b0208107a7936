// Everything on a page that the reader practices with, and what is kept of it.
import type { Cell } from "../cell";
import { CodeLinks } from "../sharing/code_links";
import { Drafts } from "./drafts";
import { Exercise } from "./exercise";
import type { ExerciseEvents } from "./exercise";
import { Predict } from "./predict";
import { fillSummaries } from "./progress";
import { ProgressPanel } from "./progress_panel";
import { Quiz } from "./quiz";
import { Store } from "./store";

/** What a page has for practice, besides its cells. */
export const PRACTICE = ".exercise, .question, [data-progress-of]";

export class Practice {
  readonly exercises: readonly Exercise[];
  private readonly store: Store;
  private readonly drafts: Drafts;
  private readonly quizzes: readonly Quiz[];
  private readonly guesses: readonly Predict[];
  private readonly links: CodeLinks;
  private readonly panel: ProgressPanel | null;

  constructor(
    assets: URL,
    events: Omit<ExerciseEvents, "onChange">,
    cells: readonly Cell[],
  ) {
    this.store = new Store(new URL("../", assets));
    this.drafts = new Drafts(this.store);
    const { say } = events;
    for (const cell of cells) this.drafts.add(cell, cell.name);
    const exerciseEvents: ExerciseEvents = {
      ...events,
      onChange: (cell) => {
        this.noteChange(cell);
      },
    };
    this.exercises = all(".exercise").map(
      (root) => new Exercise(root, this.store, exerciseEvents),
    );
    for (const { cell, id } of this.exercises) this.drafts.add(cell, id);
    const answers = this.exercises.map(({ cell }) => cell);
    this.links = new CodeLinks([...cells, ...answers], this.drafts, say);
    this.quizzes = all(".quiz").map((root) => new Quiz(root, this.store, say));
    this.guesses = all(".predict").map(
      (root) => new Predict(root, this.store, say),
    );
    this.panel = this.keepTotals()
      ? new ProgressPanel(this.store, say, () => {
          this.drafts.forget();
        })
      : null;
    fillSummaries(this.store);
    this.store.watch((name) => {
      this.refresh(name);
    });
  }

  /** The code of a cell has changed under the reader's hands. */
  noteChange(cell: Cell): void {
    this.drafts.note(cell);
  }

  dispose(): void {
    this.links.dispose();
    this.drafts.dispose();
    for (const exercise of this.exercises) exercise.dispose();
    for (const guess of this.guesses) guess.dispose();
    this.panel?.dispose();
    this.store.dispose();
  }

  /** Notes how much there is to do; false when there is nothing. */
  private keepTotals(): boolean {
    const totals = {
      exercises: this.exercises.length,
      questions: this.quizzes.length,
      guesses: this.guesses.length,
    };
    if (Object.values(totals).every((total) => total === 0)) return false;
    this.store.set("", { kind: "page", at: Date.now(), ...totals });
    return true;
  }

  private refresh(name: string): void {
    const [kind = "", id = ""] = name.split(":", 2);
    const parts =
      kind === "exercise"
        ? this.exercises
        : kind === "quiz"
          ? this.quizzes
          : kind === "guess"
            ? this.guesses
            : [];
    parts.find((part) => part.id === id)?.refresh();
    this.panel?.refresh();
    fillSummaries(this.store);
  }
}

function all(selector: string): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(selector)];
}
