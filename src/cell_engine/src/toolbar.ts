// The bar above a cell's code: Run or Stop, what the cell does, its tools.
import { button, dress, element } from "./dom";
import type { ButtonLook } from "./dom";

export interface ToolbarEvents {
  readonly onRunOrStop: () => void;
  readonly onRunAbove: () => void;
  readonly onReset: () => void;
  readonly onCopy: () => Promise<boolean>;
}

/** What the bar is called, and what it offers besides. */
export interface ToolbarLook {
  readonly title: string;
  /** The first button while nothing runs. */
  readonly main: ButtonLook;
  readonly hasAbove: boolean;
  readonly more: readonly HTMLElement[];
}

export const RUN: ButtonLook = { icon: "run", label: "Run", text: "Run" };
const STOP: ButtonLook = { icon: "stop", label: "Stop", text: "Stop" };
const CANCEL: ButtonLook = {
  icon: "stop",
  label: "Do not run",
  text: "Cancel",
};
const FORCE: ButtonLook = {
  icon: "stop",
  label: "Force stop: restarts Python, its variables are lost",
  text: "Force stop",
};
const COPY: ButtonLook = { icon: "copy", label: "Copy the code" };

const COPIED_MS = 1_500;

export type MainButton = "run" | "stop" | "cancel" | "force";

const LOOKS: Readonly<Record<Exclude<MainButton, "run">, ButtonLook>> = {
  stop: STOP,
  cancel: CANCEL,
  force: FORCE,
};

export class Toolbar {
  readonly root = element("div", "cell-bar");
  private readonly main: HTMLButtonElement;
  private readonly above: HTMLButtonElement;
  private readonly resetButton: HTMLButtonElement;
  private readonly status = element("span", "cell-status");
  private readonly meter = element("div", "cell-progress");

  constructor(
    private readonly look: ToolbarLook,
    events: ToolbarEvents,
  ) {
    this.main = button(
      { ...look.main, className: "cell-main" },
      events.onRunOrStop,
    );
    this.above = button(
      { icon: "above", label: "Run all above" },
      events.onRunAbove,
    );
    this.resetButton = button(
      { icon: "reset", label: "Reset cell" },
      events.onReset,
    );
    const copy = button(COPY, () => {
      void events.onCopy().then((copied) => {
        if (!copied) return;
        dress(copy, { icon: "done", label: "Copied" });
        window.setTimeout(() => {
          dress(copy, COPY);
        }, COPIED_MS);
      });
    });
    this.resetButton.hidden = true;
    this.above.hidden = !look.hasAbove;
    const tools = element("div", "cell-tools");
    tools.append(...look.more, this.resetButton, this.above, copy);
    this.meter.hidden = true;
    this.root.setAttribute("role", "group");
    this.root.setAttribute("aria-label", look.title);
    this.root.append(this.main, this.status, tools, this.meter);
  }

  showMain(which: MainButton): void {
    dress(this.main, which === "run" ? this.look.main : LOOKS[which]);
    this.main.dataset.action = which;
  }

  showEdited(edited: boolean): void {
    this.resetButton.hidden = !edited;
  }

  showStatus(text: string, detail = ""): void {
    const whole = detail === "" ? text : `${text} · ${detail}`;
    if (this.status.textContent !== whole) this.status.textContent = whole;
  }

  /** A share of 1, or null for work whose end nobody knows. */
  showProgress(share: number | null): void {
    this.meter.hidden = false;
    this.meter.setAttribute("role", "progressbar");
    this.meter.setAttribute("aria-label", "Progress of this cell");
    this.meter.classList.toggle("cell-progress-open", share === null);
    if (share === null) {
      this.meter.removeAttribute("aria-valuenow");
      return;
    }
    this.meter.setAttribute("aria-valuenow", String(Math.round(share * 100)));
    this.meter.style.setProperty("--share", String(share));
  }

  hideProgress(): void {
    this.meter.hidden = true;
  }
}
