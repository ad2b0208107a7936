// Moving through the fields of a matrix with the arrow keys.

/** Rows and columns to go, by key. */
export const MOVES: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

/** The nearest of `count` places. */
export const within = (place: number, count: number): number =>
  Math.max(0, Math.min(count - 1, place));
