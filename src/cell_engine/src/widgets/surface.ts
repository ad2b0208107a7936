// A decision surface. The reader looks, draws, moves and removes points; Python
// says what it makes of them, also while it trains. Or the reader only looks.
import { element } from "../dom";
import { MOVES } from "../fields";
import { arrayOf } from "./arrays";
import type { Definition, Model, RenderProps } from "./contract";
import { createFrame, whenChanged } from "./frame";
import type { Frame } from "./frame";
import { fixed } from "./numbers";
import type { Axes } from "./surface_axes";
import { SurfaceEdits } from "./surface_edits";
import type { Dot } from "./surface_edits";
import { fieldOf, valuesAt } from "./surface_field";
import type { Field, Share } from "./surface_field";
import { arrowsOf, SurfacePicture } from "./surface_picture";
import { SurfaceTable } from "./surface_table";
import { keyOf, SurfaceTools } from "./surface_tools";

/** How far an arrow key goes; with Shift five times as far. */
const STRIDE = 1 / 50;
/** Screen pixels between two points of one stroke. */
const SPACING = 13;
/** How near a point must be to be taken, in pixels of the screen. */
const GRASP = 16;
/** Milliseconds without a change until its words are spoken. */
const QUIET = 400;

class Surface {
  private readonly picture: SurfacePicture;
  private readonly reading = element("p", "surface-reading");
  private readonly tools: SurfaceTools;
  private readonly table: SurfaceTable;
  private readonly edits: SurfaceEdits;
  private readonly frame: Frame;
  private readonly model: Model;
  private readonly names: readonly string[];
  private readonly isDrawnOn: boolean;
  private field: Field;
  private dots: readonly Dot[] = [];
  private cross: Share = [0.5, 0.5];
  /** Where the last point of a stroke was drawn; null between strokes. */
  private stroke: Share | null = null;
  private moving: Dot | null = null;

  constructor(props: RenderProps) {
    const { model, signal } = props;
    this.model = model;
    this.frame = createFrame(props);
    this.names = model.get("names") as string[];
    this.isDrawnOn = model.get("drawing") as boolean;
    this.field = this.readField();
    this.picture = new SurfacePicture(
      this.names.length,
      model.get("aspect") as number,
      this.axes,
    );
    this.tools = new SurfaceTools(this.names, (tool) => {
      this.picture.root.dataset.tool = String(tool);
    });
    this.table = new SurfaceTable(() => {
      this.drawTable();
    });
    const undo = element("button", "surface-button", "Undo");
    undo.addEventListener("click", () => {
      this.undo();
    });
    const clear = element("button", "surface-button", "Remove all");
    clear.addEventListener("click", () => {
      this.removeAll();
    });
    undo.disabled = true;
    this.edits = new SurfaceEdits(model, (can) => {
      undo.disabled = !can;
    });
    undo.type = clear.type = "button";
    this.tools.root.append(undo, clear);
    this.frame.body.append(this.picture.root, this.reading);
    if (this.isDrawnOn) {
      this.frame.tools.append(this.table.root);
      this.frame.body.append(this.tools.root);
    } else this.frame.body.append(keyOf(this.names));
    this.prepare();
    this.listen();
    this.follow(signal);
  }

  private prepare(): void {
    const { root } = this.picture;
    root.tabIndex = 0;
    root.setAttribute("role", "application");
    root.setAttribute("aria-roledescription", "decision surface");
    this.picture.readColors();
    this.drawField();
    this.drawDots();
    this.drawArrows();
    this.goTo(this.cross);
  }

  /** Draws again what Python, the reader or the theme has changed. */
  private follow(signal: AbortSignal): void {
    const { model } = this;
    whenChanged(model, ["field"], signal, () => {
      this.field = this.readField();
      this.drawField();
      this.read();
      this.drawTable();
    });
    const edited = ["points", "labels", "drawn", "removed"];
    whenChanged(model, edited, signal, () => {
      if (this.stroke === null && this.moving === null) this.edits.notice();
      this.drawDots();
    });
    whenChanged(model, ["arrows"], signal, () => {
      this.drawArrows();
    });
    let pause = 0;
    whenChanged(model, ["words"], signal, () => {
      clearTimeout(pause);
      pause = window.setTimeout(() => {
        this.frame.say(model.get("words") as string);
      }, QUIET);
    });
    const theme = new MutationObserver(() => {
      this.picture.readColors();
      this.drawField();
    });
    const themed = this.frame.body.closest("[data-md-color-scheme]");
    theme.observe(themed ?? document.body, {
      attributes: true,
      attributeFilter: ["data-md-color-scheme"],
    });
    signal.addEventListener("abort", () => {
      clearTimeout(pause);
      theme.disconnect();
    });
  }

