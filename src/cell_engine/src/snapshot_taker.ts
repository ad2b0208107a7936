// Lets an idle worker prepare the next visit: a snapshot of Python's memory.
import type { FromWorker, StartMessage, ToWorker } from "./messages";

/** The reader's own Python comes first: so long after it became ready. */
const PAUSE_MS = 3_000;
const PATIENCE_MS = 90_000;
/** Free storage and memory below these are not ours to use up. */
const ROOM_BYTES = 500e6;
const MEMORY_GIGABYTES = 2;

export class SnapshotTaker {
  private timer = 0;
  private worker: Worker | null = null;
  private done = false;

  constructor(private readonly createWorker: () => Worker) {}

  /** Python is ready and has nothing to do: time to begin, soon. */
  begin(start: StartMessage): void {
    if (this.done || this.worker !== null || start.snapshot === null) return;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      void this.take({ ...start, signal: null });
    }, PAUSE_MS);
  }

  /** The reader runs something: not now. */
  pause(): void {
    clearTimeout(this.timer);
  }

  end(): void {
    this.done = true;
    clearTimeout(this.timer);
    this.worker?.terminate();
    this.worker = null;
  }

  private async take(start: StartMessage): Promise<void> {
    if (!(await hasRoom()) || this.done) {
      this.end();
      return;
    }
    const worker = this.createWorker();
    this.worker = worker;
    worker.addEventListener("message", (event: MessageEvent<FromWorker>) => {
      if (event.data.type === "taken") this.end();
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.end();
    });
    this.timer = window.setTimeout(() => {
      this.end();
    }, PATIENCE_MS);
    worker.postMessage({ type: "take", start } satisfies ToWorker);
  }
}

async function hasRoom(): Promise<boolean> {
  const { deviceMemory } = navigator as Navigator & { deviceMemory?: number };
  if (deviceMemory !== undefined && deviceMemory < MEMORY_GIGABYTES) {
    return false;
  }
  try {
    const { quota = 0, usage = 0 } = await navigator.storage.estimate();
    return quota - usage > ROOM_BYTES;
  } catch {
    return false; // Storage is switched off, or the page is not secure.
  }
}
