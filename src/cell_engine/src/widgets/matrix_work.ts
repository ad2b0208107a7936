// The dot product behind a cell: which cells take part, and what they give.
import { element } from "../dom";
import { shortNumber } from "./heat_map";
import type { Mark, Rows } from "./heat_map";

export interface MatrixState {
  readonly kind: "convolution" | "product" | "attention";
  readonly x: Rows;
  readonly weight: Rows;
  readonly bias: number;
  readonly stride: number;
  readonly a: Rows;
  readonly b: Rows;
  readonly query: Rows;
  readonly key: Rows;
  readonly value: Rows;
  readonly scores: Rows;
  readonly hidden: readonly (readonly boolean[])[];
  readonly weights: Rows;
  readonly labels: readonly string[];
  readonly out: Rows;
}

/** What a kind has of these; the others have no value. */
export const STATE: readonly (keyof MatrixState)[] = [
  "kind",
  "x",
  "weight",
  "bias",
  "stride",
  "a",
  "b",
  "query",
  "key",
  "value",
  "scores",
  "hidden",
  "weights",
  "labels",
  "out",
];

export interface Work {
  /** The matrices in the order of the formula. */
  readonly names: readonly { readonly key: string; readonly title: string }[];
  /** The one that has the cursor. */
  readonly map: string;
  readonly marks: Readonly<Record<string, readonly Mark[]>>;
  readonly title: string;
  readonly words: string;
  /** What stands below the matrices. */
  readonly parts: () => HTMLElement[];
}

type Cell = readonly [number, number];

export function workOf(state: MatrixState, cell: Cell): Work {
  if (state.kind === "convolution") return convolution(state, cell);
  if (state.kind === "product") return product(state, cell);
  return attention(state, cell);
}

const at = (rows: Rows, row: number, column: number): number =>
  rows[row]?.[column] ?? 0;

const widthOf = (rows: Rows): number => rows[0]?.length ?? 0;

function convolution(state: MatrixState, [row, column]: Cell): Work {
  const { weight, x, stride, bias, out } = state;
  const [height, width] = [weight.length, widthOf(weight)];
  const terms = weight.flatMap((line, i) =>
    line.map((w, j): Cell => [at(x, row * stride + i, column * stride + j), w]),
  );
  const result = shortNumber(at(out, row, column));
  const end = bias === 0 ? `= ${result}` : `+ ${shortNumber(bias)} = ${result}`;
  return {
    names: [
      { key: "x", title: "image" },
      { key: "weight", title: "kernel" },
      { key: "out", title: "output" },
    ],
    map: "out",
    marks: {
      x: [[row * stride, column * stride, height, width]],
      out: [[row, column, 1, 1]],
    },
    title: titleOf("output", out, row, column),
    words: wordsOf(row, column, terms, end),
    parts: () => [termsTable(terms, width, "patch × kernel"), total(end)],
  };
}

function product({ a, b, out }: MatrixState, [row, column]: Cell): Work {
  const terms = (a[row] ?? []).map((v, k): Cell => [v, at(b, k, column)]);
  const end = `= ${shortNumber(at(out, row, column))}`;
  return {
    names: [
      { key: "a", title: "A" },
      { key: "b", title: "B" },
      { key: "out", title: "A @ B" },
    ],
    map: "out",
    marks: {
      a: [[row, 0, 1, widthOf(a)]],
      b: [[0, column, b.length, 1]],
      out: [[row, column, 1, 1]],
    },
    title: titleOf("product", out, row, column),
    words: wordsOf(row, column, terms, end),
    parts: () => [
      termsTable(terms, terms.length, `row ${row} × column ${column}`),
      total(end),
    ],
  };
}

function attention(state: MatrixState, [row, column]: Cell): Work {
  const { query, key, value, scores, hidden, weights, out, labels } = state;
  const terms = (query[row] ?? []).map((q, d): Cell => [q, at(key, column, d)]);
  const size = terms.length;
  const dot = terms.reduce((sum, [q, k]) => sum + q * k, 0);
  const isHidden = hidden[row]?.[column] ?? false;
  const weight = shortNumber(at(weights, row, column));
  const score = isHidden
    ? "; the mask hides it"
    : `; over √${size} = ${shortNumber(at(scores, row, column))}`;
  const end = `= ${shortNumber(dot)}${score}; weight ${weight}`;
  const names = `${labels[row] ?? row} reads ${labels[column] ?? column}`;
  return {
    names: [
      { key: "query", title: "Q: query × size" },
      { key: "key", title: "K: key × size" },
      { key: "weights", title: "weights: query × key" },
      { key: "value", title: "V: key × size" },
      { key: "out", title: "output: query × size" },
    ],
    map: "weights",
    marks: {
      query: [[row, 0, 1, size]],
      key: [[column, 0, 1, size]],
      weights: [[row, column, 1, 1]],
      value: [[column, 0, 1, widthOf(value)]],
      out: [[row, 0, 1, widthOf(out)]],
    },
    title: `${titleOf("weights", weights, row, column)}, ${names}`,
    words: `${names}. ${wordsOf(row, column, terms, end)}`,
    parts: () => [
      termsTable(terms, size, `query ${row} × key ${column}`),
      total(end),
      reads(state, row, column),
    ],
  };
}

const titleOf = (
  name: string,
  rows: Rows,
  row: number,
  column: number,
): string =>
  `${name}, ${rows.length} by ${widthOf(rows)}: row ${row}, column ${column}`;

function wordsOf(
  row: number,
  column: number,
  terms: readonly Cell[],
  end: string,
): string {
  const products = terms.map(
    ([a, b]) => `${shortNumber(a)} × ${shortNumber(b)}`,
  );
  const shown = products.slice(0, 9).join(" + ");
  const more = products.length > 9 ? ` and ${products.length - 9} more` : "";
  return `Row ${row}, column ${column}: ${shown}${more} ${end}.`;
}

/** Every product, in the shape of the kernel or as one line. */
function termsTable(
  terms: readonly Cell[],
  columns: number,
  title: string,
): HTMLElement {
  const grid = element("div", "matrix-terms");
  grid.style.setProperty("--columns", String(columns));
  for (const [a, b] of terms) {
    const factors = `${shortNumber(a)} × ${shortNumber(b)}`;
    grid.append(
      element(
        "span",
        "matrix-term",
        element("span", "matrix-factors", factors),
        element("span", "matrix-product", shortNumber(a * b)),
      ),
    );
  }
  const around = element("div", "matrix-scroll", grid);
  around.tabIndex = 0;
  return element("div", "", element("p", "matrix-heading", title), around);
}

function total(end: string): HTMLElement {
  return element("p", "matrix-total", `sum ${end}`);
}

/** How much a query reads of each value, as bars. */
function reads(state: MatrixState, row: number, column: number): HTMLElement {
  const { weights, labels } = state;
  const bars = (weights[row] ?? []).map((weight, key) => {
    const bar = element("span", "matrix-bar");
    bar.style.setProperty("--share", weight.toFixed(3));
    const name = element("span", "", labels[key] ?? String(key));
    const line = element(
      "li",
      key === column ? "matrix-read matrix-read-now" : "matrix-read",
      name,
      bar,
      element("span", "matrix-share", shortNumber(weight)),
    );
    return line;
  });
  const title = `softmax: what ${labels[row] ?? row} reads, 1.00 in all`;
  return element(
    "div",
    "",
    element("p", "matrix-heading", title),
    element("ul", "matrix-reads", ...bars),
  );
}
