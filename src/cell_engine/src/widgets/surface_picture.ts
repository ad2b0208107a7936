// The drawing: a canvas for what Python says, and SVG for the line between
// the classes, the points, the arrows and the cross.
import { element } from "../dom";
import type { Numbers } from "./arrays";
import { axesOf } from "./surface_axes";
import type { Axes } from "./surface_axes";
import { contourOf, marginsOf } from "./surface_field";
import type { Field, Share } from "./surface_field";
import type { Dot } from "./surface_edits";
import { drawn, redraw } from "./svg";

const WIDTH = 560;
const REACH = 11;
/** So many are a path, more of them a field: drawn finer. */
const FEW_ARROWS = 30;
/** How much of a class's color lies upon the ground where it is certain. */
const DEPTH = 0.6;

/** One sign for each class around (0, 0), as Python's still has them. */
const SIGNS = [
  "m-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0 -7.2 0z",
  "m-3.3 -3.3h6.6v6.6h-6.6z",
  "m0 -4.6l4.4 7.8h-8.8z",
  "m0 -4.9l4.9 4.9l-4.9 4.9l-4.9 -4.9z",
  "m-1.3 -4.3h2.6v3h3v2.6h-3v3h-2.6v-3h-3v-2.6h3z",
  "m0 4.6l4.4 -7.8h-8.8z",
] as const;

type Color = readonly [number, number, number];

export class SurfacePicture {
  readonly root = element("div", "surface-plane");
  private readonly canvas = element("canvas", "surface-canvas");
  private readonly line = drawn("path", { class: "surface-line" });
  private readonly arrows = drawn("path", { class: "surface-arrow" });
  private readonly cross = drawn("path", { class: "surface-cross" });
  private readonly signs: readonly SVGElement[];
  private readonly height: number;
  private colors: readonly Color[] = [];

  constructor(
    private readonly kinds: number,
    aspect: number,
    axes: Axes,
  ) {
    this.height = WIDTH / aspect;
    this.signs = Array.from({ length: kinds }, (_, kind) =>
      drawn("path", { class: `surface-point surface-kind-${kind}` }),
    );
    const overlay = drawn(
      "svg",
      {
        class: "surface-overlay",
        viewBox: `0 0 ${WIDTH} ${this.height}`,
        "aria-hidden": "true",
      },
      this.line,
      axesOf(axes, WIDTH, this.height),
      this.arrows,
      ...this.signs,
      this.cross,
    );
    this.root.append(this.canvas, overlay);
  }

  /** The theme's colors, as they are now. */
  readColors(): void {
    const probe = element("span", "");
    this.root.append(probe);
    const kinds = Math.max(2, this.kinds);
    const looks = Array.from({ length: kinds }, (_, n) => `surface-kind-${n}`);
    this.colors = ["surface-base", ...looks].map((look) => {
      probe.className = look;
      return colorOf(getComputedStyle(probe).color);
    });
    probe.remove();
  }

  /** The colors, and the lines between classes or at levels of the value. */
  drawField(field: Field, levels: readonly number[]): void {
    const margins = marginsOf(field);
    this.paint(field, margins);
    const [values] = field.planes;
    const lines =
      levels.length > 0 && values !== undefined
        ? levels.map((level) => values.map((value) => value - level))
        : margins.slice(1);
    const look = levels.length > 0 ? "surface-level" : "surface-line";
    const pieces = lines.flatMap((margin) => contourOf(margin, field));
    const d = pieces.map(
      (ends) => `M${ends.map((end) => this.at(end)).join("L")}`,
    );
    redraw(this.line, { class: look, d: d.join("") });
  }

  drawDots(dots: readonly Dot[], placeOf: (dot: Dot) => Share): void {
    this.signs.forEach((sign, kind) => {
      const parts = dots
        .filter((dot) => dot.kind === kind)
        .map((dot) => `M${this.at(placeOf(dot))}${SIGNS[kind] ?? ""}`);
      redraw(sign, { d: parts.join("") });
    });
  }

