// A pad to draw on, by pen, finger, mouse or keyboard. Python gets the picture
// while it is drawn, and says what it takes it for.
import { element } from "../dom";
import { MOVES } from "../fields";
import { wordButton } from "../exercises/wording";
import type { Definition, Model, RenderProps } from "./contract";
import { Ink, paint } from "./draw_ink";
import type { Place } from "./draw_ink";
import { DrawnState } from "./drawn_state";
import { createFrame, setByReader, whenChanged } from "./frame";
import type { Frame } from "./frame";
import { Shares } from "./draw_shares";
import { ValuesTable } from "./values_table";

const LEAP = 4;

class Draw {
  private readonly pad = element("div", "draw-pad");
  private readonly canvas = element("canvas", "draw-canvas");
  private readonly seen = element("canvas", "draw-seen");
  private readonly pen = element("div", "draw-pen");
  private readonly brush = element("input", "");
  private readonly eraser: HTMLButtonElement;
  private readonly undo: HTMLButtonElement;
  private readonly table = new ValuesTable(
    "All pixels",
    () => this.allPixels(),
    "All pixels, 0 black to 255 white",
  );
  private readonly shares = new Shares();
  private readonly model: Model;
  private readonly frame: Frame;
  private readonly ink: Ink;
  private readonly state: DrawnState;
  private at: Place;
  private isDown = false;
  private erases = false;

  constructor(props: RenderProps) {
    const { model, signal } = props;
    this.model = model;
    this.frame = createFrame(props);
    const [height, width] = [this.number("height"), this.number("width")];
    this.ink = new Ink(width, height);
    this.at = [Math.floor(width / 2) + 0.5, Math.floor(height / 2) + 0.5];
    const encoded = (): string => this.ink.encoded();
    const send = (): void => {
      setByReader(model, { ink: encoded() });
    };
    this.state = new DrawnState(encoded, send, signal);
    this.eraser = wordButton("Eraser", () => {
      this.turnPen();
    });
    this.eraser.setAttribute("aria-pressed", "false");
    this.undo = wordButton("Undo", () => {
      this.goBack();
    });
    const clear = wordButton("Clear", () => {
      this.change("Empty.", () => {
        this.ink.clear();
      });
    });
    this.frame.tools.append(this.undo, clear, this.eraser, this.brushField());
    this.build(width, height);
    this.listenToPointer();
    this.listenToKeys();
    whenChanged(model, ["ink"], signal, () => {
      this.take();
    });
    whenChanged(model, ["shares", "names", "seen"], signal, () => {
      this.drawAnswer();
    });
    whenChanged(model, ["summary"], signal, () => {
      this.describe();
    });
    this.take(true);
    this.describe();
    this.drawAnswer();
  }

  private number(key: string): number {
    return this.model.get(key) as number;
  }

  private build(width: number, height: number): void {
    const { canvas, pad, pen, seen } = this;
    pad.append(canvas, pen);
    pad.tabIndex = 0;
    pad.setAttribute("role", "application");
    pad.setAttribute("aria-roledescription", "drawing pad");
    pad.style.setProperty("--across", String(width));
    pad.style.setProperty("--down", String(height));
    canvas.setAttribute("aria-hidden", "true");
    seen.setAttribute("role", "img");
    const centered = "Centered, as the network gets it";
    seen.setAttribute("aria-label", centered);
    const moved = element(
      "figure",
      "draw-moved",
      seen,
      element("figcaption", "", centered),
    );
    moved.hidden = String(this.model.get("seen")) === "";
    const side = element("div", "draw-side", this.shares.root, moved);
    const hint = element(
      "p",
      "draw-hint",
      "By keyboard: arrow keys move the pen (with Shift further), Space puts " +
        "it down and lifts it, E is the eraser, Ctrl+Z undoes.",
    );
    const both = element("div", "draw-body", pad, side);
    this.frame.body.append(both, hint, this.table.root);
  }

  private brushField(): HTMLElement {
    const { brush } = this;
    brush.type = "range";
    brush.min = "0.5";
    brush.max = "8";
    brush.step = "0.5";
    brush.value = String(this.number("brush"));
    return element("label", "draw-brush", "Brush", brush);
  }

