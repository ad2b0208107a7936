// What a network says of a picture: a bar and a percentage for each class.
import { element } from "../dom";

export class Shares {
  readonly root = element("ul", "draw-shares");
  private names: readonly string[] = [];
  private shares: readonly number[] = [];

  constructor() {
    this.root.setAttribute("aria-label", "What the network takes it for");
  }

  /** The lines stay where they are; only the bars move. */
  show(names: readonly string[], shares: readonly number[]): void {
    this.names = names;
    this.shares = shares;
    this.root.hidden = shares.length === 0;
    if (this.root.childElementCount !== names.length) {
      this.root.replaceChildren(...names.map(() => line()));
    }
    const best = this.best;
    Array.from(this.root.children).forEach((item, at) => {
      const [name, bar, number] = item.children;
      const share = shares[at] ?? 0;
      if (name !== undefined) name.textContent = names[at] ?? "";
      if (number !== undefined) number.textContent = percent(share);
      (bar as HTMLElement).style.setProperty("--share", share.toFixed(4));
      item.classList.toggle("draw-best", at === best);
    });
  }

  /** The likeliest class. */
  words(): string {
    const { best, names, shares } = this;
    if (best < 0) return "";
    return `Taken for ${names[best] ?? ""}, ${percent(shares[best] ?? 0)}.`;
  }

  private get best(): number {
    return this.shares.indexOf(Math.max(...this.shares));
  }
}

const line = (): HTMLElement =>
  element(
    "li",
    "draw-line",
    element("span", "draw-name"),
    element("span", "draw-bar"),
    element("span", "draw-number"),
  );

const percent = (share: number): string => `${Math.round(100 * share)}%`;
