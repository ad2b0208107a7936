// What a reader draws by hand, on its way to Python and back: Python gets it
// while it is drawn, though not every time, and answers when it can.

/** Python gets the state at most so often. */
const BETWEEN_MS = 80;
/** How long after the last answer it is spoken. */
const QUIET_MS = 600;

export class DrawnState {
  /** The state as Python has it, or is about to have it. */
  private known: string | null = null;
  private sending = 0;
  private speaking = 0;

  constructor(
    private readonly encoded: () => string,
    private readonly send: () => void,
    signal: AbortSignal,
  ) {
    signal.addEventListener("abort", () => {
      clearTimeout(this.sending);
      clearTimeout(this.speaking);
    });
  }

  /** The reader has changed something. */
  changed(): void {
    if (this.sending !== 0) return;
    this.sending = window.setTimeout(() => {
      this.sending = 0;
      const now = this.encoded();
      if (now === this.known) return;
      this.known = now;
      this.send();
    }, BETWEEN_MS);
  }

  /**
   * Whether a state from Python, from Reset or an address is to be shown; then
   * it takes the place of what was still to be sent.
   */
  isNews(given: string): boolean {
    if (given === this.known) return false;
    clearTimeout(this.sending);
    this.sending = 0;
    this.known = given;
    return true;
  }

  /** Speaks an answer when no other follows it. */
  answered(speak: (() => void) | null): void {
    clearTimeout(this.speaking);
    if (speak !== null) this.speaking = window.setTimeout(speak, QUIET_MS);
  }
}
