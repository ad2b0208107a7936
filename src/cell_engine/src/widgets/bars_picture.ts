// Bars on a logarithmic axis, a row for each series, as wide as the page lets
// them be. What no bar can show, a zero or an infinity, has a sign of its own.
import { drawn, redraw } from "./svg";

/** What is drawn; the sizes of one series after those of another. */
export interface Sizes {
  readonly names: readonly string[];
  readonly labels: readonly string[];
  readonly verdicts: readonly string[];
  readonly sizes: readonly (readonly number[])[];
  /** What is drawn over the bars of some series, by their numbers. */
  readonly lines: ReadonlyMap<number, readonly number[]>;
  readonly lineName: string;
  /** Powers of ten. */
  readonly low: number;
  readonly high: number;
  readonly baseline: number | null;
  readonly title: string;
}

const LEFT = 46;
const RIGHT = 12;
const HEAD = 22;
const ROW = 84;
const FOOT = 40;
const LETTER = 6.2;
/** A bar so wide has its size above it. */
const NUMBERED = 44;
/** Of a bar that is there at all. */
const SHORTEST = 2;
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500];
const TICK_STEPS = [1, 2, 3, 4, 5, 10, 20, 50, 100, 200];
const MOST_TICKS = 4;

/** The sign of a line over the bars. */
const LINE = "━";
const LINE_LOOKS = ["bars-line-ground", "bars-line"];

type Mark = "zero" | "below" | "above" | "infinite" | "nan" | "";

export const SIGNS: readonly (readonly [Mark, string, string])[] = [
  ["zero", "0", "exactly 0"],
  ["below", "▾", "below the axis"],
  ["above", "▴", "above the axis"],
  ["infinite", "∞", "infinite"],
  ["nan", "×", "not a number"],
];

export class BarsPicture {
  readonly root = drawn("svg", { class: "bars", "aria-hidden": "true" });
  private readonly rows = drawn("g", {});
  private readonly cursor = drawn("path", { class: "bars-cursor" });
  private width = 640;
  private now: Sizes | null = null;

  constructor() {
    this.root.append(this.cursor, this.rows);
  }

  /** Draws the sizes; the signs that they need explained. */
  show(now: Sizes, width: number): readonly string[] {
    this.now = now;
    this.width = Math.max(width, 120);
    const height = now.names.length * (HEAD + ROW) + FOOT;
    redraw(this.root, { viewBox: `0 0 ${this.width} ${height}`, height });
    const marks = now.sizes.map((row) => row.map((size) => markOf(size, now)));
    const rows = now.names.map((name, at) =>
      this.row(now, at, name, marks[at] ?? []),
    );
    this.rows.replaceChildren(...rows, ...this.places(now, height - FOOT));
    const found = new Set(marks.flat());
    const signs = SIGNS.filter(([mark]) => found.has(mark)).map(
      ([, sign, words]) => `${sign} ${words}`,
    );
    return now.lines.size > 0 ? [`${LINE} ${now.lineName}`, ...signs] : signs;
  }

  /** Marks the place that is read. */
  point(at: number): void {
    const { pitch, now } = this;
    const width = Math.max(pitch, 3);
    const x = (LEFT + (at + 0.5) * pitch - width / 2).toFixed(1);
    const rows = now?.names ?? [];
    const boxes = rows.map((_, row) => {
      const top = HEAD + row * (HEAD + ROW);
      return `M${x} ${top}h${width.toFixed(1)}v${ROW}h-${width.toFixed(1)}z`;
    });
    redraw(this.cursor, { d: boxes.join("") });
  }

  /** The place below the pointer. */
  placeAt(event: MouseEvent): number {
    const box = this.root.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * this.width - LEFT;
    const last = (this.now?.labels.length ?? 1) - 1;
    return Math.max(0, Math.min(last, Math.floor(x / this.pitch)));
  }

