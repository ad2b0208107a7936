// Asks an idle Python about names, and waits for no answer longer than a
// reader who types would.
import type { FromWorker, ToWorker } from "../messages";
import type { NameAnswer, NameQuestion } from "./help";

const PATIENCE_MS = 400;

export class Inspector {
  private asked = 0;
  private readonly waiting = new Map<
    number,
    (answer: NameAnswer | null) => void
  >();

  constructor(private readonly send: (message: ToWorker) => void) {}

  ask(question: NameQuestion): Promise<NameAnswer | null> {
    const id = ++this.asked;
    return new Promise((resolve) => {
      const timer = window.setTimeout(() => {
        settle(null);
      }, PATIENCE_MS);
      const settle = (answer: NameAnswer | null): void => {
        clearTimeout(timer);
        this.waiting.delete(id);
        resolve(answer);
      };
      this.waiting.set(id, settle);
      this.send({ type: "names", id, question: JSON.stringify(question) });
    });
  }

  receive({ id, answer }: Extract<FromWorker, { type: "names" }>): void {
    this.waiting.get(id)?.(JSON.parse(answer) as NameAnswer);
  }

  /** Python is gone: whoever waits goes on without it. */
  end(): void {
    for (const settle of [...this.waiting.values()]) settle(null);
  }
}