  drawArrows(arrows: readonly (readonly [Share, Share])[]): void {
    const isFew = arrows.length <= FEW_ARROWS;
    const parts = arrows.map(([from, to]) => {
      const [x, y] = this.pixels(from);
      const [right, down] = [this.pixels(to)[0] - x, this.pixels(to)[1] - y];
      const back = (isFew ? 7 : 4) / Math.max(Math.hypot(right, down), 1e-9);
      const one = pair(
        -back * (right + 0.6 * down),
        -back * (down - 0.6 * right),
      );
      const gone = pair(
        back * (right + 0.6 * down),
        back * (down - 0.6 * right),
      );
      const two = pair(
        -back * (right - 0.6 * down),
        -back * (down + 0.6 * right),
      );
      return `M${pair(x, y)}l${pair(right, down)}l${one}m${gone}l${two}`;
    });
    const look = isFew ? "surface-arrow surface-few" : "surface-arrow";
    redraw(this.arrows, { class: look, d: parts.join("") });
  }

  drawCross(place: Share): void {
    const [x, y] = this.pixels(place);
    redraw(this.cross, {
      d: `M${pair(x, y - REACH)}v${2 * REACH}M${pair(x - REACH, y)}h${2 * REACH}`,
    });
  }

  /** The place under the pointer, within the plane. */
  placeOf(event: PointerEvent): Share {
    const box = this.canvas.getBoundingClientRect();
    const share = (at: number, size: number): number =>
      Math.max(0, Math.min(1, at / size));
    return [
      share(event.clientX - box.left, box.width),
      share(event.clientY - box.top, box.height),
    ];
  }

  /** How far apart two places are on the screen, in its pixels. */
  distance(one: Share, other: Share): number {
    const box = this.canvas.getBoundingClientRect();
    return Math.hypot(
      (one[0] - other[0]) * box.width,
      (one[1] - other[1]) * box.height,
    );
  }

  private paint({ columns, rows }: Field, margins: Float32Array[]): void {
    const { canvas } = this;
    canvas.width = columns;
    canvas.height = rows;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (context === null) return;
    const pixels = context.createImageData(columns, rows);
    const { data } = pixels;
    const [base = [0, 0, 0], ...colors] = this.colors;
    for (let at = 0; at < rows * columns; at += 1) {
      let strength = 0;
      let color: Color = base;
      for (let kind = 0; kind < margins.length; kind += 1) {
        const ahead = margins[kind]?.[at] ?? 0;
        if (ahead <= strength) continue;
        strength = ahead;
        color = colors[kind] ?? base;
      }
      const share = DEPTH * strength;
      data[4 * at] = base[0] + share * (color[0] - base[0]);
      data[4 * at + 1] = base[1] + share * (color[1] - base[1]);
      data[4 * at + 2] = base[2] + share * (color[2] - base[2]);
      data[4 * at + 3] = 255;
    }
    context.putImageData(pixels, 0, 0);
  }

  private pixels([across, down]: Share): readonly [number, number] {
    return [across * WIDTH, down * this.height];
  }

  private at(place: Share): string {
    return pair(...this.pixels(place));
  }
}

/** A class's sign for a legend or a button. */
export function signOf(kind: number): SVGElement {
  return drawn(
    "svg",
    { class: "surface-sign", viewBox: "-7 -7 14 14", "aria-hidden": "true" },
    drawn("path", {
      class: `surface-point surface-kind-${kind}`,
      d: `M0 0${SIGNS[kind] ?? ""}`,
    }),
  );
}

/** The ends of arrows, out of rows of a start and a step. */
export function arrowsOf(
  rows: Numbers,
  shareOf: (x: number, y: number) => Share,
): (readonly [Share, Share])[] {
  const count = Math.floor(rows.length / 4);
  return Array.from({ length: count }, (_, n) => {
    const [x = 0, y = 0, right = 0, up = 0] = rows.slice(4 * n, 4 * n + 4);
    return [shareOf(x, y), shareOf(x + right, y + up)];
  });
}

/** Any color that a stylesheet may hold, as the canvas paints it. */
function colorOf(color: string): Color {
  const canvas = element("canvas", "");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) return [0, 0, 0];
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

const pair = (x: number, y: number): string =>
  `${x.toFixed(1)} ${y.toFixed(1)}`;
