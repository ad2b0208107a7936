// The values of a heat map, under the pointer and the arrow keys.
import { element } from "./dom";
import { MOVES, within } from "./fields";
import type { HeatMap, HeatMapAxis } from "./messages";

const HINT = "Point at a field, or use the arrow keys.";

class HeatMapReader {
  readonly frame = element("div", "cell-heat");
  readonly readout = element("div", "cell-heat-value", HINT);
  private readonly marker = element("div", "cell-heat-marker");
  private row = 0;
  private column = 0;

  constructor(
    private readonly image: HTMLImageElement,
    private readonly heat: HeatMap,
  ) {
    const { frame, marker, readout } = this;
    marker.hidden = true;
    frame.tabIndex = 0;
    frame.setAttribute("role", "application");
    frame.setAttribute("aria-label", `${image.alt}. ${HINT}`);
    readout.setAttribute("aria-live", "polite");
    image.replaceWith(frame);
    frame.append(image, marker);
    (frame.closest(".cell-axes") ?? frame).after(readout);
    this.listen();
  }

  private listen(): void {
    const { frame } = this;
    const hide = (): void => {
      this.hide();
    };
    frame.addEventListener("pointermove", (event) => {
      this.point(event);
    });
    frame.addEventListener("pointerleave", hide);
    frame.addEventListener("blur", hide);
    frame.addEventListener("focus", () => {
      this.show(this.row, this.column);
    });
    frame.addEventListener("keydown", (event) => {
      const step = MOVES[event.key];
      if (step === undefined) return;
      this.show(this.row + step[0], this.column + step[1]);
      event.preventDefault();
    });
  }

  /** How wide a value's field is in the page. */
  private get side(): number {
    const { image } = this;
    return (this.heat.side * image.clientWidth) / image.naturalWidth;
  }

  private point(event: PointerEvent): void {
    const box = this.image.getBoundingClientRect();
    const row = Math.floor((event.clientY - box.top) / this.side);
    const column = Math.floor((event.clientX - box.left) / this.side);
    // Right of the field stands the bar of colors.
    if (this.heat.values[row]?.[column] !== undefined) this.show(row, column);
  }

  private show(row: number, column: number): void {
    const { values } = this.heat;
    this.row = within(row, values.length);
    this.column = within(column, values[0]?.length ?? 0);
    const { marker, side } = this;
    marker.style.width = marker.style.height = `${side}px`;
    marker.style.left = `${this.column * side}px`;
    marker.style.top = `${this.row * side}px`;
    marker.hidden = false;
    const value = values[this.row]?.[this.column] ?? "not finite";
    const { x, y } = this.heat;
    const place = `${nameOf(y, "row", this.row)}, ${nameOf(x, "column", this.column)}`;
    this.readout.textContent = `${place}: ${value}`;
  }

  private hide(): void {
    if (document.activeElement === this.frame) this.show(this.row, this.column);
    else {
      this.marker.hidden = true;
      this.readout.textContent = HINT;
    }
  }
}

const nameOf = (
  { label, names }: HeatMapAxis,
  kind: string,
  at: number,
): string => `${label || kind} ${names?.[at] ?? at}`;

export function openHeatMap(image: HTMLImageElement, heat: HeatMap): void {
  new HeatMapReader(image, heat);
}
