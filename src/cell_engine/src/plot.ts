// Draws a plot with uPlot, in the site's colors; fetched when first needed.
import uPlot from "uplot";

import { element } from "./dom";
import type { PlotData, PlotMarker } from "./messages";
import { drawMarkers, rangeOf, roomAbove } from "./plot_markers";

const DEFAULT_RATIO = 0.44;
/** What stands left and right of the plot, in pixels. */
const [LEFT, LABEL, RIGHT] = [52, 18, 12] as const;
// uPlot's enum exists in its types alone, so its values stand here.
/* eslint-disable @typescript-eslint/no-unsafe-enum-assignment */
const LINEAR: uPlot.Scale.Distr = 1;
const LOGARITHMIC: uPlot.Scale.Distr = 3;
/* eslint-enable @typescript-eslint/no-unsafe-enum-assignment */

const DASHES = [[], [8, 4], [2, 4], [10, 4, 2, 4]] as const;

interface Theme {
  readonly text: string;
  readonly grid: string;
  readonly font: string;
  readonly series: readonly string[];
}

function readTheme(host: HTMLElement): Theme {
  const style = getComputedStyle(host);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  const series = [0, 1, 2, 3].map((n) => read(`--cell-series-${n}`));
  return {
    text: read("--cell-muted"),
    grid: read("--cell-grid"),
    font: `12px ${style.fontFamily}`,
    series,
  };
}

/** All series on one common, sorted x axis, as uPlot wants them. */
function align(data: PlotData): uPlot.AlignedData {
  const tables = data.series.map(
    ({ x, y }) => [[...x], [...y]] as uPlot.AlignedData,
  );
  const [first] = tables;
  if (first === undefined) return [[]];
  return tables.length === 1 ? first : uPlot.join(tables);
}

const rounded = (value: number | null | undefined): string =>
  value === null || value === undefined
    ? ""
    : String(Number(value.toPrecision(4)));

export class Chart {
  private plot: uPlot;
  private theme: Theme;
  private readonly title = element("div", "cell-plot-title");
  private readonly canvas = element("div", "cell-plot-canvas");
  private readonly legend = element("div", "cell-plot-legend");
  private readonly spoken = element("div", "cell-spoken");
  private values: HTMLElement[] = [];
  private readonly watchSize: ResizeObserver;
  private readonly watchTheme: MutationObserver;
  private queued = 0;

  constructor(
    private readonly box: HTMLElement,
    private data: PlotData,
  ) {
    this.theme = readTheme(box);
    box.replaceChildren(this.title, this.legend, this.canvas, this.spoken);
    this.readByKeys();
    this.plot = this.create();
    this.watchSize = new ResizeObserver(() => {
      this.plot.setSize(this.size());
    });
    this.watchSize.observe(this.canvas);
    this.watchTheme = new MutationObserver(() => {
      this.theme = readTheme(box);
      this.recreate();
    });
    this.watchTheme.observe(document.body, {
      attributes: true,
      attributeFilter: ["data-md-color-scheme"],
    });
  }

  update(data: PlotData): void {
    const sameShape = shapeOf(data) === shapeOf(this.data);
    this.data = data;
    if (!sameShape) {
      this.recreate();
      return;
    }
    if (this.queued !== 0) return;
    this.queued = requestAnimationFrame(() => {
      this.queued = 0;
      this.plot.setData(align(this.data));
      this.showValues(this.plot, null);
    });
  }

  dispose(): void {
    cancelAnimationFrame(this.queued);
    this.watchSize.disconnect();
    this.watchTheme.disconnect();
    this.plot.destroy();
  }

  /** The arrow keys move from point to point, and the values are spoken. */
  private readByKeys(): void {
    const { canvas, spoken } = this;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    const title = this.data.title ?? "";
    const name = title === "" ? "Chart" : `Chart: ${title}`;
    canvas.setAttribute(
      "aria-label",
      `${name}. The arrow keys read its values.`,
    );
    spoken.setAttribute("aria-live", "polite");
    canvas.addEventListener("keydown", (event) => {
      const last = (this.plot.data[0] as ArrayLike<number>).length - 1;
      const now = this.plot.cursor.idx ?? last;
      const next = {
        ArrowLeft: now - 1,
        ArrowRight: now + 1,
        PageDown: now - Math.ceil(last / 10),
        PageUp: now + Math.ceil(last / 10),
        Home: 0,
        End: last,
      }[event.key];
      if (next === undefined || last < 0) return;
      event.preventDefault();
      this.pointAt(Math.min(last, Math.max(0, next)));
    });
  }

