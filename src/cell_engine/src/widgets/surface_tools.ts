// What a press on the plane does: look, draw a class, move, remove.
import { element } from "../dom";
import { signOf } from "./surface_picture";

/** A number is the class that is drawn. */
export type Tool = number | "look" | "move" | "remove";

let made = 0;

export class SurfaceTools {
  readonly root = element("fieldset", "surface-tools");
  private readonly inputs = new Map<Tool, HTMLInputElement>();
  private now: Tool = "look";

  constructor(
    names: readonly string[],
    private readonly onChoice: (tool: Tool) => void,
  ) {
    made += 1;
    this.root.append(element("legend", "surface-tools-title", "Pointer"));
    this.offer("look", "Look");
    names.forEach((name, kind) => {
      this.offer(kind, `Draw ${name}`, signOf(kind));
    });
    this.offer("move", "Move");
    this.offer("remove", "Erase");
    this.choose("look");
  }

  get chosen(): Tool {
    return this.now;
  }

  choose(tool: Tool): void {
    const input = this.inputs.get(tool);
    if (input === undefined) return;
    input.checked = true;
    this.now = tool;
    this.onChoice(tool);
  }

  private offer(tool: Tool, label: string, ...signs: Node[]): void {
    const input = element("input", "");
    input.type = "radio";
    input.name = `surface-tool-${made}`;
    input.addEventListener("change", () => {
      this.choose(tool);
    });
    this.inputs.set(tool, input);
    const words = element("span", "", label);
    this.root.append(element("label", "surface-tool", input, ...signs, words));
  }
}

/** What the colors and signs mean, where nothing is drawn. */
export function keyOf(names: readonly string[]): HTMLElement {
  const entries = names.map((name, kind) =>
    element("span", "surface-entry", signOf(kind), name),
  );
  return element("p", "surface-key", ...entries);
}
