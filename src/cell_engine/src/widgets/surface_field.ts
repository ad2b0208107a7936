// What Python says all over the plane: which class is ahead by how much, where
// the line between classes runs, and what is said at a single place.
import type { NumberArray } from "./arrays";

/** A place as shares of the plane: from the left, and from the top. */
export type Share = readonly [number, number];

export interface Field {
  /** Probabilities, class by class; a single one is a value. */
  readonly planes: readonly Float32Array[];
  readonly rows: number;
  readonly columns: number;
  /** The values with the full color of the first and the second class. */
  readonly range: readonly [number, number];
}

export function fieldOf(array: NumberArray, range: Field["range"]): Field {
  const [count = 0, rows = 0, columns = 0] = array.shape;
  const all = Float32Array.from(array.data);
  const size = rows * columns;
  const planes = Array.from({ length: count }, (_, at) =>
    all.subarray(at * size, (at + 1) * size),
  );
  return { planes, rows, columns, range };
}

/** How far each class is ahead of the next best, from -1 to 1. */
export function marginsOf({ planes, range }: Field): Float32Array[] {
  const [values] = planes;
  if (values === undefined) return [];
  if (planes.length === 1) {
    const [low, high] = range;
    const ahead = values.map((value) => {
      const share = (2 * value - low - high) / (high - low);
      return Math.max(-1, Math.min(1, share));
    });
    return [ahead.map((margin) => -margin), ahead];
  }
  return planes.map((plane, kind) =>
    plane.map((value, at) => {
      let best = 0;
      planes.forEach((other, one) => {
        if (one !== kind) best = Math.max(best, other[at] ?? 0);
      });
      return value - best;
    }),
  );
}

/** Between the middles of the grid's cells, in a straight line. */
export function valuesAt(field: Field, [across, down]: Share): number[] {
  const { columns, planes, rows } = field;
  const x = clamped(across * columns - 0.5, columns - 1);
  const y = clamped(down * rows - 0.5, rows - 1);
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, low] = [
    Math.min(left + 1, columns - 1),
    Math.min(top + 1, rows - 1),
  ];
  const [shareX, shareY] = [x - left, y - top];
  return planes.map((plane) => {
    const at = (row: number, column: number): number =>
      plane[row * columns + column] ?? 0;
    const above = mixed(at(top, left), at(top, right), shareX);
    const below = mixed(at(low, left), at(low, right), shareX);
    return mixed(above, below, shareY);
  });
}

type Piece = readonly [Share, Share];

/** The corners of a square, one after the other around it. */
const AROUND = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
] as const;

/** The line where a margin is zero, as pieces across single cells. */
export function contourOf(margin: Float32Array, field: Field): Piece[] {
  const { columns, rows } = field;
  const inside = (x: number, y: number): number =>
    margin[clamped(y, rows - 1) * columns + clamped(x, columns - 1)] ?? 0;
  // The line goes straight on from the outer cells' middles to the border.
  const across = (x: number, y: number): number =>
    2 * inside(x, y) - inside(2 * clamped(x, columns - 1) - x, y);
  const at = (x: number, y: number): number =>
    2 * across(x, y) - across(x, 2 * clamped(y, rows - 1) - y);
  const pieces: Piece[] = [];
  for (let y = -1; y < rows; y += 1) {
    for (let x = -1; x < columns; x += 1) {
      const above = at(x, y) > 0;
      const isCrossed =
        at(x + 1, y) > 0 !== above ||
        at(x + 1, y + 1) > 0 !== above ||
        at(x, y + 1) > 0 !== above;
      if (!isCrossed) continue;
      const ends = crossings(x, y, at).map(([right, down]): Share => [
        (right + 0.5) / columns,
        (down + 0.5) / rows,
      ]);
      // A saddle has two pieces; either pairing of the four ends is right.
      for (let n = 0; n + 1 < ends.length; n += 2) {
        pieces.push([ends[n] ?? [0, 0], ends[n + 1] ?? [0, 0]]);
      }
    }
  }
  return pieces;
}

/** Where the line crosses the sides of a square. */
function crossings(
  x: number,
  y: number,
  at: (x: number, y: number) => number,
): Share[] {
  const ends: Share[] = [];
  AROUND.forEach(([right, down], n) => {
    const [nextRight, nextDown] = AROUND[(n + 1) % 4] ?? [0, 0];
    const here = at(x + right, y + down);
    const there = at(x + nextRight, y + nextDown);
    if (here > 0 === there > 0) return;
    const share = here / (here - there);
    ends.push([
      x + mixed(right, nextRight, share),
      y + mixed(down, nextDown, share),
    ]);
  });
  return ends;
}

const mixed = (one: number, other: number, share: number): number =>
  one + share * (other - one);

const clamped = (value: number, last: number): number =>
  Math.max(0, Math.min(last, value));
