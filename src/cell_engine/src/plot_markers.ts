// Vertical lines of a plot, at an x that matters, with their names above.
import uPlot from "uplot";

import type { PlotMarker } from "./messages";

/** The height of a line of names, in pixels. */
const LINE = 16;
const DASH = [6, 3] as const;
/** The mean width of a letter of the names. */
const LETTER = 6.6;

interface Placed {
  readonly marker: PlotMarker;
  /** The middle of its name. */
  readonly middle: number;
  /** The line of names that has room for it; 0 is the lowest. */
  readonly line: number;
}

/** From the smallest x to the largest, those of the markers with them. */
export function rangeOf(
  markers: readonly PlotMarker[],
  low: number,
  high: number,
): [number, number] {
  const xs = [...markers.map(({ x }) => x), low, high];
  const known = xs.filter((x) => Number.isFinite(x));
  const [least, most] = [Math.min(...known), Math.max(...known)];
  if (least < most) return [least, most];
  const air = Math.abs(least) * 0.1 || 1;
  return [least - air, most + air];
}

/** How much room the names take above a plot of this width. */
export function roomAbove(
  markers: readonly PlotMarker[],
  range: readonly [number, number],
  width: number,
): number {
  const [low, high] = range;
  const place = (x: number): number => ((x - low) / (high - low)) * width;
  const lines = placed(markers, place, width).map(({ line }) => line + 1);
  return LINE * Math.max(0, ...lines);
}

/** Each marker, where its name has room: above its line, within the plot. */
function placed(
  markers: readonly PlotMarker[],
  place: (x: number) => number,
  width: number,
): Placed[] {
  const ends: number[] = [];
  const sorted = [...markers].sort((a, b) => a.x - b.x);
  return sorted.map((marker) => {
    const half = (marker.name.length * LETTER) / 2;
    const within = Math.min(place(marker.x), width - half);
    const middle = Math.max(within, half);
    const free = ends.findIndex((end) => end <= middle - half);
    const line = free === -1 ? ends.length : free;
    ends[line] = middle + half + LETTER;
    return { marker, middle, line };
  });
}

/** Draws them onto a plot whose padding leaves `roomAbove`. */
export function drawMarkers(
  plot: uPlot,
  markers: readonly PlotMarker[],
  color: string,
  font: string,
): void {
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  const place = (x: number): number => plot.valToPos(x, "x");
  ctx.save();
  ctx.translate(bbox.left, bbox.top);
  ctx.scale(ratio, ratio);
  ctx.strokeStyle = ctx.fillStyle = color;
  ctx.lineWidth = 1.5;
  ctx.setLineDash([...DASH]);
  ctx.font = font;
  ctx.textAlign = "center";
  ctx.textBaseline = "alphabetic";
  const width = bbox.width / ratio;
  for (const { marker, middle, line } of placed(markers, place, width)) {
    ctx.beginPath();
    ctx.moveTo(place(marker.x), 0);
    ctx.lineTo(place(marker.x), bbox.height / ratio);
    ctx.stroke();
    ctx.fillText(marker.name, middle, -5 - LINE * line);
  }
  ctx.restore();
}
