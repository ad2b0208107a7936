// One gradient of a shape matcher: two places, their shapes, and the verdict.
import { element } from "../dom";
import { shapeText } from "./shape_parts";

export interface Piece {
  readonly name: string;
  readonly shape: readonly number[];
  /** The names of its axes. */
  readonly axes: readonly string[];
}

export interface Place {
  readonly rule: string;
  readonly at: number;
}

/** What Python says of the two places. */
export interface Rule {
  readonly name: string;
  readonly kind: "product" | "sum";
  readonly wanted: readonly number[];
  readonly placed: readonly string[];
  readonly got: readonly number[];
  readonly state: "open" | "illegal" | "shape" | "numbers" | "right";
  readonly words: string;
}

type Pieces = ReadonlyMap<string, Piece>;

const PARTS = {
  product: ["left factor", "right factor"],
  sum: ["matrix", "axis"],
} as const;
const SIGNS: Readonly<Record<string, string>> = { open: "", right: "✓ " };

export class ShapeRule {
  readonly root = element("div", "shapes-rule");
  readonly slots: readonly HTMLElement[];
  readonly name: string;
  readonly kind: Rule["kind"];
  private readonly wanted = element("span", "shapes-size");
  private readonly sizes: readonly HTMLElement[];
  private readonly link = element("span", "shapes-link");
  private readonly result = element("span", "shapes-result");
  private readonly verdict = element("p", "shapes-verdict");

  constructor({ kind, name }: Rule) {
    this.name = name;
    this.kind = kind;
    this.root.setAttribute("role", "group");
    this.root.setAttribute("aria-label", name);
    this.slots = PARTS[kind].map(() => createSlot());
    this.sizes = PARTS[kind].map(() => element("span", "shapes-size"));
    const places = this.slots.map((slot, at) =>
      element("span", "shapes-place", slot, this.sizes[at] ?? ""),
    );
    const isProduct = kind === "product";
    const left = element(
      "span",
      "shapes-left",
      element("code", "", name),
      this.wanted,
    );
    const sum = element(
      "span",
      "shapes-join",
      element("code", "", isProduct ? "@" : ".sum(axis="),
      this.link,
    );
    const line = element("div", "shapes-line", left);
    line.append(element("code", "shapes-equals", "="));
    line.append(element("span", "shapes-break"));
    line.append(places[0] ?? "", sum, places[1] ?? "");
    if (!isProduct) line.append(element("code", "shapes-end", ")"));
    line.append(this.result);
    this.root.append(line, this.verdict);
  }

  /** Shows the places at once, and the verdict as soon as it is about them. */
  draw(rule: Rule, placed: readonly string[], pieces: Pieces): void {
    const isJudged = JSON.stringify(rule.placed) === JSON.stringify(placed);
    const state = isJudged ? rule.state : "open";
    const isLegal = state !== "illegal" && state !== "open";
    this.wanted.textContent = shapeText(rule.wanted);
    this.root.dataset.state = state;
    placed.forEach((name, at) => {
      this.drawPlace(at, name, pieces.get(name));
    });
    if (this.kind === "product") {
      this.link.textContent = isLegal ? "=" : state === "illegal" ? "≠" : "";
    }
    const got = isJudged && rule.got.length > 0 ? shapeText(rule.got) : "";
    this.result.textContent = got === "" ? "" : `→ ${got}`;
    this.verdict.textContent = isJudged
      ? `${SIGNS[state] ?? "✗ "}${rule.words}`
      : "…";
  }

  private drawPlace(at: number, name: string, piece?: Piece): void {
    const slot = this.slots[at];
    const size = this.sizes[at];
    if (slot === undefined || size === undefined) return;
    if (name === "") delete slot.dataset.piece;
    else slot.dataset.piece = name;
    slot.classList.toggle("shapes-empty", name === "");
    slot.replaceChildren(element("code", "", name === "" ? "?" : name));
    const shape = piece === undefined ? "" : shapeText(piece.shape);
    const holds = name === "" ? "empty" : `${name} ${shape}`.trim();
    const part = PARTS[this.kind][at] ?? "";
    slot.setAttribute("aria-label", `${this.name}, ${part}: ${holds}`);
    size.replaceChildren(...this.sizeParts(at, piece));
  }

  /** The shape below a place, the size that must fit marked in it. */
  private sizeParts(at: number, piece?: Piece): (Node | string)[] {
    const [rows, columns] = piece?.shape.map(String) ?? [];
    if (rows === undefined || columns === undefined) return [" "];
    if (this.kind === "sum") return [`(${rows}, ${columns})`];
    const inner = element("b", "shapes-inner", at === 0 ? columns : rows);
    return at === 0
      ? [`(${rows}, `, inner, ")"]
      : ["(", inner, `, ${columns})`];
  }
}

function createSlot(): HTMLElement {
  const slot = element("button", "shapes-slot");
  slot.type = "button";
  return slot;
}
