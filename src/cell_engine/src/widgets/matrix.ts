// Heat maps of a convolution, a product or attention. The output has the
// reader's cursor; every cell opens the dot product behind it.
import { element } from "../dom";
import { MOVES, within } from "../fields";
import type { Definition, Model, RenderProps } from "./contract";
import { createFrame, setByReader, whenChanged } from "./frame";
import type { Frame } from "./frame";
import { HeatMap } from "./heat_map";
import type { Mark, Rows } from "./heat_map";
import { KernelFields } from "./kernel_fields";
import { STATE, workOf } from "./matrix_work";
import type { MatrixState } from "./matrix_work";

type Cell = readonly [number, number];

/** What stands between two of the matrices. */
const SIGNS: Readonly<Record<string, readonly string[]>> = {
  convolution: ["∗", "="],
  product: ["@", "="],
  attention: ["·", "→", "@", "="],
};
const LARGEST_CELL = 40;
/** The longest side of a matrix, in pixels. */
const ROOM = 216;

class Matrix {
  private readonly maps = new Map<string, HeatMap>();
  private readonly grids = element("div", "matrix-grids");
  private readonly work = element("div", "matrix-work");
  private readonly frame: Frame;
  private readonly model: Model;
  private kernel: KernelFields | null = null;
  /** The cell under the pointer, which the pointer takes with it. */
  private hovered: Cell | null = null;

  constructor(props: RenderProps) {
    const { model, signal } = props;
    this.model = model;
    this.frame = createFrame(props);
    const { names, map } = workOf(this.state, this.focus);
    const signs = SIGNS[this.state.kind] ?? [];
    names.forEach(({ key, title }, at) => {
      if (at > 0) {
        this.grids.append(element("span", "matrix-sign", signs[at - 1] ?? ""));
      }
      if (key === "weight") {
        this.kernel = new KernelFields(title, (weight) => {
          setByReader(model, { weight });
        });
        this.grids.append(this.kernel.root);
        return;
      }
      const made = new HeatMap(title);
      this.maps.set(key, made);
      this.grids.append(made.root);
    });
    const target = this.maps.get(map);
    if (target !== undefined) this.listen(target);
    this.frame.body.append(this.grids, this.work);
    this.draw();
    const changing = ["focus", "out", "weight", "weights"];
    whenChanged(model, changing, signal, () => {
      this.draw();
    });
  }

  private get state(): MatrixState {
    const entries = STATE.map((key) => [key, this.model.get(key)] as const);
    return Object.fromEntries(entries) as unknown as MatrixState;
  }

  private get focus(): Cell {
    return this.model.get("focus") as Cell;
  }

  /** The keyboard and the pointer on the matrix that has the cursor. */
  private listen(map: HeatMap): void {
    const { ground } = map;
    ground.tabIndex = 0;
    ground.classList.add("heat-active");
    ground.setAttribute("role", "application");
    ground.setAttribute("aria-roledescription", "heat map");
    ground.addEventListener("keydown", (event) => {
      this.onKey(event, map);
    });
    ground.addEventListener("pointermove", (event) => {
      this.hovered = map.cellAt(event);
      this.draw();
    });
    ground.addEventListener("pointerleave", () => {
      this.hovered = null;
      this.draw();
    });
    ground.addEventListener("click", (event) => {
      this.choose(map.cellAt(event));
    });
  }

  private onKey(event: KeyboardEvent, map: HeatMap): void {
    const [rows, columns] = map.size;
    const [row, column] = this.focus;
    const move = MOVES[event.key];
    let cell: Cell;
    if (move !== undefined) cell = [row + move[0], column + move[1]];
    else if (event.key === "Home") cell = [row, 0];
    else if (event.key === "End") cell = [row, columns - 1];
    else return;
    event.preventDefault();
    this.hovered = null;
    this.choose([within(cell[0], rows), within(cell[1], columns)]);
  }

  private choose(focus: Cell): void {
    setByReader(this.model, { focus });
    this.frame.say(workOf(this.state, focus).words);
  }

  private draw(): void {
    const work = workOf(this.state, this.hovered ?? this.focus);
    for (const { key } of work.names) {
      const rows = this.model.get(key) as Rows;
      if (key === "weight") {
        this.kernel?.show(rows);
        continue;
      }
      const map = this.maps.get(key);
      const cell = this.cellSize(rows, this.state.kind);
      map?.show(rows, cell);
      map?.mark(work.marks[key] ?? ([] as Mark[]), cell);
    }
    const target = this.maps.get(work.map)?.ground;
    target?.setAttribute(
      "aria-label",
      `${work.title}. Arrow keys choose a cell.`,
    );
    this.work.replaceChildren(...work.parts());
  }

  /** A measure in which an image fits beside its kernel and its output. */
  private cellSize(rows: Rows, kind: MatrixState["kind"]): number {
    const largest = kind === "convolution" ? this.state.x : rows;
    const side = Math.max(largest.length, largest[0]?.length ?? 1);
    return Math.min(LARGEST_CELL, Math.max(3, Math.floor(ROOM / side)));
  }
}

const matrix: Definition = {
  render(props) {
    new Matrix(props);
  },
};

export default matrix;
