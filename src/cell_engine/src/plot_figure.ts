// A plot's place in the page: holds its box while the drawing code is fetched,
// then hands it the data; keeps the summary and the table for every reader.
import { element } from "./dom";
import type { PlotData, PlotSeries } from "./messages";
import type { Chart } from "./plot";
import { ownTask } from "./own_task";
import { headsOf } from "./tables";
import { countOf } from "./wording";

const TABLE_ROWS = 60;

async function loadDrawing(): Promise<typeof import("./plot")> {
  const drawing = await import("./plot");
  await ownTask(); // to run the module was one
  return drawing;
}

export class PlotFigure {
  private readonly box = element("div", "cell-plot-box");
  private readonly caption = element("figcaption", "");
  private chart: Chart | null = null;
  private disposed = false;

  static preload(): void {
    loadDrawing().catch(() => undefined);
  }

  constructor(
    private readonly figure: HTMLElement,
    private data: PlotData,
  ) {
    figure.append(this.box, this.caption, this.dataTable());
    // The line's place is kept; what it says would change with every step.
    this.caption.textContent = "\u00a0";
    loadDrawing().then(
      ({ Chart }) => {
        if (!this.disposed) this.chart = new Chart(this.box, this.data);
      },
      () => {
        this.box.textContent =
          "The plot could not be drawn; its data stand below.";
      },
    );
  }

  update(data: PlotData): void {
    this.data = data;
    this.chart?.update(data);
  }

  /** The last data have come: the summary may speak of the whole. */
  finish(): void {
    this.caption.textContent = summaryOf(this.data);
    this.figure.dataset.plot = JSON.stringify(this.data);
  }

  dispose(): void {
    this.disposed = true;
    this.chart?.dispose();
    this.chart = null;
  }

  private dataTable(): HTMLDetailsElement {
    const made = element("details", "", element("summary", "", "Data"));
    made.addEventListener("toggle", () => {
      made.querySelector(".cell-table")?.remove();
      if (made.open) made.append(tableOf(this.data));
    });
    return made;
  }
}

const shown = (value: number | null | undefined): string =>
  value === null || value === undefined
    ? ""
    : String(Number(value.toPrecision(4)));

/** The words of the static still, which Python writes at build. */
function summaryOf(data: PlotData): string {
  const parts = data.series.map((series) => seriesSummary(series, data));
  for (const { name, x } of data.markers ?? []) {
    parts.push(`${name} at ${data.x_label ?? "x"} ${shown(x)}`);
  }
  const head = data.title ? `${data.title}: ` : "";
  const scale = data.log === true ? " Logarithmic axis." : "";
  return `${head}${parts.join("; ") || "no data"}.${scale}`;
}

function seriesSummary(series: PlotSeries, data: PlotData): string {
  const { name, x, y } = series;
  const at = data.x_label ?? "x";
  const [start, end] = [shown(y[0]), shown(y.at(-1))];
  const [from, to] = [shown(x[0]), shown(x.at(-1))];
  const left = leftOut(series, data.log === true);
  if (y.length === 0) return `${name} has nothing to draw${left}`;
  if (series.baseline === true) return `${name} at ${start}`;
  if (y.length === 1) return `${name} ${start} at ${at} ${from}${left}`;
  return `${name} from ${start} at ${at} ${from} to ${end} at ${to}${turns(y)}${left}`;
}

/** The lowest and highest value where they are not at the ends. */
function turns(y: readonly number[]): string {
  const ends = [y[0] ?? 0, y.at(-1) ?? 0];
  const low = Math.min(...y);
  const high = Math.max(...y);
  const words: string[] = [];
  if (low < Math.min(...ends)) words.push(`lowest ${shown(low)}`);
  if (high > Math.max(...ends)) words.push(`highest ${shown(high)}`);
  return words.length === 0 ? "" : ` (${words.join(", ")})`;
}

function leftOut(series: PlotSeries, log: boolean): string {
  const count = series.skipped ?? 0;
  if (count === 0) return "";
  const what = log ? "finite and positive" : "finite";
  return ` (${countOf(count, "value")} not ${what}, left out)`;
}

function tableOf(data: PlotData): HTMLElement {
  const rows = new Map<number, string[]>();
  data.series.forEach((series, column) => {
    series.x.forEach((x, at) => {
      const row = rows.get(x) ?? [];
      row[column] = shown(series.y[at]);
      rows.set(x, row);
    });
  });
  const markers = new Map<number, string>();
  for (const { name, x } of data.markers ?? []) {
    markers.set(x, `${markers.get(x) ?? ""}, ${name}`);
    if (!rows.has(x)) rows.set(x, []);
  }
  const sorted = [...rows].sort(([a], [b]) => a - b);
  const stride = Math.max(1, Math.ceil(sorted.length / TABLE_ROWS));
  const names = [data.x_label ?? "x", ...data.series.map(({ name }) => name)];
  const body = element("tbody", "");
  sorted.forEach(([x, values], at) => {
    const marked = markers.get(x) ?? "";
    const left = at % stride !== 0 && at !== sorted.length - 1;
    if (left && marked === "") return;
    const cells = [
      shown(x) + marked,
      ...data.series.map((_, i) => values[i] ?? ""),
    ];
    body.append(
      element("tr", "", ...cells.map((value) => element("td", "", value))),
    );
  });
  const table = element("table", "", headsOf(names), body);
  return element("div", "cell-table", table);
}
