// A kernel whose numbers the reader can change, shaded like a heat map.
import { element } from "../dom";
import type { Rows } from "./heat_map";

export class KernelFields {
  readonly root = element("figure", "heat");
  private readonly table = element("div", "kernel-fields");
  private fields: HTMLInputElement[][] = [];
  private rows: Rows = [];

  constructor(
    title: string,
    private readonly onChange: (rows: Rows) => void,
  ) {
    this.table.setAttribute("role", "group");
    this.table.setAttribute("aria-label", `The numbers of the ${title}`);
    this.root.append(element("figcaption", "heat-title", title), this.table);
  }

  show(rows: Rows): void {
    this.rows = rows;
    if (this.fields.length === 0) this.create(rows);
    const largest = Math.max(...rows.flat().map(Math.abs)) || 1;
    rows.forEach((row, y) => {
      row.forEach((value, x) => {
        const field = this.fields[y]?.[x];
        if (field === undefined) return;
        const share = Math.abs(value) / largest;
        field.classList.toggle("heat-less", value < 0);
        field.style.setProperty("--share", share.toFixed(2));
        if (field !== document.activeElement) {
          field.value = String(Number(value.toFixed(4)));
        }
      });
    });
  }

  private create(rows: Rows): void {
    const columns = rows[0]?.length ?? 1;
    this.table.style.setProperty("--columns", String(columns));
    this.fields = rows.map((row, y) => row.map((_, x) => this.field(y, x)));
    this.table.append(...this.fields.flat());
  }

  private field(row: number, column: number): HTMLInputElement {
    const field = element("input", "kernel-field");
    field.type = "number";
    field.step = "0.5";
    field.setAttribute("aria-label", `weight ${row}, ${column}`);
    field.addEventListener("input", () => {
      const value = field.valueAsNumber;
      if (!Number.isFinite(value)) return;
      const changed = this.rows.map((old) => [...old]);
      const line = changed[row];
      if (line !== undefined) line[column] = value;
      this.onChange(changed);
    });
    field.addEventListener("blur", () => {
      this.show(this.rows);
    });
    return field;
  }
}
