// The ink of a pad: smooth strokes on a canvas of many pixels, averaged into
// the few that the network gets. White on black.

/** Pixels of the canvas for one of the picture, each way. */
const FINE = 10;
const MOST_UNDONE = 30;

export type Place = readonly [number, number];

export class Ink {
  private readonly canvas = document.createElement("canvas");
  private readonly context: CanvasRenderingContext2D | null;
  private readonly before: string[] = [];

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.canvas.width = width * FINE;
    this.canvas.height = height * FINE;
    this.context = this.canvas.getContext("2d", { willReadFrequently: true });
    this.fill(new Uint8Array(width * height));
  }

  get canUndo(): boolean {
    return this.before.length > 0;
  }

  /** Remembers the picture as it is, for `undo`. */
  remember(): void {
    const now = this.encoded();
    if (this.before.at(-1) !== now) this.before.push(now);
    if (this.before.length > MOST_UNDONE) this.before.shift();
  }

  /** Goes back to a picture that differs from this one. */
  undo(): void {
    const now = this.encoded();
    let last = this.before.pop();
    while (last === now) last = this.before.pop();
    if (last !== undefined) this.load(last);
  }

  clear(): void {
    this.fill(new Uint8Array(this.width * this.height));
  }

  /** Takes a picture from Python or an address; its pixels stay the same. */
  load(encoded: string): void {
    const content = atob(encoded);
    this.fill(Uint8Array.from(content, (letter) => letter.charCodeAt(0)));
  }

  /** Draws from one place to another, in pixels of the picture. */
  stroke(from: Place, to: Place, brush: number, erases: boolean): void {
    const { context } = this;
    if (context === null) return;
    context.strokeStyle = erases ? "#000" : "#fff";
    context.lineCap = "round";
    context.lineJoin = "round";
    context.lineWidth = brush * FINE;
    context.beginPath();
    context.moveTo(from[0] * FINE, from[1] * FINE);
    // A line without a length would leave no dot.
    context.lineTo(to[0] * FINE + 0.01, to[1] * FINE);
    context.stroke();
  }

  /** The picture: each pixel is the mean of those it is made from. */
  pixels(): Uint8Array {
    const { context, height, width } = this;
    const found = new Uint8Array(width * height);
    if (context === null) return found;
    const wide = width * FINE;
    const { data } = context.getImageData(0, 0, wide, height * FINE);
    const sums = new Float64Array(width * height);
    for (let y = 0; y < height * FINE; y++) {
      const row = Math.floor(y / FINE) * width;
      for (let x = 0; x < wide; x++) {
        const at = row + Math.floor(x / FINE);
        sums[at] = (sums[at] ?? 0) + (data[4 * (y * wide + x)] ?? 0);
      }
    }
    sums.forEach((sum, at) => {
      found[at] = Math.round(sum / FINE ** 2);
    });
    return found;
  }

  encoded(): string {
    return btoa(String.fromCharCode(...this.pixels()));
  }

  private fill(gray: Uint8Array): void {
    const { context, width } = this;
    gray.forEach((value, at) => {
      if (context === null) return;
      context.fillStyle = `rgb(${value},${value},${value})`;
      const [x, y] = [at % width, Math.floor(at / width)];
      context.fillRect(x * FINE, y * FINE, FINE, FINE);
    });
  }
}

/** Puts gray values into a canvas of as many pixels. */
export function paint(
  canvas: HTMLCanvasElement,
  gray: Uint8Array,
  width: number,
): void {
  canvas.width = width;
  canvas.height = gray.length / width;
  // Its few pixels are set one by one, which is no work for the GPU.
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) return;
  const pixels = context.createImageData(canvas.width, canvas.height);
  gray.forEach((value, at) => {
    pixels.data.set([value, value, value, 255], 4 * at);
  });
  context.putImageData(pixels, 0, 0);
}
