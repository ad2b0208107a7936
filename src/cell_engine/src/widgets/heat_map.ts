// A matrix as a heat map: orange above zero, blue below, and marks on the
// cells that take part in what the reader looks at.
import { element } from "../dom";
import { within } from "../fields";
import { fixed } from "./numbers";
import { drawn, redraw } from "./svg";

export type Rows = readonly (readonly number[])[];

/** Row, column, height and width. */
export type Mark = readonly [number, number, number, number];

const SHADES = 12;
/** Numbers stand in cells at least so many pixels wide. */
const READABLE = 30;

export class HeatMap {
  readonly root = element("figure", "heat");
  readonly ground = element("div", "heat-ground");
  private readonly svg = drawn("svg", {
    class: "heat-svg",
    "aria-hidden": "true",
  });
  private readonly shades = drawn("g", {});
  private readonly numbers = drawn("g", { class: "heat-numbers" });
  private readonly marks = drawn("g", {});
  private rows: Rows = [];

  constructor(title: string) {
    this.svg.append(this.shades, this.numbers, this.marks);
    this.ground.append(this.svg);
    this.root.append(element("figcaption", "heat-title", title), this.ground);
  }

  /** How many rows and columns there are. */
  get size(): readonly [number, number] {
    return [this.rows.length, this.rows[0]?.length ?? 0];
  }

  show(rows: Rows, cell: number): void {
    this.rows = rows;
    const [height, width] = this.size;
    this.ground.style.setProperty("--heat-width", `${width * cell}px`);
    redraw(this.svg, { viewBox: `0 0 ${width * cell} ${height * cell}` });
    redraw(this.shades, { transform: `scale(${cell})` });
    this.shades.replaceChildren(...shadesOf(rows));
    const readable = cell >= READABLE;
    this.numbers.replaceChildren(...(readable ? numbersOf(rows, cell) : []));
  }

  mark(marks: readonly Mark[], cell: number): void {
    this.marks.replaceChildren(
      ...marks.map(([row, column, height, width]) =>
        drawn("rect", {
          class: "heat-mark",
          x: column * cell,
          y: row * cell,
          width: width * cell,
          height: height * cell,
        }),
      ),
    );
  }

  /** The cell below the pointer. */
  cellAt(event: MouseEvent): readonly [number, number] {
    const box = this.svg.getBoundingClientRect();
    const [rows, columns] = this.size;
    const row = Math.floor(((event.clientY - box.top) / box.height) * rows);
    const column = Math.floor(
      ((event.clientX - box.left) / box.width) * columns,
    );
    return [within(row, rows), within(column, columns)];
  }
}

/** One path for each shade; cells of one shade in a row are joined. */
function shadesOf(rows: Rows): SVGElement[] {
  const largest = Math.max(...rows.flat().map(Math.abs)) || 1;
  const paths = new Map<number, string>();
  rows.forEach((row, y) => {
    const shades = row.map((value) => Math.round((SHADES * value) / largest));
    for (let x = 0; x < shades.length;) {
      const shade = shades[x] ?? 0;
      let count = 1;
      while (shades[x + count] === shade) count += 1;
      const square = `M${x} ${y}h${count}v1h-${count}z`;
      if (shade !== 0) paths.set(shade, (paths.get(shade) ?? "") + square);
      x += count;
    }
  });
  return [...paths].map(([shade, d]) =>
    drawn("path", {
      class: shade > 0 ? "heat-more" : "heat-less",
      "fill-opacity": (Math.abs(shade) / SHADES).toFixed(2),
      d,
    }),
  );
}

function numbersOf(rows: Rows, cell: number): SVGElement[] {
  return rows.flatMap((row, y) =>
    row.map((value, x) =>
      drawn(
        "text",
        {
          class: "heat-number",
          x: (x + 0.5) * cell,
          y: (y + 0.5) * cell + 3.5,
        },
        shortNumber(value),
      ),
    ),
  );
}

/** A number in at most five letters. */
export function shortNumber(value: number): string {
  return fixed(value, Math.abs(value) < 9.995 ? 2 : 0);
}
