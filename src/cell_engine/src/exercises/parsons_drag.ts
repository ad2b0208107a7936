// Dragging a line with mouse, pen or finger. A finger drags by the grip alone,
// so that the page still scrolls.
import { element } from "../dom";

export interface DropPlace {
  readonly list: "pool" | "program";
  readonly at: number;
  readonly indent: number;
}

export interface DragEvents {
  readonly onDrop: (text: string, place: DropPlace) => void;
}

/** So far the pointer moves before a press becomes a drag. */
const SLACK = 5;

interface Drag {
  readonly line: HTMLElement;
  readonly text: string;
  readonly startX: number;
  readonly startY: number;
  /** Where in the line it was taken hold of. */
  readonly holdX: number;
  readonly holdY: number;
  ghost: HTMLElement | null;
  place: DropPlace | null;
}

/** Watches the lines below an element until it is disposed of. */
export class LineDrag {
  private readonly mark = element("li", "parsons-mark");
  private readonly aborter = new AbortController();
  private drag: Drag | null = null;

  constructor(
    private readonly root: HTMLElement,
    private readonly events: DragEvents,
  ) {
    const { signal } = this.aborter;
    root.addEventListener(
      "pointerdown",
      (event) => (this.drag = takeHold(event)),
      { signal },
    );
    const move = (event: PointerEvent): void => {
      this.move(event);
    };
    window.addEventListener("pointermove", move, { signal });
    const drop = (): void => {
      this.drop();
    };
    window.addEventListener("pointerup", drop, { signal });
    const end = (): void => {
      this.end();
    };
    window.addEventListener("pointercancel", end, { signal });
  }

  dispose(): void {
    this.end();
    this.aborter.abort();
  }

  private move(event: PointerEvent): void {
    const { drag } = this;
    if (drag === null) return;
    if (drag.ghost === null && !hasLeft(drag, event)) return;
    drag.ghost ??= lift(drag);
    event.preventDefault();
    drag.ghost.style.left = `${event.clientX - drag.holdX}px`;
    drag.ghost.style.top = `${event.clientY - drag.holdY}px`;
    drag.place = placeAt(this.root, this.mark, drag, event);
  }

  private drop(): void {
    const done = this.drag;
    this.end();
    if (!(done?.ghost instanceof HTMLElement)) return;
    // The press that ends a drag is no click on the line.
    const options = { capture: true };
    this.root.addEventListener("click", swallow, options);
    setTimeout(() => {
      this.root.removeEventListener("click", swallow, options);
    });
    if (done.place !== null) this.events.onDrop(done.text, done.place);
  }

  private end(): void {
    this.drag?.ghost?.remove();
    this.mark.remove();
    this.drag?.line.classList.remove("parsons-dragged");
    this.drag = null;
  }
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}

function takeHold(event: PointerEvent): Drag | null {
  const target = event.target as HTMLElement;
  const line = target.closest<HTMLElement>(".parsons-line");
  const text = line?.dataset.text;
  if (line === null || text === undefined || event.button !== 0) return null;
  if (event.pointerType === "touch" && !target.matches(".parsons-grip")) {
    return null;
  }
  const box = line.getBoundingClientRect();
  return {
    line,
    text,
    startX: event.clientX,
    startY: event.clientY,
    holdX: event.clientX - box.left,
    holdY: event.clientY - box.top,
    ghost: null,
    place: null,
  };
}

function hasLeft(drag: Drag, event: PointerEvent): boolean {
  const { startX, startY } = drag;
  return Math.hypot(event.clientX - startX, event.clientY - startY) > SLACK;
}

function lift(drag: Drag): HTMLElement {
  const ghost = drag.line.cloneNode(true) as HTMLElement;
  ghost.classList.add("parsons-ghost");
  ghost.style.width = `${drag.line.offsetWidth}px`;
  ghost.setAttribute("aria-hidden", "true");
  ghost.tabIndex = -1;
  drag.line.classList.add("parsons-dragged");
  drag.line.closest(".parsons")?.append(ghost);
  return ghost;
}

/** Where the line would go now, shown by a mark in the list. */
function placeAt(
  root: HTMLElement,
  mark: HTMLElement,
  drag: Drag,
  event: PointerEvent,
): DropPlace | null {
  const program = root.querySelector<HTMLElement>(".parsons-program");
  const pool = root.querySelector<HTMLElement>(".parsons-pool");
  mark.remove();
  if (program === null || pool === null) return null;
  const { clientX, clientY } = event;
  if (!holds(program.parentElement, clientX, clientY)) {
    const over = holds(pool.parentElement, clientX, clientY);
    return over ? { list: "pool", at: 0, indent: 0 } : null;
  }
  const items = [...program.children] as HTMLElement[];
  const at = items.filter((item) => {
    const box = item.getBoundingClientRect();
    return clientY > box.top + box.height / 2;
  }).length;
  const step = Number.parseFloat(getComputedStyle(mark).fontSize) || 16;
  const left = clientX - drag.holdX - program.getBoundingClientRect().left;
  const unit = indentUnit(root) || step * 2;
  const indent = Math.max(0, Math.round(left / unit));
  mark.style.setProperty("--indent", String(indent));
  if (at < items.length) items[at]?.before(mark);
  else program.append(mark);
  return { list: "program", at, indent };
}

function holds(part: HTMLElement | null, x: number, y: number): boolean {
  const box = part?.getBoundingClientRect();
  if (box === undefined) return false;
  return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
}

/** The width of one level of indentation, from the style sheet. */
function indentUnit(root: HTMLElement): number {
  const probe = element("span", "parsons-unit");
  root.append(probe);
  const { width } = probe.getBoundingClientRect();
  probe.remove();
  return width;
}
