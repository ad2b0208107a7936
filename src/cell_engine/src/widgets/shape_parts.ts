// Parts of a shape matcher: shapes in words, sliders, the table at the end.
import { element, readout } from "../dom";
import { headOf, headsOf, scrolling } from "../tables";

const LEAST = 1;
const MOST = 9;
const HEADS = [
  "Gradient",
  "Yours",
  "Last number",
  "The kernel's",
  "Largest difference",
];

/** As Python writes a shape. */
export const shapeText = (shape: readonly number[]): string =>
  shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;

type Sizes = Readonly<Record<string, number>>;

/** A slider for the size of each axis. */
export function sizeSliders(
  sizes: Sizes,
  onChange: (changed: Sizes) => void,
): { readonly root: HTMLElement; draw(sizes: Sizes): void } {
  const root = element("div", "controls shapes-sizes");
  const drawn = Object.keys(sizes).map((axis) => {
    const slider = element("input", "");
    const value = readout();
    slider.type = "range";
    slider.min = String(LEAST);
    slider.max = String(MOST);
    slider.setAttribute("aria-label", `size of ${axis}`);
    slider.addEventListener("input", () => {
      onChange({ [axis]: slider.valueAsNumber });
    });
    const name = element("span", "", axis);
    root.append(element("label", "control", name, slider, value));
    return { axis, slider, value };
  });
  const draw = (now: Sizes): void => {
    for (const { axis, slider, value } of drawn) {
      slider.value = value.textContent = String(now[axis] ?? LEAST);
    }
  };
  return { root, draw };
}

/** What was put together, beside the kernel's own numbers. */
export function proofTable(
  proof: readonly (readonly string[])[],
): HTMLElement[] {
  const rows = proof.map(([name = "", ...cells]) =>
    element(
      "tr",
      "",
      headOf(name, "row"),
      ...cells.map((cell) => element("td", "", cell)),
    ),
  );
  const table = element("table", "", headsOf(HEADS));
  table.append(element("tbody", "", ...rows));
  const words = "All right. The same matrices, yours and the kernel's:";
  return [
    element("p", "shapes-done", words),
    scrolling("Your gradients beside the kernel's", table),
  ];
}
