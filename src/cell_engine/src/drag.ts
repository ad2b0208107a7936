// Dragging a piece of a page with mouse, pen or finger, and letting go of it.

/** So far the pointer moves before a press becomes a drag. */
const SLACK = 5;

export interface Held {
  readonly piece: HTMLElement;
  /** Where in the piece it was taken hold of. */
  readonly x: number;
  readonly y: number;
}

export interface DragRules<Place> {
  /** The piece that a press takes hold of, if any. */
  readonly take: (event: PointerEvent) => HTMLElement | null;
  /** Where it would go now, and a mark that shows it. */
  readonly over: (held: Held, event: PointerEvent) => Place | null;
  /** Nothing is held any more: the mark goes. */
  readonly leave: () => void;
  readonly onDrop: (piece: HTMLElement, place: Place) => void;
}

/** Watches the pieces below an element until the signal ends it. */
export class Drag<Place> {
  private held: Held | null = null;
  private start: { readonly x: number; readonly y: number } | null = null;
  private ghost: HTMLElement | null = null;
  private place: Place | null = null;

  constructor(
    private readonly root: HTMLElement,
    private readonly rules: DragRules<Place>,
    signal: AbortSignal,
  ) {
    const options = { signal };
    const press = (event: PointerEvent): void => {
      this.press(event);
    };
    root.addEventListener("pointerdown", press, options);
    const move = (event: PointerEvent): void => {
      this.move(event);
    };
    window.addEventListener("pointermove", move, options);
    const drop = (): void => {
      this.drop();
    };
    window.addEventListener("pointerup", drop, options);
    const end = (): void => {
      this.end();
    };
    window.addEventListener("pointercancel", end, options);
    signal.addEventListener("abort", end);
  }

  private press(event: PointerEvent): void {
    this.end(); // a second finger, or a button let go of outside the window
    const piece = event.button === 0 ? this.rules.take(event) : null;
    if (piece === null) return;
    const box = piece.getBoundingClientRect();
    const { clientX, clientY } = event;
    this.start = { x: clientX, y: clientY };
    this.held = { piece, x: clientX - box.left, y: clientY - box.top };
  }

  private move(event: PointerEvent): void {
    const { held, start } = this;
    if (held === null || start === null) return;
    const { clientX, clientY } = event;
    const gone = Math.hypot(clientX - start.x, clientY - start.y);
    if (this.ghost === null && gone <= SLACK) return;
    this.ghost ??= lift(this.root, held.piece);
    event.preventDefault();
    this.ghost.style.left = `${clientX - held.x}px`;
    this.ghost.style.top = `${clientY - held.y}px`;
    this.place = this.rules.over(held, event);
  }

  private drop(): void {
    const { ghost, held, place } = this;
    this.end();
    if (ghost === null || held === null) return;
    // The press that ends a drag is no click on the piece.
    const options = { capture: true };
    this.root.addEventListener("click", swallow, options);
    setTimeout(() => {
      this.root.removeEventListener("click", swallow, options);
    });
    if (place !== null) this.rules.onDrop(held.piece, place);
  }

  private end(): void {
    this.ghost?.remove();
    this.rules.leave();
    this.held?.piece.classList.remove("drag-source");
    this.held = null;
    this.ghost = null;
    this.place = null;
  }
}

/** Whether a part of the page is below the pointer. */
export function holds(
  part: HTMLElement | null,
  { clientX, clientY }: PointerEvent,
): boolean {
  const box = part?.getBoundingClientRect();
  if (box === undefined) return false;
  const { bottom, left, right, top } = box;
  const isBeside = clientX < left || clientX > right;
  return !isBeside && clientY >= top && clientY <= bottom;
}

function lift(root: HTMLElement, piece: HTMLElement): HTMLElement {
  const ghost = piece.cloneNode(true) as HTMLElement;
  ghost.classList.add("drag-ghost");
  ghost.style.width = `${piece.offsetWidth}px`;
  ghost.setAttribute("aria-hidden", "true");
  ghost.tabIndex = -1;
  piece.classList.add("drag-source");
  root.append(ghost);
  return ghost;
}

function swallow(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}
