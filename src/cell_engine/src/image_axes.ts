// The names of a heat map's rows and columns, beside it. As in the page that
// Python writes: names keep their size where the picture gets smaller.
import { element } from "./dom";
import type { ImageAxis, ImageWords } from "./messages";
import { drawn } from "./widgets/svg";

type Attributes = Readonly<Record<string, string | number>>;

/** The picture with its axes around it. */
export function framed(
  image: HTMLElement,
  { x, y }: NonNullable<ImageWords["axes"]>,
): HTMLElement {
  const look: Attributes = x.upright
    ? { y: 5, "writing-mode": "vertical-rl", "dominant-baseline": "central" }
    : { y: 13, "text-anchor": "middle" };
  const rows = names(y, "rows", { width: y.room }, (at) => {
    return { x: "100%", y: at, dx: -5, dy: 4, "text-anchor": "end" };
  });
  const columns = names(x, "columns", { height: x.room }, (at) => {
    return { x: at, ...look };
  });
  return element(
    "div",
    "cell-axes",
    label(y, "cell-axes-y"),
    rows,
    image,
    columns,
    label(x, "cell-axes-x"),
  );
}

function names(
  { ticks }: ImageAxis,
  kind: string,
  size: Attributes,
  look: (at: string) => Attributes,
): SVGElement {
  const svg = drawn("svg", {
    class: `cell-axes-${kind}`,
    "aria-hidden": "true",
    ...size,
  });
  for (const [share, name] of ticks) {
    svg.append(drawn("text", look(`${(100 * share).toFixed(2)}%`), name));
  }
  return svg;
}

function label(axis: ImageAxis, kind: string): HTMLElement {
  const made = element("span", kind, axis.label);
  made.setAttribute("aria-hidden", "true");
  return made;
}
