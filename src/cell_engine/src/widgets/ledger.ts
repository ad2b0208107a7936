// The layers of a model as a table, and an input whose shape can be changed.
import { element } from "../dom";
import { headOf, scrolling } from "../tables";
import type { Definition, Model, RenderProps } from "./contract";
import { createFrame, setByReader, whenChanged } from "./frame";

type Column = "parameters" | "multiply_adds" | "bytes" | "steps";

interface Row extends Readonly<Record<Column, number>> {
  readonly name: string;
  readonly kind: string;
  readonly shape: string;
}

const COLUMNS: readonly (readonly [Column, string])[] = [
  ["parameters", "Parameters"],
  ["multiply_adds", "Multiply-adds"],
  ["bytes", "Output bytes"],
  ["steps", "Steps"],
];

class Ledger {
  private readonly shapes = element("div", "ledger-shapes");
  private readonly head = element("tr", "");
  private readonly body = element("tbody", "");
  private readonly foot = element("tr", "");
  private readonly failure = element("p", "widget-error");
  private fields: readonly (readonly HTMLInputElement[])[] = [];
  private readonly model: Model;

  constructor(props: RenderProps) {
    const { model, signal } = props;
    this.model = model;
    const frame = createFrame(props);
    const table = element(
      "table",
      "ledger",
      element("thead", "", this.head),
      this.body,
      element("tfoot", "", this.foot),
    );
    const around = scrolling("The layers of the model", table);
    this.failure.setAttribute("role", "alert");
    frame.body.append(this.shapes, this.failure, around);
    this.createHead();
    this.draw();
    const keys = ["rows", "totals", "shapes", "column", "failure"];
    whenChanged(model, keys, signal, () => {
      this.draw();
    });
  }

  private get shapesNow(): readonly (readonly number[])[] {
    return this.model.get("shapes") as number[][];
  }

  private get column(): Column {
    return this.model.get("column") as Column;
  }

  private createHead(): void {
    const plain = ["Layer", "Output"].map((name) => headOf(name));
    const chosen = COLUMNS.map(([column, name]) => {
      const press = element("button", "ledger-choice", name);
      press.type = "button";
      press.title = `Bars for ${name.toLowerCase()}`;
      press.dataset.column = column;
      press.addEventListener("click", () => {
        setByReader(this.model, { column });
      });
      return headOf(press);
    });
    this.head.append(...plain, ...chosen);
  }

  /** As many as the inputs have axes; another model may have others. */
  private createFields(): void {
    const inputs = this.shapesNow;
    if (String(inputs.map(sizeOf)) === String(this.fields.map(sizeOf))) return;
    const nameOf = (input: number): string =>
      inputs.length === 1 ? "Input" : `Input ${input + 1}`;
    this.fields = inputs.map((shape, input) =>
      shape.map((_, axis) => this.field(nameOf(input), input, axis)),
    );
    const groups = this.fields.map((fields, input) => {
      const group = element("span", "ledger-shape", `${nameOf(input)}: `);
      fields.forEach((field, axis) => {
        group.append(...(axis === 0 ? [field] : [" × ", field]));
      });
      return group;
    });
    this.shapes.replaceChildren(...groups);
  }

  private field(name: string, input: number, axis: number): HTMLInputElement {
    const field = element("input", "number-field ledger-size");
    field.type = "number";
    field.min = "1";
    field.setAttribute("aria-label", `${name}, size of axis ${axis}`);
    field.addEventListener("input", () => {
      const size = field.valueAsNumber;
      if (!Number.isInteger(size) || size < 1) return;
      const shapes = this.shapesNow.map((shape) => [...shape]);
      const shape = shapes[input];
      if (shape !== undefined) shape[axis] = size;
      setByReader(this.model, { shapes });
    });
    field.addEventListener("blur", () => {
      this.draw();
    });
    return field;
  }

  private draw(): void {
    const rows = this.model.get("rows") as readonly Row[];
    const totals = this.model.get("totals") as Readonly<Record<Column, number>>;
    const failure = String(this.model.get("failure"));
    this.createFields();
    this.failure.textContent = failure;
    this.failure.hidden = failure === "";
    this.shapesNow.forEach((shape, input) => {
      shape.forEach((size, axis) => {
        const field = this.fields[input]?.[axis];
        if (field !== undefined && field !== document.activeElement) {
          field.value = String(size);
        }
      });
    });
    for (const press of this.head.querySelectorAll("button")) {
      const isChosen = press.dataset.column === this.column;
      press.setAttribute("aria-pressed", String(isChosen));
    }
    const whole = Math.max(1, totals[this.column]);
    this.body.replaceChildren(
      ...rows.map((row) => rowOf(row, row[this.column] / whole)),
    );
    this.foot.replaceChildren(
      headOf("Total", "row"),
      element("td", ""),
      ...COLUMNS.map(([column]) => numberCell(totals[column])),
    );
  }
}

const sizeOf = (part: readonly unknown[]): number => part.length;

const numberCell = (value: number): HTMLElement =>
  element("td", "", value.toLocaleString("en"));

function rowOf(row: Row, share: number): HTMLElement {
  const bar = element("span", "ledger-bar");
  bar.style.setProperty("--share", share.toFixed(4));
  const name = headOf(row.name, "row");
  if (row.kind !== "") name.append(" ", element("small", "", row.kind));
  name.append(bar);
  const isRefused = row.shape === "refused";
  return element(
    "tr",
    isRefused ? "ledger-refused" : "",
    name,
    element("td", "", row.shape),
    ...COLUMNS.map(([column]) => numberCell(row[column])),
  );
}

const ledger: Definition = {
  render(props) {
    new Ledger(props);
  },
};

export default ledger;
