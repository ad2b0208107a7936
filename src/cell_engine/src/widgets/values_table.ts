// Every value behind a picture, for whoever wants more than a look: a table
// that is made when the reader opens it, and again when the values change.
import { element } from "../dom";
import { scrolling } from "../tables";

export class ValuesTable {
  readonly root = element("details", "widget-data");

  constructor(
    summary: string,
    private readonly make: () => HTMLTableElement,
    private readonly label = summary,
  ) {
    this.root.append(element("summary", "", summary));
    this.root.addEventListener("toggle", () => {
      this.refresh();
    });
  }

  refresh(): void {
    this.root.querySelector(".widget-table")?.remove();
    if (!this.root.open) return;
    this.root.append(scrolling(this.label, this.make()));
  }
}
