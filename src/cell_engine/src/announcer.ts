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
    if (text === this.last) return;
    this.last = text;
    this.region.textContent = text;
  }

  dispose(): void {
    this.region.remove();
  }
}