  private drawField(): void {
    this.picture.drawField(this.field, this.model.get("levels") as number[]);
  }

  private readField(): Field {
    const range = this.model.get("range") as Field["range"];
    return fieldOf(arrayOf(this.model.get("field")), range);
  }

  private get ownCount(): number {
    return arrayOf(this.model.get("labels")).data.length;
  }

  private listen(): void {
    const { root } = this.picture;
    root.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      root.setPointerCapture(event.pointerId);
      this.begin(this.picture.placeOf(event));
    });
    root.addEventListener("pointermove", (event) => {
      const place = this.picture.placeOf(event);
      if (this.stroke !== null || this.moving !== null) this.continue(place);
      else if (event.pointerType === "mouse") this.goTo(place);
    });
    const end = (): void => {
      this.stroke = this.moving = null;
      this.edits.commit();
    };
    root.addEventListener("pointerup", end);
    root.addEventListener("pointercancel", end);
    root.addEventListener("keydown", (event) => {
      if (this.onKey(event)) event.preventDefault();
    });
  }

  private begin(place: Share): void {
    this.goTo(place);
    const { chosen } = this.tools;
    if (chosen === "look") return;
    if (chosen === "move") {
      this.moving = this.nearest(place);
      return;
    }
    this.stroke = place;
    this.apply(place);
  }

  private continue(place: Share): void {
    this.goTo(place);
    if (this.moving !== null) {
      const [x, y] = this.numbersOf(place);
      const id = this.edits.move(this.moving, x, y, this.ownCount);
      this.moving = { ...this.moving, id, x, y };
      return;
    }
    const before = this.stroke ?? place;
    if (this.picture.distance(before, place) < SPACING) return;
    this.stroke = place;
    this.apply(place);
  }

  /** What the chosen tool does at one place of a stroke. */
  private apply(place: Share): void {
    const { chosen } = this.tools;
    if (chosen === "remove") {
      const near = this.dots.filter(
        (dot) =>
          this.picture.distance(this.shareOf(dot.x, dot.y), place) < GRASP,
      );
      if (near.length > 0) this.remove(near);
    } else if (typeof chosen === "number") this.add(place, chosen);
  }

  private add(place: Share, kind: number): void {
    if (this.edits.isFull) {
      this.frame.say("No more points can be drawn.");
      return;
    }
    this.edits.add([...this.numbersOf(place), kind]);
    this.drawDots();
  }

  private remove(dots: readonly Dot[]): void {
    this.edits.remove(
      dots.map(({ id }) => id),
      this.ownCount,
    );
    this.drawDots();
  }

  private removeAll(): void {
    this.remove(this.dots);
    this.edits.commit();
    this.frame.say("All points are removed.");
  }

  private undo(): void {
    if (this.edits.undo()) this.frame.say("Undone.");
  }

  /** The point to be taken at a place, if there is one. */
  private nearest(place: Share, reach = GRASP): Dot | null {
    let best: Dot | null = null;
    let least = reach;
    for (const dot of this.dots) {
      const far = this.picture.distance(this.shareOf(dot.x, dot.y), place);
      if (far < least) [best, least] = [dot, far];
    }
    return best;
  }

  private onKey(event: KeyboardEvent): boolean {
    const { key } = event;
    const move = MOVES[key];
    const kind = /^[1-6]$/.test(key) ? Number(key) - 1 : -1;
    if (key === "z" && this.isDrawnOn && (event.ctrlKey || event.metaKey))
      this.undo();
    else if (event.ctrlKey || event.metaKey || event.altKey) return false;
    else if (move !== undefined) {
      const stride = STRIDE * (event.shiftKey ? 5 : 1);
      const [across, down] = this.cross;
      this.goTo([across + stride * move[1], down + stride * move[0]]);
      this.frame.say(this.words());
    } else if (!this.isDrawnOn) return false;
    else if (key === "Enter" || key === " ") this.addByKey();
    else if (key === "Delete" || key === "Backspace") this.removeByKey();
    else if (kind >= 0 && kind < this.names.length) {
      this.tools.choose(kind);
      this.frame.say(`Draws ${this.names[kind] ?? ""}.`);
    } else return false;
    return true;
  }

  private addByKey(): void {
    const { chosen } = this.tools;
    if (typeof chosen !== "number") {
      const keys = this.names.map((name, kind) => `${kind + 1} for ${name}`);
      this.frame.say(`Choose a class first: ${keys.join(", ")}.`);
      return;
    }
    this.add(this.cross, chosen);
    this.edits.commit();
    this.frame.say(`Added ${this.names[chosen] ?? ""} ${this.placeWords()}.`);
  }

  private removeByKey(): void {
    const dot = this.nearest(this.cross, Infinity);
    if (dot === null) {
      this.frame.say("There are no points.");
      return;
    }
    this.remove([dot]);
    this.edits.commit();
    const at = placeWords(dot.x, dot.y);
    this.frame.say(`Removed ${this.names[dot.kind] ?? ""} ${at}.`);
  }

  private goTo([across, down]: Share): void {
    const within = (share: number): number => Math.max(0, Math.min(1, share));
    this.cross = [within(across), within(down)];
    this.picture.drawCross(this.cross);
    this.read();
  }

  private read(): void {
    const words = this.words();
    this.reading.textContent = words;
    const drawing =
      ", digits choose a class, Enter adds a point, Delete removes the nearest";
    this.picture.root.setAttribute(
      "aria-label",
      `${words} Arrow keys move the cross${this.isDrawnOn ? drawing : ""}.`,
    );
  }

  private words(): string {
    return `At ${this.placeWords()}: ${this.saidAt(this.cross)}.`;
  }

  private placeWords(): string {
    return placeWords(...this.numbersOf(this.cross), this.axes.labels);
  }

  /** What is predicted at a place: a class and how surely, or a value. */
  private saidAt(place: Share): string {
    const values = valuesAt(this.field, place);
    const [value = 0] = values;
    if (values.length === 1) return fixed(value);
    const best = Math.max(...values);
    const name = this.names[values.indexOf(best)] ?? "";
    return `${name}, ${(100 * best).toFixed(0)}%`;
  }

  private drawDots(): void {
    const own = arrayOf(this.model.get("points")).data;
    const labels = arrayOf(this.model.get("labels")).data;
    this.dots = this.edits.dots(Float32Array.from(own), labels);
    this.picture.drawDots(this.dots, ({ x, y }) => this.shareOf(x, y));
    this.drawTable();
  }

  private drawArrows(): void {
    const rows = arrayOf(this.model.get("arrows")).data;
    const shareOf = (x: number, y: number): Share => this.shareOf(x, y);
    this.picture.drawArrows(arrowsOf(rows, shareOf));
  }

  private drawTable(): void {
    this.table.draw(this.dots, (dot) => [
      this.names[dot.kind] ?? "",
      fixed(dot.x),
      fixed(dot.y),
      this.saidAt(this.shareOf(dot.x, dot.y)),
    ]);
  }

  private get axes(): Axes {
    return this.model.get("axes") as Axes;
  }

  private corner(key: "low" | "high"): Share {
    return this.model.get(key) as Share;
  }

  private shareOf(x: number, y: number): Share {
    const [low, high] = [this.corner("low"), this.corner("high")];
    return [
      (x - low[0]) / (high[0] - low[0]),
      (high[1] - y) / (high[1] - low[1]),
    ];
  }

  private numbersOf([across, down]: Share): Share {
    const [low, high] = [this.corner("low"), this.corner("high")];
    return [
      rounded(low[0] + across * (high[0] - low[0])),
      rounded(high[1] - down * (high[1] - low[1])),
    ];
  }
}

const rounded = (value: number): number => Number(value.toFixed(3));

const placeWords = (
  x: number,
  y: number,
  [a, b]: NonNullable<Axes["labels"]> = ["", ""],
): string =>
  a && b ? `${a} ${fixed(x)}, ${b} ${fixed(y)}` : `(${fixed(x)}, ${fixed(y)})`;

const surface: Definition = {
  render(props) {
    new Surface(props);
  },
};

export default surface;
