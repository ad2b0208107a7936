// The curve of a signal, as wide as the page lets it be: a point for each
// value, the example it began as behind it, and the place of the keyboard.
import { fixed } from "./numbers";
import { drawn, redraw } from "./svg";

export type Values = readonly number[];

/** A position, and a value there. */
export type Spot = readonly [number, number];

const LEFT = 30;
const RIGHT = 8;
const TOP = 10;
const CURVE = 190;
const FOOT = 22;
const DOT = 2.5;
const RING = 7;
const STEPS = [1, 2, 5, 10, 20, 50];
/** What the number of a position takes. */
const ROOM = 30;

export class SignalPicture {
  readonly root = drawn("svg", { class: "signal", "aria-hidden": "true" });
  private readonly grid = drawn("g", {});
  private readonly before = drawn("path", { class: "signal-before" });
  private readonly line = drawn("path", { class: "signal-line" });
  private readonly dots = drawn("path", { class: "signal-dots" });
  private readonly ring = drawn("circle", { class: "signal-ring", r: RING });
  private width = 640;

  constructor(
    private readonly count: number,
    private readonly low: number,
    private readonly high: number,
  ) {
    const { before, dots, grid, line, ring } = this;
    this.root.append(grid, before, line, dots, ring);
  }

  /** Takes the width that there is. */
  fit(width: number): void {
    this.width = Math.max(width, 120);
    const height = CURVE + FOOT;
    redraw(this.root, { viewBox: `0 0 ${this.width} ${height}`, height });
    this.grid.replaceChildren(...this.levels(), ...this.ticks());
  }

  show(values: Values, example: Values): void {
    const spots = values.map((value, at) => this.spot([at, value]));
    redraw(this.line, { d: pathOf(spots) });
    redraw(this.dots, { d: spots.map(dotOf).join("") });
    const first = example.map((value, at) => this.spot([at, value]));
    redraw(this.before, { d: pathOf(first) });
  }

  point(spot: Spot): void {
    const [cx, cy] = this.spot(spot);
    redraw(this.ring, { cx, cy });
  }

  /** The position below the pointer, and the value at its height. */
  spotAt(event: MouseEvent): Spot {
    const box = this.root.getBoundingClientRect();
    const scale = this.width / box.width;
    const x = (event.clientX - box.left) * scale - LEFT;
    const y = (event.clientY - box.top) * scale - TOP;
    const at = Math.floor(x / this.pitch);
    const span = this.high - this.low;
    const value = this.high - (y / (CURVE - 2 * TOP)) * span;
    return [
      Math.max(0, Math.min(this.count - 1, at)),
      Math.max(this.low, Math.min(this.high, value)),
    ];
  }

  private get pitch(): number {
    return (this.width - LEFT - RIGHT) / this.count;
  }

  private spot([at, value]: Spot): Spot {
    const share = (this.high - value) / (this.high - this.low);
    const x = LEFT + (at + 0.5) * this.pitch;
    const y = TOP + (CURVE - 2 * TOP) * share;
    return [Number(x.toFixed(1)), Number(y.toFixed(1))];
  }

  private levels(): SVGElement[] {
    const inside = [this.low, 0, this.high].filter(
      (level) => level >= this.low && level <= this.high,
    );
    return [...new Set(inside)].flatMap((level) => {
      const [, y] = this.spot([0, level]);
      const d = `M${LEFT} ${y}H${this.width - RIGHT}`;
      const look = { class: "signal-level", x: LEFT - 6, y: y + 4 };
      const text = fixed(level, Number.isInteger(level) ? 0 : 1);
      return [
        drawn("path", { class: "signal-grid", d }),
        drawn("text", look, text),
      ];
    });
  }

  private ticks(): SVGElement[] {
    const step = STEPS.find((one) => one * this.pitch >= ROOM) ?? this.count;
    const places = Array.from({ length: this.count }, (_, at) => at);
    return places
      .filter((at) => at % step === 0)
      .map((at) => {
        const [x] = this.spot([at, 0]);
        const look = { class: "signal-tick", x, y: CURVE + 16 };
        return drawn("text", look, String(at));
      });
  }
}

const pathOf = (spots: readonly Spot[]): string =>
  spots.length === 0 ? "" : `M${spots.map((spot) => spot.join(" ")).join("L")}`;

/** A circle out of two halves. */
const dotOf = ([x, y]: Spot): string => {
  const half = `a${DOT} ${DOT} 0 1 0 `;
  return `M${x - DOT} ${y}${half}${2 * DOT} 0${half}${-2 * DOT} 0z`;
};
