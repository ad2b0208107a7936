// One live region for the page, so that a state is spoken once.
import { element } from "./dom";

export class Announcer {
  private readonly region = element("div", "cell-spoken");
  private last = "";

  constructor() {
    this.region.setAttribute("role", "status");
    this.region.setAttribute("aria-live", "polite");
    document.body.append(this.region);
  }

  say(text: string): void {
    // The same words again, of another run, must be a change to be heard.
    this.last = text === this.last ? `${text}\u00a0` : text;
    this.region.textContent = this.last;
  }

  dispose(): void {
    this.region.remove();
  }
}
