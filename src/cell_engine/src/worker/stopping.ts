// Stop without shared memory. CPython looks into its interrupt buffer while it
// runs; ours pretends every few milliseconds that a signal has come. Python's
// handler then suspends its stack in `tick()`, this thread's event loop delivers
// the page's messages, and a Stop among them turns into a KeyboardInterrupt.

const PERIOD_MS = 50;
/** After a Stop that the cell's own `except:` swallowed, insist. */
const INSISTENT_PERIOD_MS = 10;
/** A wait that another task held up is ended at the next attempt. */
const INSIST_MS = 100;
const SIGINT = 2;

interface InterruptBuffer {
  get 0(): number;
  set 0(value: number);
}

export class Stopping {
  private running = false;
  private requested = false;
  private lastTick = 0;
  private insisting = 0;
  // Several at once: a signal may be polled just before a stack suspends.
  private waiting: ((stopped: boolean) => void)[] = [];
  private readonly sleeping = new Set<() => void>();
  private readonly channel = new MessageChannel();

  constructor(
    private readonly signal: Uint8Array | null,
    private readonly interruptAwait: () => void,
  ) {
    this.channel.port1.onmessage = () => {
      this.lastTick = performance.now();
      for (const resolve of this.waiting.splice(0)) resolve(this.requested);
    };
  }

  /** What Pyodide polls where there is no shared memory. */
  polledBuffer(): InterruptBuffer {
    const poll = (): number => this.poll();
    return {
      get 0() {
        return poll();
      },
      set 0(_value: number) {
        // Pyodide writes 0 when it has taken the signal: nothing to keep.
      },
    };
  }

  begin(): void {
    this.running = true;
    this.requested = false;
    this.signal?.fill(0);
    this.lastTick = performance.now();
  }

  end(): void {
    clearInterval(this.insisting);
    this.running = false;
    this.requested = false;
    this.signal?.fill(0);
  }

  request(): void {
    if (!this.running) return;
    this.requested = true;
    for (const wake of [...this.sleeping]) wake();
    this.interruptAwait();
    clearInterval(this.insisting);
    this.insisting = self.setInterval(this.interruptAwait, INSIST_MS);
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

  /** Waits, but no longer than until Stop; resolves to whether it came. */
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

  private poll(): number {
    if (!this.running) return 0;
    const now = performance.now();
    const period = this.requested ? INSISTENT_PERIOD_MS : PERIOD_MS;
    if (now - this.lastTick < period) return 0;
    this.lastTick = now;
    return SIGINT;
  }
}
