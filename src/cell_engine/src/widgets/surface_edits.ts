// What the reader does to the points: adds, moves, removes, takes back. The
// cell's own points are never changed, only which of them are gone.
import type { Model } from "./contract";
import { setByReader } from "./frame";

export type Drawn = readonly [number, number, number];

/** A point of the plane, and how it is named in the state. */
export interface Dot {
  readonly x: number;
  readonly y: number;
  readonly kind: number;
  /** Its place among the cell's points, or, behind those, among the drawn. */
  readonly id: number;
}

interface Edits {
  readonly drawn: readonly Drawn[];
  readonly removed: readonly number[];
}

/** As many as Python takes. */
const MOST_DRAWN = 500;
const MOST_STEPS = 100;

export class SurfaceEdits {
  private readonly past: Edits[] = [];
  /** What Python knows; the model may be ahead of it within a stroke. */
  private known: Edits;

  constructor(
    private readonly model: Model,
    private readonly onUndoable: (can: boolean) => void,
  ) {
    this.known = this.now;
  }

  private get now(): Edits {
    return {
      drawn: this.model.get("drawn") as Drawn[],
      removed: this.model.get("removed") as number[],
    };
  }

  get isFull(): boolean {
    return this.now.drawn.length >= MOST_DRAWN;
  }

  /** The points that are there now. */
  dots(own: Float32Array, labels: ArrayLike<number>): Dot[] {
    const { drawn, removed } = this.now;
    const gone = new Set(removed);
    const dots: Dot[] = [];
    for (let id = 0; id < labels.length; id += 1) {
      if (gone.has(id)) continue;
      const [x, y] = [own[2 * id] ?? 0, own[2 * id + 1] ?? 0];
      dots.push({ x, y, kind: labels[id] ?? 0, id });
    }
    drawn.forEach(([x, y, kind], at) => {
      dots.push({ x, y, kind, id: labels.length + at });
    });
    return dots;
  }

  add(point: Drawn): void {
    if (this.isFull) return;
    this.set({ ...this.now, drawn: [...this.now.drawn, point] });
  }

  remove(ids: readonly number[], ownCount: number): void {
    const { drawn, removed } = this.now;
    const gone = new Set(ids);
    const own = ids.filter((id) => id < ownCount);
    this.set({
      drawn: drawn.filter((_, at) => !gone.has(ownCount + at)),
      removed: [...removed, ...own].sort((one, other) => one - other),
    });
  }

  /** Moves a point; the id under which it is known from then on. */
  move({ id, kind }: Dot, x: number, y: number, ownCount: number): number {
    const { drawn, removed } = this.now;
    const point: Drawn = [x, y, kind];
    if (id >= ownCount) {
      const at = id - ownCount;
      this.set({ drawn: drawn.with(at, point), removed });
      return id;
    }
    if (this.isFull) return id;
    this.set({ drawn: [...drawn, point], removed: [...removed, id] });
    return ownCount + drawn.length;
  }

  /** The end of a stroke: one step to take back, one message to Python. */
  commit(): void {
    if (isSame(this.known, this.now)) return;
    this.remember();
    setByReader(this.model, { ...this.known });
  }

  /** Reset or a link may have changed the points. */
  notice(): void {
    if (!isSame(this.known, this.now)) this.remember();
  }

  undo(): boolean {
    const before = this.past.pop();
    if (before === undefined) return false;
    this.known = before;
    setByReader(this.model, { ...before });
    this.onUndoable(this.past.length > 0);
    return true;
  }

  private remember(): void {
    this.past.push(this.known);
    if (this.past.length > MOST_STEPS) this.past.shift();
    this.known = this.now;
    this.onUndoable(true);
  }

  private set({ drawn, removed }: Edits): void {
    this.model.set("removed", removed);
    this.model.set("drawn", drawn);
  }
}

const isSame = (one: Edits, other: Edits): boolean =>
  JSON.stringify(one) === JSON.stringify(other);
