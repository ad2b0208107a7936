// The pieces of a backward rule, to be put where they fit: by drag, by a tap
// on a place and on a piece, and by keyboard. Python says what fits.
import { element } from "../dom";
import { Drag, holds } from "../drag";
import type { Held } from "../drag";
import type { Definition, Model, RenderProps } from "./contract";
import { createFrame, setByReader, whenChanged } from "./frame";
import type { Frame } from "./frame";
import { ShapeRule } from "./shape_rule";
import type { Piece, Place, Rule } from "./shape_rule";
import { proofTable, shapeText, sizeSliders } from "./shape_parts";

type Placed = Readonly<Record<string, readonly string[]>>;
type Sizes = Readonly<Record<string, number>>;

const HOW =
  "Drag a piece into a place, or choose a place and then a piece. Keys: in a " +
  "place, up and down try one piece after another, left and right move on, " +
  "Delete empties it.";

const isSame = (a: unknown, b: unknown): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

class ShapeMatcher {
  private readonly model: Model;
  private readonly frame: Frame;
  private readonly pool = element("div", "shapes-pool");
  private readonly tiles = new Map<string, HTMLElement>();
  private readonly proof = element("div", "shapes-proof");
  private readonly rules: readonly ShapeRule[];
  private readonly drawSizes: (sizes: Sizes) => void;
  /** Where a piece goes that is chosen next. */
  private current: Place;
  /** The rule that the reader has changed, until Python has judged it. */
  private changed: string | null = null;

  constructor(props: RenderProps) {
    const { model, signal } = props;
    this.model = model;
    this.frame = createFrame(props);
    const rules = model.get("rules") as readonly Rule[];
    this.rules = rules.map((rule) => new ShapeRule(rule));
    this.current = { rule: rules[0]?.name ?? "", at: 0 };
    const sizes = sizeSliders(this.sizes, (changed) => {
      setByReader(model, { sizes: { ...this.sizes, ...changed } });
    });
    this.drawSizes = (now) => {
      sizes.draw(now);
    };
    const board = element("div", "shapes", ...this.parts(sizes.root));
    this.frame.body.append(board);
    board.addEventListener("keydown", (event) => {
      this.onKey(event);
    });
    this.listen(board, signal);
    this.draw();
    const keys = ["placed", "sizes", "pieces", "rules", "proof"];
    whenChanged(model, keys, signal, () => {
      this.draw();
    });
  }

  private get placed(): Placed {
    return this.model.get("placed") as Placed;
  }

  private get sizes(): Sizes {
    return this.model.get("sizes") as Sizes;
  }

  private get pieces(): readonly Piece[] {
    return this.model.get("pieces") as readonly Piece[];
  }

  private parts(sizes: HTMLElement): HTMLElement[] {
    this.pool.setAttribute("role", "group");
    this.pool.setAttribute("aria-label", "Pieces");
    const hasSum = this.rules.some(({ kind }) => kind === "sum");
    const names = this.pieces.map(({ name }) => name);
    for (const name of [...names, ...(hasSum ? ["0", "1"] : [])]) {
      this.pool.append(this.createTile(name));
    }
    const list = element("div", "shapes-rules");
    list.append(...this.rules.map(({ root }) => root));
    this.proof.hidden = true;
    const how = element("p", "shapes-how", HOW);
    return [how, sizes, this.pool, list, this.proof];
  }

  private createTile(name: string): HTMLElement {
    const isAxis = /^\d+$/.test(name);
    const tile = element("button", "shapes-tile");
    const size = element("span", "shapes-size");
    tile.type = "button";
    tile.dataset.piece = name;
    tile.append(element("code", "", isAxis ? `axis ${name}` : name), size);
    tile.addEventListener("click", () => {
      this.put(name, this.placeFor(name));
    });
    this.tiles.set(name, tile);
    return tile;
  }

  private listen(board: HTMLElement, signal: AbortSignal): void {
    for (const rule of this.rules) {
      rule.slots.forEach((slot, at) => {
        const choose = (): void => {
          this.current = { rule: rule.name, at };
          this.markCurrent();
        };
        slot.addEventListener("focus", choose);
        slot.addEventListener("click", choose);
      });
    }
    const pieceOf = (held: HTMLElement): string => held.dataset.piece ?? "";
    const rules = {
      take: ({ target }: PointerEvent) =>
        (target as HTMLElement).closest<HTMLElement>("[data-piece]"),
      over: ({ piece }: Held, event: PointerEvent) =>
        this.dropPlace(pieceOf(piece), event),
      leave: () => {
        this.markDrop(null);
      },
      onDrop: (held: HTMLElement, place: Place | "pool") => {
        this.drop(held, pieceOf(held), place);
      },
    };
    new Drag<Place | "pool">(board, rules, signal);
  }

  /** The place under the pointer, if the piece may go there. */
  private dropPlace(piece: string, event: PointerEvent): Place | "pool" | null {
    for (const rule of this.rules) {
      const at = rule.slots.findIndex((slot) => holds(slot, event));
      if (at === -1 || !this.accepts(rule, at, piece)) continue;
      this.markDrop(rule.slots[at] ?? null);
      return { rule: rule.name, at };
    }
    this.markDrop(null);
    return holds(this.pool, event) ? "pool" : null;
  }

  private markDrop(slot: HTMLElement | null): void {
    for (const one of this.slots) {
      one.classList.toggle("shapes-over", one === slot);
    }
  }

