// Sends what a cell puts out to the page, within bounds: a cell that prints
// without end must not fill the page's memory.
import type { OutputMessage } from "../messages";

/** More text of one run than this is counted, not sent. */
const KEPT_CHARACTERS = 1_000_000;
const DROPPED_PERIOD_MS = 200;

export class Outbox {
  private sent = 0;
  private dropped = 0;
  private reported = 0;
  private reportedAt = 0;

  constructor(private readonly forward: (message: OutputMessage) => void) {}

  begin(): void {
    this.sent = this.dropped = this.reported = 0;
  }

  send(message: OutputMessage): void {
    if (message.type !== "text") {
      this.forward(message);
      return;
    }
    const text = message.text.slice(0, KEPT_CHARACTERS - this.sent);
    this.sent += text.length;
    this.dropped += message.text.length - text.length;
    if (text !== "") this.forward({ ...message, text });
    if (performance.now() - this.reportedAt > DROPPED_PERIOD_MS) this.end();
  }

  /** Reports what was left out since the last report. */
  end(): void {
    if (this.dropped === this.reported) return;
    this.reported = this.dropped;
    this.reportedAt = performance.now();
    this.forward({ type: "dropped", characters: this.dropped });
  }
}
