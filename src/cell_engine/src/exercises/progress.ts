// What was reached on a page, and how much there is.
import type { Entry, PageEntry } from "./entries";
import type { Store } from "./store";

export interface Share {
  readonly done: number;
  readonly total: number;
}

export interface Progress {
  readonly exercises: Share;
  readonly questions: Share;
  readonly guesses: Share;
}

/** The progress of any page that was open before, for the map of a course. */
export function progressOf(store: Store, page: string): Progress {
  const entries: ReadonlyMap<string, Entry> =
    store.all().get(page) ?? new Map<string, Entry>();
  const total = entries.get("page") as PageEntry | undefined;
  const share = (done: number, all: number | undefined): Share => ({
    done: Math.min(done, all ?? done),
    total: all ?? done,
  });
  const all = [...entries.values()];
  return {
    exercises: share(
      all.filter((one) => one.kind === "exercise" && one.passed).length,
      total?.exercises,
    ),
    questions: share(
      all.filter((one) => one.kind === "quiz" && one.right).length,
      total?.questions,
    ),
    guesses: share(
      all.filter((one) => one.kind === "guess").length,
      total?.guesses,
    ),
  };
}

/** `2 of 5 exercises`, `3 of 6 questions`; what a page lacks is left out. */
export function progressWords(progress: Progress): string[] {
  const rows = [
    [progress.exercises, "exercise"],
    [progress.questions, "question"],
    [progress.guesses, "guess"],
  ] as const;
  return rows
    .filter(([{ total }]) => total > 0)
    .map(([{ done, total }, noun]) => {
      const plural = noun === "guess" ? "guesses" : `${noun}s`;
      return `${done} of ${total} ${total === 1 ? noun : plural}`;
    });
}

/** Fills each element that asks for the progress of a page:
 *  `<span data-progress-of="chapters/architecture/"></span>`. */
export function fillSummaries(store: Store): void {
  const wanted = document.querySelectorAll<HTMLElement>("[data-progress-of]");
  for (const place of wanted) {
    const progress = progressOf(store, place.dataset.progressOf ?? "");
    place.textContent = progressWords(progress).join(" · ");
    place.hidden = place.textContent === "";
  }
}
