// The points in numbers, for whoever does not see the plane; filled when open.
import { element } from "../dom";
import { headsOf, scrolling } from "../tables";
import type { Dot } from "./surface_edits";

const ROWS = 100;

export class SurfaceTable {
  readonly root: HTMLDetailsElement;
  private readonly body = element("tbody", "");
  private readonly note = element("p", "surface-note");

  constructor(onOpen: () => void) {
    const head = headsOf(["class", "x₁", "x₂", "predicted"]);
    const table = element("table", "", head, this.body);
    const around = scrolling("Points", table);
    const title = element("summary", "", "Points as a table");
    this.root = element("details", "widget-data", title, this.note, around);
    this.root.addEventListener("toggle", onOpen);
  }

  draw(dots: readonly Dot[], cellsOf: (dot: Dot) => readonly string[]): void {
    if (!this.root.open) return;
    // The reader's own come first: they are what has changed.
    const shown = dots.slice(-ROWS).reverse();
    const rows = shown.map((dot) =>
      element("tr", "", ...cellsOf(dot).map((text) => element("td", "", text))),
    );
    this.body.replaceChildren(...rows);
    const more = dots.length - shown.length;
    this.note.hidden = more === 0;
    this.note.textContent = `The last ${ROWS} of ${dots.length} points.`;
  }
}
