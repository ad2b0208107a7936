// Small words for building elements; text always goes in as text.

export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (className !== "") made.className = className;
  made.append(...children);
  return made;
}

/** A value beside its slider, which speaks for itself: heard once. */
export function readout(): HTMLOutputElement {
  const made = element("output", "");
  made.setAttribute("aria-live", "off");
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** The icons as paths on a 24 by 24 field, drawn for this project. */
const ICONS = {
  run: "M8 5.2v13.6a.8.8 0 0 0 1.2.7l11-6.8a.8.8 0 0 0 0-1.4l-11-6.8a.8.8 0 0 0-1.2.7z",
  stop: "M7.5 6h9A1.5 1.5 0 0 1 18 7.5v9a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 6 16.500v-9A1.500 1.500 0 0 1 7.500 6z",
  above:
    "M5 4h14v2H5zM11 20v-7.200l-3.300 3.300-1.400-1.400L12 9l5.700 5.700-1.400 1.400-3.300-3.300V20z",
  reset:
    "M12 5a7 7 0 1 1-6.800 8.700l2-.5A5 5 0 1 0 8.400 8.500L11 11H4V4l3 3a7 7 0 0 1 5-2z",
  copy: "M9 3h9a2 2 0 0 1 2 2v11h-2V5H9zM6 7h8a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2zm0 2v10h8V9z",
  link: "M10.600 13.400a4 4 0 0 0 5.700 0l3-3a4 4 0 0 0-5.700-5.700l-1.300 1.300 1.400 1.400 1.300-1.300a2 2 0 0 1 2.900 2.900l-3 3a2 2 0 0 1-2.900 0zM13.400 10.600a4 4 0 0 0-5.700 0l-3 3a4 4 0 0 0 5.700 5.700l1.300-1.300-1.400-1.400-1.300 1.300a2 2 0 0 1-2.900-2.900l3-3a2 2 0 0 1 2.900 0z",
  done: "M9.500 17.600 4.400 12.500l1.400-1.400 3.700 3.700 8.700-8.700 1.400 1.400z",
} as const;

export type Icon = keyof typeof ICONS;

export function icon(name: Icon): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("cell-icon");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export interface ButtonLook {
  readonly icon: Icon;
  readonly label: string;
  /** Shown beside the icon; without it the label is only spoken. */
  readonly text?: string;
  readonly className?: string;
}

export function button(
  look: ButtonLook,
  onPress: () => void,
): HTMLButtonElement {
  const made = element("button", `cell-button ${look.className ?? ""}`);
  made.type = "button";
  dress(made, look);
  made.addEventListener("click", onPress);
  return made;
}

/** Gives a button another icon and label without losing its focus. */
export function dress(target: HTMLButtonElement, look: ButtonLook): void {
  if (target.dataset.look === look.label) return;
  target.dataset.look = look.label;
  target.title = look.label;
  if (look.text === undefined) {
    target.setAttribute("aria-label", look.label);
    target.replaceChildren(icon(look.icon));
  } else {
    target.setAttribute("aria-label", look.label);
    target.replaceChildren(icon(look.icon), element("span", "", look.text));
  }
}

export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
