// Numbers along the edges of a plane, within it, as Python's still has them.
import { drawn } from "./svg";

/** A number with its place, as a share of the edge. */
type Tick = readonly [number, string];

export interface Axes {
  readonly x?: readonly Tick[];
  readonly y?: readonly Tick[];
  /** What runs from left to right, and from the bottom up. */
  readonly labels?: readonly [string, string];
}

const TICK = 6;

/** All of them, for a plane of this size. */
export function axesOf(axes: Axes, width: number, height: number): SVGElement {
  const { x = [], y = [], labels = ["", ""] } = axes;
  const below = height - TICK - 5;
  const marks = [
    ...x.map(([share]) => `M${(width * share).toFixed(1)} ${height}v-${TICK}`),
    ...y.map(([share]) => `M0 ${(height * (1 - share)).toFixed(1)}h${TICK}`),
  ];
  return drawn(
    "g",
    { class: "surface-axes" },
    drawn("path", { d: marks.join("") }),
    ...x.map(([share, name]) =>
      drawn(
        "text",
        { x: width * share, y: below, "text-anchor": "middle" },
        name,
      ),
    ),
    ...y.map(([share, name]) => {
      const at = { x: TICK + 5, y: height * (1 - share) };
      return drawn("text", { ...at, "dominant-baseline": "central" }, name);
    }),
    drawn("text", { x: width - 9, y: below, "text-anchor": "end" }, labels[0]),
    drawn("text", { x: 9, y: 9, "dominant-baseline": "hanging" }, labels[1]),
  );
}
