// Nothing is loaded before the reader shows intent: once they move, a cell near
// the screen fetches the files; a pointer or the focus on a cell starts Python.

/** A page that only lies open, with a cell on its first screen, loads nothing. */
const SIGNS = ["pointermove", "pointerdown", "keydown", "scroll"] as const;

interface Connection {
  readonly saveData?: boolean;
  readonly effectiveType?: string;
}

/** Whether the reader asked to save data, or the line is too thin for MBs. */
function savesData(): boolean {
  const { connection } = navigator as Navigator & { connection?: Connection };
  if (connection === undefined) return false;
  const type = connection.effectiveType ?? "";
  return connection.saveData === true || type.endsWith("2g");
}

export interface IntentEvents {
  readonly onNear: () => void;
  readonly onTouch: () => void;
}

/** Watches the cells; the signal ends it. */
export function watchIntent(
  cells: readonly HTMLElement[],
  events: IntentEvents,
  signal: AbortSignal,
): void {
  if (savesData()) return;
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      events.onNear();
    },
    { rootMargin: "100% 0px" },
  );
  const moved = new AbortController();
  signal.addEventListener("abort", () => {
    observer.disconnect();
    moved.abort();
  });
  const watch = (): void => {
    moved.abort();
    for (const cell of cells) observer.observe(cell);
  };
  for (const sign of SIGNS) {
    document.addEventListener(sign, watch, { signal: moved.signal });
  }
  for (const cell of cells) {
    for (const name of ["pointerenter", "focusin"]) {
      cell.addEventListener(name, events.onTouch, { signal });
    }
  }
}