  private drop(held: HTMLElement, piece: string, to: Place | "pool"): void {
    const from = this.placeOf(held);
    if (to === "pool") {
      if (from !== null) this.put("", from);
      return;
    }
    if (from !== null && isSame(from, to)) return;
    if (from !== null) this.set("", from);
    this.put(piece, to);
  }

  private placeOf(slot: Element | null): Place | null {
    for (const { name, slots } of this.rules) {
      const at = slots.findIndex((one) => one === slot);
      if (at !== -1) return { rule: name, at };
    }
    return null;
  }

  private get slots(): HTMLElement[] {
    return this.rules.flatMap(({ slots }) => slots);
  }

  private accepts({ kind }: ShapeRule, at: number, piece: string): boolean {
    const isAxis = /^\d+$/.test(piece);
    return piece === "" || (kind === "sum" && at === 1) === isAxis;
  }

  /** The current place, else the first empty one that takes such a piece. */
  private placeFor(piece: string): Place {
    const all = this.rules.flatMap((rule) =>
      [0, 1]
        .filter((at) => this.accepts(rule, at, piece))
        .map((at) => ({ rule: rule.name, at })),
    );
    return (
      all.find((place) => isSame(place, this.current)) ??
      all.find(({ at, rule }) => this.placed[rule]?.[at] === "") ??
      all[0] ??
      this.current
    );
  }

  private set(piece: string, { at, rule }: Place): void {
    const places = [...(this.placed[rule] ?? [])];
    places[at] = piece;
    this.changed = rule;
    setByReader(this.model, { placed: { ...this.placed, [rule]: places } });
  }

  /** Puts a piece in, and goes on to the next empty place. */
  private put(piece: string, place: Place): void {
    this.set(piece, place);
    this.current = place;
    if (piece !== "") this.current = this.nextEmpty(place) ?? place;
    this.draw();
  }

  private nextEmpty(after: Place): Place | null {
    const all = this.rules.flatMap(({ name }) =>
      [0, 1].map((at) => ({ rule: name, at })),
    );
    const start = all.findIndex((place) => isSame(place, after));
    const order = [...all.slice(start), ...all.slice(0, start)];
    const isEmpty = ({ at, rule }: Place): boolean =>
      this.placed[rule]?.[at] === "";
    return order.find(isEmpty) ?? null;
  }

  private onKey(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const { key } = event;
    const target = event.target as HTMLElement;
    const place = this.placeOf(target);
    const isAhead = key === "ArrowRight" || key === "ArrowDown";
    const by = isAhead ? 1 : key === "ArrowLeft" || key === "ArrowUp" ? -1 : 0;
    if (place !== null && (key === "Delete" || key === "Backspace")) {
      this.put("", place);
    } else if (by === 0) return;
    else if (place === null) this.step([...this.tiles.values()], target, by);
    else if (key === "ArrowLeft" || key === "ArrowRight") {
      this.step(this.slots, target, by);
    } else {
      this.turn(place, by);
    }
    if (place !== null || target.matches(".shapes-tile")) {
      event.preventDefault();
    }
  }

  private step(all: readonly HTMLElement[], from: HTMLElement, by: number) {
    all[all.indexOf(from) + by]?.focus();
  }

  /** Puts the next piece that the place takes in the place of this one. */
  private turn(place: Place, by: number): void {
    const rule = this.rules.find(({ name }) => name === place.rule);
    if (rule === undefined) return;
    const names = [...this.tiles.keys()].filter((name) =>
      this.accepts(rule, place.at, name),
    );
    const now = names.indexOf(this.placed[place.rule]?.[place.at] ?? "");
    const from = now === -1 && by < 0 ? 0 : now;
    const next = names[(from + by + names.length) % names.length] ?? "";
    this.set(next, place);
    this.draw();
  }

  private draw(): void {
    const rules = this.model.get("rules") as readonly Rule[];
    const shapes = new Map(this.pieces.map((piece) => [piece.name, piece]));
    for (const [name, tile] of this.tiles) {
      const piece = shapes.get(name);
      const size = tile.querySelector(".shapes-size");
      const words = piece === undefined ? "" : shapeText(piece.shape);
      if (size !== null) size.textContent = words;
      tile.title = piece === undefined ? "" : `(${piece.axes.join(", ")})`;
    }
    rules.forEach((rule, at) => {
      this.rules[at]?.draw(rule, this.placed[rule.name] ?? [], shapes);
    });
    this.drawSizes(this.sizes);
    this.drawProof();
    this.markCurrent();
    this.sayVerdict(rules);
  }

  private drawProof(): void {
    const proof = this.model.get("proof") as readonly (readonly string[])[];
    this.proof.hidden = proof.length === 0;
    this.proof.replaceChildren(...(proof.length > 0 ? proofTable(proof) : []));
  }

  private markCurrent(): void {
    const { at, rule } = this.current;
    for (const { name, slots } of this.rules) {
      slots.forEach((slot, place) => {
        const isCurrent = name === rule && place === at;
        slot.classList.toggle("shapes-current", isCurrent);
      });
    }
  }

  /** Speaks the verdict on what the reader has put in last. */
  private sayVerdict(rules: readonly Rule[]): void {
    const rule = rules.find(({ name }) => name === this.changed);
    if (rule === undefined || !isSame(rule.placed, this.placed[rule.name])) {
      return;
    }
    this.changed = null;
    this.frame.say(rule.words);
  }
}

const shapeMatcher: Definition = {
  render(props) {
    new ShapeMatcher(props);
  },
};

export default shapeMatcher;