  private pointAt(index: number): void {
    const { plot } = this;
    const x = plot.data[0][index] ?? 0;
    plot.setCursor({ left: plot.valToPos(x, "x"), top: plot.bbox.height / 4 });
    this.showValues(plot, index);
    const words = this.data.series.map(({ name }, at) => {
      const value = rounded(plot.data[at + 1]?.[index]);
      return value === "" ? "" : `${name} ${value}`;
    });
    const here = this.markers.filter((marker) => marker.x === x);
    words.push(...here.map(({ name }) => name));
    const values = words.filter((each) => each !== "").join(", ");
    const label = this.data.x_label ?? "x";
    this.spoken.textContent = `${label} ${rounded(x)}: ${values}`;
  }

  private get markers(): readonly PlotMarker[] {
    return this.data.markers ?? [];
  }

  private recreate(): void {
    this.plot.destroy();
    this.plot = this.create();
  }

  private size(): { width: number; height: number } {
    const width = Math.max(200, Math.floor(this.canvas.clientWidth));
    const fixed = this.canvas.clientHeight;
    return {
      width,
      height: fixed > 80 ? fixed : Math.round(width * DEFAULT_RATIO),
    };
  }

  private create(): uPlot {
    this.title.textContent = this.data.title ?? "";
    this.fillLegend();
    this.box.style.setProperty("--marker-names", `${this.roomAbove()}px`);
    const plot = new uPlot(this.options(), align(this.data), this.canvas);
    this.showValues(plot, null);
    return plot;
  }

  private options(): uPlot.Options {
    const { data, theme } = this;
    const axis = {
      stroke: theme.text,
      font: theme.font,
      labelFont: theme.font,
      labelSize: LABEL,
      labelGap: 0,
      grid: { stroke: theme.grid, width: 1 },
      ticks: { stroke: theme.grid, width: 1, size: 4 },
    };
    const yLabel = data.y_label ?? "";
    return {
      ...this.size(),
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false } },
      padding: [() => 8 + this.roomAbove(), RIGHT, 0, 0],
      scales: {
        x: { time: false, ...this.range() },
        y: { distr: data.log === true ? LOGARITHMIC : LINEAR },
      },
      axes: [
        { ...axis, size: 30, label: data.x_label ?? "" },
        { ...axis, size: LEFT, ...(yLabel === "" ? {} : { label: yLabel }) },
      ],
      series: [{}, ...data.series.map((_, at) => this.lineOf(at))],
      hooks: {
        draw: [
          (plot) => {
            drawMarkers(plot, this.markers, theme.text, theme.font);
          },
        ],
        setCursor: [
          (plot) => {
            this.showValues(plot, plot.cursor.idx ?? null);
          },
        ],
      },
    };
  }

  /** The x axis reaches the markers, too. */
  private range(): uPlot.Scale {
    if (this.markers.length === 0) return {};
    return { range: (_, low, high) => rangeOf(this.markers, low, high) };
  }

  private roomAbove(): number {
    const xs = this.data.series.flatMap(({ x }) => x);
    const ends = [Math.min(...xs), Math.max(...xs)] as const;
    const label = (this.data.y_label ?? "") === "" ? 0 : LABEL;
    const width = this.size().width - LEFT - label - RIGHT;
    return roomAbove(this.markers, rangeOf(this.markers, ...ends), width);
  }

  private lineOf(at: number): uPlot.Series {
    // As in the still: color is never the only difference.
    const points = { show: false };
    if (this.data.series[at]?.baseline === true) {
      const { text: stroke } = this.theme;
      return { stroke, dash: [2, 3], width: 1.5, points, spanGaps: true };
    }
    const dash = DASHES[at % DASHES.length] ?? [];
    const stroke = this.colorOf(at);
    return { stroke, dash: [...dash], width: 1.75, points, spanGaps: true };
  }

  private colorOf(at: number): string {
    const { series } = this.theme;
    return series[at % series.length] ?? "currentcolor";
  }

  private fillLegend(): void {
    this.values = [];
    const entries = this.data.series.map(({ name, baseline }, at) => {
      const swatch = element("span", "cell-plot-swatch");
      const look = baseline === true ? "baseline" : at % DASHES.length;
      swatch.classList.add(`series-${look}`);
      const value = element("span", "cell-plot-value");
      this.values.push(value);
      return element("span", "cell-plot-key", swatch, name, value);
    });
    this.legend.replaceChildren(...entries);
  }

  /** The values under the pointer, or the latest ones. */
  private showValues(plot: uPlot, index: number | null): void {
    this.values.forEach((value, at) => {
      const column = plot.data[at + 1];
      const known =
        index === null ? this.data.series[at]?.y.at(-1) : column?.[index];
      const text = rounded(known);
      if (value.textContent !== text) value.textContent = text;
    });
  }
}

function shapeOf(data: PlotData): string {
  const names = data.series.map(({ name }) => name);
  const labels = [data.title, data.x_label, data.y_label, data.log];
  const marked = (data.markers ?? []).length > 0;
  return JSON.stringify([names, labels, marked]);
}