  private get pitch(): number {
    const places = this.now?.labels.length ?? 1;
    return (this.width - LEFT - RIGHT) / places;
  }

  private row(
    now: Sizes,
    at: number,
    name: string,
    marks: readonly Mark[],
  ): SVGElement {
    const top = HEAD + at * (HEAD + ROW);
    const verdict = now.verdicts[at] ?? "";
    const judged = drawn("tspan", { class: "bars-verdict" }, ` ${verdict}`);
    // Beside the axis, if there is room for all the words.
    const room = this.width - LEFT - RIGHT;
    const isLong = (name.length + verdict.length) * LETTER > room;
    const look = { class: "bars-name", x: isLong ? 4 - LEFT : 0, y: -7 };
    const title = drawn("text", look, name, judged);
    return drawn(
      "g",
      { transform: `translate(${LEFT} ${top})` },
      title,
      ...this.grid(now),
      ...this.bars(now, at, marks),
      ...this.line(now, at),
      ...this.marks(marks),
    );
  }

  private grid({ low, high, baseline }: Sizes): SVGElement[] {
    const right = this.width - LEFT - RIGHT;
    const parts = ticksOf(low, high).flatMap((power) => {
      const y = (ROW * (high - power)) / (high - low);
      const text = { class: "bars-tick", x: -6, y: (y + 3.5).toFixed(1) };
      return [
        line("bars-grid", 0, y, right),
        drawn("text", text, powerText(power)),
      ];
    });
    const power = baseline === null ? NaN : Math.log10(baseline);
    if (power >= low && power <= high) {
      const y = (ROW * (high - power)) / (high - low);
      parts.push(line("bars-baseline", -3, y, right + 3));
    }
    return parts;
  }

  private bars(now: Sizes, at: number, marks: readonly Mark[]): SVGElement[] {
    const { pitch } = this;
    const gap = pitch >= 4 ? Math.min(pitch / 4, 3) : 0;
    const wide = pitch - gap;
    const numbers: SVGElement[] = [];
    let d = "";
    now.sizes[at]?.forEach((size, place) => {
      const mark = marks[place] ?? "";
      if (mark === "zero" || mark === "below" || mark === "nan") return;
      const tall = heightOf(size, now);
      const x = place * pitch + gap / 2;
      d += `M${x.toFixed(1)} ${ROW}v-${tall.toFixed(1)}h${wide.toFixed(1)}v${tall.toFixed(1)}z`;
      if (pitch < NUMBERED || mark !== "") return;
      const isInside = ROW - tall < 13; // no room above the bar
      const look = {
        class: `bars-number${isInside ? " bars-on-top" : ""}`,
        x: (x + wide / 2).toFixed(1),
        y: (ROW - tall + (isInside ? 12 : -4)).toFixed(1),
      };
      numbers.push(drawn("text", look, brief(size)));
    });
    const look = { class: `bars-fill bars-${at % 4}`, d };
    return [drawn("path", look), ...numbers];
  }

