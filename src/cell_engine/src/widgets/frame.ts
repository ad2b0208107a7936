// What every widget has around its drawing: the task, Reset, a link to what
// the reader sees, the summary, and a voice for screen readers.
import { button, copyText, dress, element } from "../dom";
import type { Model, RenderProps } from "./contract";

export interface Frame {
  /** Holds the drawing. */
  readonly body: HTMLElement;
  /** Holds the widget's own buttons; Reset stands at its end. */
  readonly tools: HTMLElement;
  /** Speaks to a screen reader: what the last key did. */
  say(words: string): void;
}

/** Builds the frame of a widget inside its element. */
export function createFrame({ model, el, signal }: RenderProps): Frame {
  const task = element("p", "widget-task", textOf(model, "task"));
  const body = element("div", "widget-body");
  const tools = element("div", "widget-tools");
  const bar = element("div", "widget-bar", tools);
  const summary = element("p", "widget-summary", textOf(model, "summary"));
  const spoken = element("div", "cell-spoken");
  spoken.setAttribute("role", "status");
  if (sharedOf(model).length > 0) bar.append(createReset(model, spoken));
  task.hidden = task.textContent === "";
  el.classList.add("widget");
  el.replaceChildren(task, body, bar, summary, spoken);
  whenChanged(model, ["summary"], signal, () => {
    summary.textContent = textOf(model, "summary");
  });
  return {
    body,
    tools,
    say(words) {
      spoken.textContent = words;
    },
  };
}

/** Calls `draw` once for all the changes of these values within a frame. */
export function whenChanged(
  model: Model,
  keys: readonly string[],
  signal: AbortSignal,
  draw: () => void,
): void {
  let frame = 0;
  const queue = (): void => {
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      draw();
    });
  };
  for (const key of keys) model.on(`change:${key}`, queue);
  signal.addEventListener("abort", () => {
    cancelAnimationFrame(frame);
    for (const key of keys) model.off(`change:${key}`, queue);
  });
}

/** Sets values as the reader's doing: here, and in Python. */
export function setByReader(
  model: Model,
  values: Readonly<Record<string, unknown>>,
): void {
  for (const [key, value] of Object.entries(values)) model.set(key, value);
  model.save_changes();
}

/** A link to this page with the widget as the reader has set it. */
export function createLinkButton(label: string): HTMLButtonElement {
  const look = { icon: "copy", label, text: label } as const;
  const made = button(look, () => {
    void copyText(location.href).then((copied) => {
      if (copied)
        dress(made, { icon: "done", label: "Copied", text: "Copied" });
    });
  });
  return made;
}

function createReset(model: Model, spoken: HTMLElement): HTMLButtonElement {
  const look = { icon: "reset", label: "Reset", text: "Reset" } as const;
  return button(look, () => {
    setByReader(model, model.get("initial") as Record<string, unknown>);
    spoken.textContent = "Reset.";
  });
}

const textOf = (model: Model, key: string): string => String(model.get(key));

const sharedOf = (model: Model): readonly unknown[] =>
  model.get("shared") as readonly unknown[];
