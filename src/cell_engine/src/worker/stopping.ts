// Stop. CPython looks into its interrupt buffer while it runs. Where memory is
// shared, the page sets a signal there. Elsewhere ours pretends every few
// milliseconds that one has come: Python's handler then suspends its stack in
// `tick()`, this thread's event loop delivers the page's messages, and a Stop
// among them turns into a KeyboardInterrupt.

import type { SignalClock } from "./internals";

const PERIOD_MS = 50;
/** After a Stop that the cell's own `except:` swallowed, insist. */
const INSISTENT_PERIOD_MS = 10;
/** A wait that another task held up is ended at the next attempt. */
const INSIST_MS = 100;
const SIGINT = 2;
/** Between two looks at the time, where the checks are that dense. */
const POLL_MS = 5;
const MOST_CHECKS = 50;

interface InterruptBuffer {
  get 0(): number;
  set 0(value: number);
}

export class Stopping {
  private running = false;
  private requested = false;
  /** The run that Stop was last pressed in. */
  private stopped = 0;
  private count = 0;
  private lastTick = 0;
  private insisting = 0;
  private polledAt = 0;
  private checks = 0;
  // Several at once: a signal may be polled just before a stack suspends.
  private waiting: ((stopped: boolean) => void)[] = [];
  private readonly sleeping = new Set<() => void>();
  private answered: ((text: string | null) => void) | null = null;
  private readonly channel = new MessageChannel();

  constructor(
    private readonly signal: Uint8Array | null,
    private readonly interruptAwait: () => void,
    private readonly clock: SignalClock,
    /** Whether the Python that runs now can be stopped. */
    private readonly canStop: () => boolean,
  ) {
    this.channel.port1.onmessage = () => {
      this.lastTick = performance.now();
      for (const resolve of this.waiting.splice(0)) resolve(this.isRequested());
    };
  }

  /** What Pyodide polls. */
  polledBuffer(): InterruptBuffer {
    const poll = (): number => this.poll();
    return {
      get 0() {
        return poll();
      },
      set 0(_value: number) {
        // Pyodide writes 0 when it has taken the signal: it may come again.
      },
    };
  }

  /** Begins a run, or what has no number; its Stop may have come before. */
  begin(run?: number): void {
    this.running = true;
    this.requested = run !== undefined && this.stopped === run;
    this.lastTick = this.polledAt = performance.now();
    this.checks = 0;
    this.clock.readAfter(0);
  }

  end(): void {
    clearInterval(this.insisting);
    this.running = false;
    this.requested = false;
    this.signal?.fill(0);
  }

  request(run: number): void {
    this.stopped = run;
    if (!this.running) return;
    this.requested = true;
    this.count += 1;
    this.wake();
    this.answer(null);
    this.interruptAwait();
    clearInterval(this.insisting);
    this.insisting = self.setInterval(() => {
      this.interruptAwait();
    }, INSIST_MS);
  }

  /** How often Stop has come, in all runs together. */
  get stops(): number {
    return this.count;
  }

  get isRunning(): boolean {
    return this.running;
  }

  /** Ends the waits of `sleep`: something has come that Python wants. */
  wake(): void {
    for (const wake of [...this.sleeping]) wake();
  }

  isRequested(): boolean {
    return this.requested || this.signal?.[0] === SIGINT;
  }

  /** Lets waiting messages in; resolves to whether a Stop was among them. */
  tick(): Promise<boolean> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.channel.port2.postMessage(0);
    });
  }

  /** Waits, but no longer than until `wake`; resolves to whether to stop. */
  sleep(milliseconds: number): Promise<boolean> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.sleeping.delete(wake);
        this.lastTick = performance.now();
        resolve(this.isRequested());
      };
      const timer = setTimeout(wake, milliseconds);
      this.sleeping.add(wake);
    });
  }

  /** Waits for the reader's line; resolves to null when Stop comes instead. */
  question(): Promise<string | null> {
    return new Promise((resolve) => {
      this.answered = resolve;
      if (this.isRequested()) this.answer(null);
    });
  }

  answer(text: string | null): void {
    this.answered?.(text);
    this.answered = null;
    this.lastTick = performance.now();
  }

  /** Heavy turns of a loop are polled one by one, light ones in dozens. */
  private setClock(now: number): void {
    const perCheck = (now - this.polledAt) / (this.checks + 1);
    this.polledAt = now;
    const checks = Math.floor(POLL_MS / perCheck);
    this.checks = Math.min(checks, MOST_CHECKS);
    this.clock.readAfter(this.checks);
  }

  private poll(): number {
    // Also between the runs, where a task that a cell began may go on.
    if (!this.canStop()) return 0;
    const now = performance.now();
    this.setClock(now);
    if (now - this.lastTick < this.period) return 0;
    this.lastTick = now;
    this.clock.mark();
    return SIGINT;
  }

  private get period(): number {
    if (this.isRequested()) return INSISTENT_PERIOD_MS;
    return this.signal === null ? PERIOD_MS : Infinity;
  }
}