  private listenToPointer(): void {
    const { pad } = this;
    pad.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      pad.setPointerCapture(event.pointerId);
      this.lower();
      this.at = this.placeOf(event);
      this.line(this.at);
    });
    pad.addEventListener("pointermove", (event) => {
      if (!pad.hasPointerCapture(event.pointerId)) return;
      const parts = event.getCoalescedEvents();
      for (const part of parts.length > 0 ? parts : [event]) {
        this.trace(this.placeOf(part));
      }
      this.show();
    });
    const lift = (): void => {
      this.lift();
    };
    pad.addEventListener("lostpointercapture", lift);
    pad.addEventListener("pointercancel", lift);
  }

  private listenToKeys(): void {
    const { pad } = this;
    pad.addEventListener("keydown", (event) => {
      const move = MOVES[event.key];
      const isCommand = event.ctrlKey || event.metaKey;
      if (isCommand && event.key.toLowerCase() === "z") this.goBack();
      else if (isCommand || event.altKey) return;
      else if (move !== undefined) this.goBy(move, event.shiftKey ? LEAP : 1);
      else if (event.key === " ") this.togglePen(event.repeat);
      else if (event.key.toLowerCase() === "e") this.turnPen();
      else return;
      event.preventDefault();
    });
    pad.addEventListener("blur", () => {
      this.lift();
    });
  }

  private goBy([down, right]: readonly [number, number], times: number): void {
    const { height, width } = this.ink;
    const to: Place = [
      clamped(this.at[0] + right * times, width),
      clamped(this.at[1] + down * times, height),
    ];
    if (this.isDown) this.line(to);
    this.at = to;
    this.drawPen();
    this.frame.say(this.placeWords());
  }

  private togglePen(isHeld: boolean): void {
    if (isHeld) return;
    if (this.isDown) this.lift();
    else {
      this.lower();
      this.line(this.at);
    }
    const how = this.isDown ? "Pen down" : "Pen up";
    this.frame.say(`${how}, ${this.placeWords().toLowerCase()}`);
  }

  private turnPen(): void {
    this.erases = !this.erases;
    this.eraser.setAttribute("aria-pressed", String(this.erases));
    this.frame.say(this.erases ? "Eraser." : "Pen.");
  }

  private goBack(): void {
    if (!this.ink.canUndo) return;
    this.ink.undo();
    this.show();
    this.frame.say("Undone.");
  }

  private change(words: string, act: () => void): void {
    this.ink.remember();
    act();
    this.show();
    this.frame.say(words);
  }

  private lower(): void {
    this.ink.remember();
    this.isDown = true;
    this.drawPen();
  }

  private lift(): void {
    if (!this.isDown) return;
    this.isDown = false;
    this.drawPen();
    this.show();
  }

  private line(to: Place): void {
    this.trace(to);
    this.show();
  }

  private trace(to: Place): void {
    this.ink.stroke(this.at, to, Number(this.brush.value), this.erases);
    this.at = to;
  }

  /** Shows the ink, and Python gets it, though not every time. */
  private show(): void {
    this.draw();
    this.state.changed();
  }

  /** A picture that comes from Python, from Reset or from an address. */
  private take(isFirst = false): void {
    const ink = String(this.model.get("ink"));
    if (this.isDown || !this.state.isNews(ink)) return;
    if (!isFirst) this.ink.remember();
    this.ink.load(ink);
    this.draw();
  }

  private draw(): void {
    paint(this.canvas, this.ink.pixels(), this.ink.width);
    this.undo.setAttribute("aria-disabled", String(!this.ink.canUndo));
    this.drawPen();
  }

  /** The picture in words and numbers, for whoever does not see it. */
  private describe(): void {
    const summary = String(this.model.get("summary"));
    this.pad.setAttribute("aria-label", `Picture. ${summary}`);
    this.table.refresh();
  }

  private drawPen(): void {
    const { pad, pen } = this;
    pen.style.setProperty("--x", String(this.at[0]));
    pen.style.setProperty("--y", String(this.at[1]));
    pad.classList.toggle("draw-down", this.isDown);
  }

  private drawAnswer(): void {
    const shares = this.model.get("shares") as number[];
    this.shares.show(this.model.get("names") as string[], shares);
    const seen = String(this.model.get("seen"));
    if (seen !== "") paint(this.seen, bytesOf(seen), this.ink.width);
    const speak = (): void => {
      this.frame.say(this.shares.words());
    };
    const isHeard = this.pad.matches(":focus") && !this.isDown;
    this.state.answered(isHeard ? speak : null);
  }

  private allPixels(): HTMLTableElement {
    const { height, width } = this.ink;
    const pixels = this.ink.pixels();
    const rows = Array.from({ length: height }, (_, row) =>
      element(
        "tr",
        "",
        ...Array.from(pixels.slice(row * width, (row + 1) * width), (value) =>
          element("td", "", String(value)),
        ),
      ),
    );
    return element("table", "", element("tbody", "", ...rows));
  }

  private placeOf(event: PointerEvent): Place {
    const box = this.canvas.getBoundingClientRect();
    return [
      ((event.clientX - box.left) / box.width) * this.ink.width,
      ((event.clientY - box.top) / box.height) * this.ink.height,
    ];
  }

  private placeWords(): string {
    const [x, y] = this.at;
    return `Row ${Math.floor(y)}, column ${Math.floor(x)}.`;
  }
}

/** A place within the picture, in the middle of a pixel. */
const clamped = (place: number, size: number): number =>
  Math.max(0, Math.min(size - 1, Math.floor(place))) + 0.5;

const bytesOf = (encoded: string): Uint8Array =>
  Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));

const drawing: Definition = {
  render(props) {
    new Draw(props);
  },
};

export default drawing;