  /** A path over the bars, on a light one, so that it shows on any color. */
  private line(now: Sizes, at: number): SVGElement[] {
    let [d, isJoined] = ["", false];
    now.lines.get(at)?.forEach((size, place) => {
      const isShown = size > 0 && markOf(size, now) === "";
      if (isShown) {
        const x = (place + 0.5) * this.pitch;
        const y = ROW * (1 - shareOf(size, now));
        d += `${isJoined ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
      }
      isJoined = isShown;
    });
    return d === ""
      ? []
      : LINE_LOOKS.map((look) => drawn("path", { class: look, d }));
  }

  /** One sign for each run of places of one kind. */
  private marks(marks: readonly Mark[]): SVGElement[] {
    const parts: SVGElement[] = [];
    for (let at = 0; at < marks.length;) {
      const kind = marks[at] ?? "";
      let count = 1;
      while (at + count < marks.length && marks[at + count] === kind) count++;
      if (kind !== "") parts.push(...this.run(kind, at, count));
      at += count;
    }
    return parts;
  }

  private run(kind: Mark, at: number, count: number): SVGElement[] {
    const [x, width] = [at * this.pitch, count * this.pitch];
    const isOnTop = kind === "above" || kind === "infinite";
    const height = kind === "nan" ? ROW : 4;
    const y = isOnTop ? 13 : kind === "nan" ? ROW / 2 : ROW - 8;
    const sign = SIGNS.find(([mark]) => mark === kind)?.[1] ?? "";
    const look = {
      class: `bars-mark${isOnTop ? " bars-on-top" : ""}`,
      x: (x + width / 2).toFixed(1),
      y,
    };
    const text = drawn("text", look, sign);
    if (isOnTop) return [text];
    const box = { class: "bars-odd", x, y: ROW - height, width, height };
    return [drawn("rect", box), text];
  }

  private places({ labels, title }: Sizes, bottom: number): SVGElement[] {
    const { pitch } = this;
    const widest = Math.max(...labels.map(({ length }) => length));
    const room = widest * LETTER + 10;
    const step = STEPS.find((one) => one * pitch >= room) ?? labels.length;
    const middle = (this.width + LEFT) / 2;
    const parts = labels.flatMap((label, at) =>
      at % step === 0
        ? [placeText(label, LEFT + (at + 0.5) * pitch, bottom + 14)]
        : [],
    );
    return [...parts, placeText(title, middle, bottom + 32)];
  }
}

function markOf(size: number, { low, high }: Sizes): Mark {
  if (Number.isNaN(size)) return "nan";
  if (!Number.isFinite(size)) return "infinite";
  if (size === 0) return "zero";
  const power = Math.log10(size);
  if (power < low - 1e-9) return "below";
  return power > high + 1e-9 ? "above" : "";
}

function heightOf(size: number, now: Sizes): number {
  return Math.max(SHORTEST, ROW * Math.min(1, shareOf(size, now)));
}

/** How far up the axis a size lies. */
function shareOf(size: number, { low, high }: Sizes): number {
  return (Math.log10(size) - low) / (high - low);
}

/** A few powers of ten, 0 among them where it lies between. */
function ticksOf(low: number, high: number): readonly number[] {
  for (const step of TICK_STEPS) {
    const first = Math.ceil(low / step) * step;
    const count = Math.max(0, Math.floor((high - first) / step) + 1);
    if (count <= MOST_TICKS) {
      return Array.from({ length: count }, (_, at) => first + at * step);
    }
  }
  return [];
}

function powerText(power: number): string {
  if (power === 0) return "1";
  if (power === 1) return "10";
  const raised = Array.from(String(power), (letter) =>
    letter === "-" ? "⁻" : ("⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(letter)] ?? ""),
  );
  return `10${raised.join("")}`;
}

/** A size of two digits, in a few letters. */
function brief(size: number): string {
  if (size >= 0.01 && size < 1e4) {
    return size < 99.5
      ? String(Number(size.toPrecision(2)))
      : Math.round(size).toLocaleString("en");
  }
  return powered(size);
}

/** A size as a reader hears it. */
export function sizeWords(size: number): string {
  if (Number.isNaN(size)) return "not a number";
  if (!Number.isFinite(size)) return "infinite";
  if (size === 0) return "exactly 0";
  return size >= 0.0005 && size < 1e4 ? size.toFixed(3) : powered(size);
}

const powered = (size: number): string =>
  size.toExponential(1).replace("e+", "e").replace("-", "−");

const line = (look: string, x: number, y: number, width: number): SVGElement =>
  drawn("path", { class: look, d: `M${x} ${y.toFixed(1)}h${width}` });

const placeText = (text: string, x: number, y: number): SVGElement =>
  drawn("text", { class: "bars-label bars-place", x: x.toFixed(1), y }, text);
