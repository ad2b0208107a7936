// A plane of codes. Python decodes what the reader points at, while dragging.
import { element } from "../dom";
import { MOVES } from "../fields";
import type { Definition, Model, RenderProps } from "./contract";
import { createFrame, setByReader, whenChanged } from "./frame";
import type { Frame } from "./frame";
import { fixed } from "./numbers";
import { drawn, redraw } from "./svg";

type Point = readonly [number, number];

const SIDE = 380;
const REACH = 12;
/** How far an arrow key goes; with Shift five times as far. */
const STRIDE = 1 / 50;

class Latent {
  private readonly plane = element("div", "latent-plane");
  private readonly picture = element("canvas", "latent-picture");
  private readonly reading = element("p", "latent-reading");
  private readonly cross = drawn("path", { class: "latent-cross" });
  private readonly model: Model;
  private readonly frame: Frame;
  /** What Python has not been asked yet, as it is at work. */
  private next: Point | null = null;
  private isAsking = false;
  private isDragging = false;
  /** The last move came from the keyboard: its outcome is spoken. */
  private isByKey = false;

  constructor(props: RenderProps) {
    const { model, signal } = props;
    this.model = model;
    this.frame = createFrame(props);
    this.plane.append(this.drawPlane());
    this.plane.tabIndex = 0;
    this.plane.setAttribute("role", "application");
    this.plane.setAttribute("aria-roledescription", "plane of codes");
    this.picture.setAttribute("role", "img");
    const side = element("div", "latent-side", this.picture, this.reading);
    const place = element("div", "latent-body", this.plane, side);
    this.frame.body.append(place, this.legend());
    this.listen();
    whenChanged(model, ["image", "decoded"], signal, () => {
      this.drawPicture();
    });
    model.on("change:decoded", () => {
      this.onAnswer();
    });
    whenChanged(model, ["at"], signal, () => {
      this.drawCross();
    });
    this.drawCross();
    this.drawPicture();
  }

  private point(key: string): Point {
    return this.model.get(key) as Point;
  }

  private get names(): readonly string[] {
    return this.model.get("names") as string[];
  }

  private drawPlane(): SVGElement {
    const labels = this.model.get("labels") as readonly number[];
    const signs = signsOf(this.names);
    const points = (this.model.get("points") as Point[]).map((point, n) => {
      const [x, y] = this.toPixels(point);
      const kind = labels[n] ?? 0;
      const look = { class: `latent-point class-${kind % 10}`, x, y: y + 4 };
      return drawn("text", look, signs[kind] ?? "");
    });
    return drawn(
      "svg",
      { viewBox: `0 0 ${SIDE} ${SIDE}`, "aria-hidden": "true" },
      drawn("rect", { class: "latent-ground", width: SIDE, height: SIDE }),
      ...points,
      this.cross,
    );
  }

  private legend(): HTMLElement {
    const signs = signsOf(this.names);
    const entries = this.names.map((name, kind) =>
      element(
        "li",
        `class-${kind % 10}`,
        element("span", "latent-sign", signs[kind] ?? ""),
        signs[kind] === name ? "" : ` ${name}`,
      ),
    );
    return element("ul", "latent-legend", ...entries);
  }

  private listen(): void {
    const { plane } = this;
    plane.addEventListener("pointerdown", (event) => {
      this.isDragging = true;
      plane.setPointerCapture(event.pointerId);
      this.go(this.codeAt(event));
    });
    plane.addEventListener("pointermove", (event) => {
      this.isByKey = false;
      if (this.isDragging || event.pointerType === "mouse") {
        this.go(this.codeAt(event));
      }
    });
    const stop = (): void => {
      this.isDragging = false;
    };
    plane.addEventListener("pointerup", stop);
    plane.addEventListener("pointercancel", stop);
    plane.addEventListener("keydown", (event) => {
      const move = MOVES[event.key];
      if (move === undefined) return;
      event.preventDefault();
      this.isByKey = true;
      this.goBy(move, event.shiftKey ? 5 : 1);
    });
  }

  private goBy([down, right]: Point, times: number): void {
    const [low, high] = [this.point("low"), this.point("high")];
    const [x, y] = this.point("at");
    const stride = STRIDE * times;
    this.go([
      x + right * stride * (high[0] - low[0]),
      y - down * stride * (high[1] - low[1]),
    ]);
  }

  /** Python is asked one code at a time; only the last one waits. */
  private go(code: Point): void {
    const [low, high] = [this.point("low"), this.point("high")];
    const at: Point = [
      clamped(code[0], low[0], high[0]),
      clamped(code[1], low[1], high[1]),
    ];
    this.model.set("at", at);
    if (this.isAsking) {
      this.next = at;
      return;
    }
    this.isAsking = true;
    setByReader(this.model, { at });
  }

  private onAnswer(): void {
    this.isAsking = false;
    const { next } = this;
    this.next = null;
    if (next !== null) this.go(next);
    else if (this.isByKey) this.frame.say(this.readingText());
  }

  private toPixels([x, y]: Point): Point {
    const [low, high] = [this.point("low"), this.point("high")];
    const right = (SIDE * (x - low[0])) / (high[0] - low[0]);
    const down = (SIDE * (high[1] - y)) / (high[1] - low[1]);
    return [Number(right.toFixed(1)), Number(down.toFixed(1))];
  }

  private codeAt(event: PointerEvent): Point {
    const box = this.plane.getBoundingClientRect();
    const [low, high] = [this.point("low"), this.point("high")];
    const right = (event.clientX - box.left) / box.width;
    const down = (event.clientY - box.top) / box.height;
    return [
      low[0] + right * (high[0] - low[0]),
      high[1] - down * (high[1] - low[1]),
    ];
  }

  private drawCross(): void {
    const at = this.point("at");
    const [x, y] = this.toPixels(at);
    const d = `M${x} ${y - REACH}v${2 * REACH}M${x - REACH} ${y}h${2 * REACH}`;
    redraw(this.cross, { d });
    const label = `Codes; the cross is at ${textOf(at)}. Arrow keys move it.`;
    this.plane.setAttribute("aria-label", label);
  }

  private drawPicture(): void {
    const rows = this.model.get("image") as readonly (readonly number[])[];
    const [height, width] = [rows.length, rows[0]?.length ?? 0];
    this.picture.width = width;
    this.picture.height = height;
    const context = this.picture.getContext("2d");
    if (context === null || width === 0) return;
    const pixels = context.createImageData(width, height);
    rows.flat().forEach((value, n) => {
      pixels.data.set([value, value, value, 255], 4 * n);
    });
    context.putImageData(pixels, 0, 0);
    const text = this.readingText();
    this.reading.textContent = text;
    this.picture.setAttribute("aria-label", `The decoder's picture. ${text}`);
  }

  private readingText(): string {
    const nearest = this.names[this.model.get("nearest") as number] ?? "";
    const distance = (this.model.get("distance") as number).toFixed(2);
    const at = textOf(this.point("decoded"));
    return `Decoded ${at}. Nearest code: ${nearest}, ${distance} away.`;
  }
}

/** A class's own name where it is one letter, else its number. */
function signsOf(names: readonly string[]): readonly string[] {
  const areLetters = names.every((name) => name.length === 1);
  return names.map((name, kind) => (areLetters ? name : String(kind)));
}

const clamped = (value: number, low: number, high: number): number =>
  Number(Math.max(low, Math.min(high, value)).toFixed(4));

const textOf = ([x, y]: Point): string => `(${fixed(x)}, ${fixed(y)})`;

const latent: Definition = {
  render(props) {
    new Latent(props);
  },
};

export default latent;
