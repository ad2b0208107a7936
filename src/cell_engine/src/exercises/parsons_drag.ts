// Where a dragged line goes in a program. A finger drags by the grip alone, so
// that the page still scrolls.
import { element } from "../dom";
import { Drag, holds } from "../drag";
import type { Held } from "../drag";

export interface DropPlace {
  readonly list: "pool" | "program";
  readonly at: number;
  readonly indent: number;
}

export interface DragEvents {
  readonly onDrop: (text: string, place: DropPlace) => void;
}

/** Watches the lines below an element until the signal ends it. */
export function dragLines(
  root: HTMLElement,
  events: DragEvents,
  signal: AbortSignal,
): void {
  const mark = element("li", "parsons-mark");
  const rules = {
    take,
    over: (held: Held, event: PointerEvent) => placeAt(root, mark, held, event),
    leave: () => {
      mark.remove();
    },
    onDrop: (line: HTMLElement, place: DropPlace) => {
      events.onDrop(line.dataset.text ?? "", place);
    },
  };
  new Drag(root, rules, signal);
}

function take({ pointerType, target }: PointerEvent): HTMLElement | null {
  const pressed = target as HTMLElement;
  if (pointerType === "touch" && !pressed.matches(".parsons-grip")) return null;
  return pressed.closest<HTMLElement>(".parsons-line");
}

/** Where the line would go now, shown by a mark in the list. */
function placeAt(
  root: HTMLElement,
  mark: HTMLElement,
  held: Held,
  event: PointerEvent,
): DropPlace | null {
  const program = root.querySelector<HTMLElement>(".parsons-program");
  const pool = root.querySelector<HTMLElement>(".parsons-pool");
  mark.remove();
  if (program === null || pool === null) return null;
  if (!holds(program.parentElement, event)) {
    const over = holds(pool.parentElement, event);
    return over ? { list: "pool", at: 0, indent: 0 } : null;
  }
  const items = [...program.children] as HTMLElement[];
  const at = items.filter((item) => {
    const box = item.getBoundingClientRect();
    return event.clientY > box.top + box.height / 2;
  }).length;
  const step = Number.parseFloat(getComputedStyle(mark).fontSize) || 16;
  const left = event.clientX - held.x - program.getBoundingClientRect().left;
  const unit = indentUnit(root) || step * 2;
  const indent = Math.max(0, Math.round(left / unit));
  mark.style.setProperty("--indent", String(indent));
  if (at < items.length) items[at]?.before(mark);
  else program.append(mark);
  return { list: "program", at, indent };
}

/** The width of one level of indentation, from the style sheet. */
function indentUnit(root: HTMLElement): number {
  const probe = element("span", "parsons-unit");
  root.append(probe);
  const { width } = probe.getBoundingClientRect();
  probe.remove();
  return width;
}
