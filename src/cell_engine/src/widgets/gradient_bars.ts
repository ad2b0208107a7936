// The size of a gradient at every layer or step. Python sets the sizes, also
// while it trains; the reader goes along them.
import { element } from "../dom";
import { headOf, headsOf } from "../tables";
import { arrayOf } from "./arrays";
import { BarsPicture, sizeWords } from "./bars_picture";
import type { Sizes } from "./bars_picture";
import type { Definition, Model, RenderProps } from "./contract";
import { createFrame, setByReader, whenChanged } from "./frame";
import { ValuesTable } from "./values_table";

/** How far a key goes; the ends are infinitely far. */
const MOVES: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
  Home: -Infinity,
  End: Infinity,
};
const SIZES = [
  "names",
  "labels",
  "verdicts",
  "sizes",
  "lined",
  "lines",
  "low",
  "high",
];

type Series = readonly (readonly [string, readonly number[]])[];

class GradientBars {
  private readonly ground = element("div", "bars-ground");
  private readonly picture = new BarsPicture();
  private readonly reading = element("p", "bars-reading");
  private readonly legend = element("p", "bars-legend");
  private readonly table = new ValuesTable("All sizes", () => this.allSizes());
  private readonly model: Model;
  private sizes: Sizes;
  /** The place under the pointer, which the pointer takes with it. */
  private hovered: number | null = null;

  constructor(props: RenderProps) {
    const { model, signal } = props;
    this.model = model;
    this.sizes = sizesOf(model);
    const { body } = createFrame(props);
    this.ground.append(this.picture.root);
    this.ground.tabIndex = 0;
    this.ground.setAttribute("role", "slider");
    this.ground.setAttribute("aria-valuemin", "0");
    this.ground.setAttribute("aria-label", this.label());
    body.append(this.ground, this.legend, this.reading, this.table.root);
    this.listen(signal);
    whenChanged(model, SIZES, signal, () => {
      this.sizes = sizesOf(model);
      this.draw();
    });
    whenChanged(model, ["at"], signal, () => {
      this.read();
    });
    this.draw();
  }

  private get last(): number {
    return this.sizes.labels.length - 1;
  }

  private get at(): number {
    return Math.min(this.last, this.model.get("at") as number);
  }

  private listen(signal: AbortSignal): void {
    const { ground } = this;
    const resized = new ResizeObserver(() => {
      this.draw();
    });
    resized.observe(ground);
    signal.addEventListener("abort", () => {
      resized.disconnect();
    });
    ground.addEventListener("keydown", (event) => {
      const move = MOVES[event.key];
      if (move === undefined || event.altKey || event.ctrlKey) return;
      event.preventDefault();
      this.hovered = null;
      this.go(this.at + move);
    });
    ground.addEventListener("pointerdown", (event) => {
      ground.setPointerCapture(event.pointerId);
      this.go(this.picture.placeAt(event));
    });
    ground.addEventListener("pointermove", (event) => {
      this.hovered = this.picture.placeAt(event);
      if (ground.hasPointerCapture(event.pointerId)) this.go(this.hovered);
      else this.read();
    });
    ground.addEventListener("pointerleave", () => {
      this.hovered = null;
      this.read();
    });
  }

  private go(place: number): void {
    const at = Math.max(0, Math.min(this.last, place));
    if (at !== this.at) setByReader(this.model, { at });
    this.read();
  }

  private draw(): void {
    const signs = this.picture.show(this.sizes, this.ground.clientWidth);
    this.legend.textContent = signs.join(", ");
    this.legend.hidden = signs.length === 0;
    this.read();
    this.table.refresh();
  }

  /** The place that is pointed at, in words. */
  private read(): void {
    const at = Math.min(this.last, this.hovered ?? this.at);
    this.picture.point(at);
    this.reading.textContent = this.wordsOf(at);
    this.ground.setAttribute("aria-valuemax", String(this.last));
    this.ground.setAttribute("aria-valuenow", String(this.at));
    this.ground.setAttribute("aria-valuetext", this.wordsOf(this.at));
  }

  private wordsOf(at: number): string {
    const values = seriesOf(this.sizes).map(
      ([name, row]) => `${name} ${sizeWords(row[at] ?? NaN)}`,
    );
    const label = this.sizes.labels[at] ?? "";
    return `${this.axis} ${label}: ${values.join("; ")}`;
  }

  private get axis(): string {
    return String(this.model.get("axis"));
  }

  private label(): string {
    return `${String(this.model.get("quantity"))} by ${this.axis}`;
  }

  private allSizes(): HTMLTableElement {
    const series = seriesOf(this.sizes);
    const rows = this.sizes.labels.map((label, at) =>
      element(
        "tr",
        "",
        headOf(label, "row"),
        ...series.map(([, row]) =>
          element("td", "", sizeWords(row[at] ?? NaN)),
        ),
      ),
    );
    return element(
      "table",
      "",
      headsOf([this.axis, ...series.map(([name]) => name)]),
      element("tbody", "", ...rows),
    );
  }
}

/** Every series by its name, with its line behind it if it has one. */
function seriesOf({ names, sizes, lines, lineName }: Sizes): Series {
  return names.flatMap((name, at) => {
    const line = lines.get(at);
    const own = [name, sizes[at] ?? []] as const;
    return line === undefined ? [own] : [own, [`${name}, ${lineName}`, line]];
  });
}

function rowsOf(value: unknown): readonly (readonly number[])[] {
  const { data, shape } = arrayOf(value);
  const [count = 0, places = 0] = shape;
  return Array.from({ length: count }, (_, row) => [
    ...data.slice(row * places, (row + 1) * places),
  ]);
}

function sizesOf(model: Model): Sizes {
  const lines = rowsOf(model.get("lines"));
  const lined = model.get("lined") as number[];
  const names = model.get("names") as string[];
  const labels = model.get("labels") as string[];
  const enters = String(model.get("enters"));
  const end = enters === "last" ? labels.at(-1) : labels[0];
  const axis = String(model.get("axis"));
  const way = `; the ${String(model.get("quantity"))} enters at ${end ?? ""}`;
  return {
    names,
    labels,
    verdicts: model.get("verdicts") as string[],
    sizes: rowsOf(model.get("sizes")),
    lines: new Map(lined.map((at, row) => [at, lines[row] ?? []])),
    lineName: String(model.get("line_name")),
    low: model.get("low") as number,
    high: model.get("high") as number,
    baseline: model.get("baseline") as number | null,
    title: enters === "" ? axis : axis + way,
  };
}

const gradientBars: Definition = {
  render(props) {
    new GradientBars(props);
  },
};

export default gradientBars;
