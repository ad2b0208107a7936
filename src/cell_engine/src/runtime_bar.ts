// The page's Python in one line at the foot of the window: what it does now,
// and the buttons that concern the page as a whole.
import { button, element } from "./dom";
import type { RuntimeState } from "./runtime";
import { runtimeWords } from "./wording";

export interface RuntimeBarEvents {
  readonly onRetry: () => void;
  readonly onRestart: () => void;
  readonly onRunAll: () => void;
}

export class RuntimeBar {
  private readonly root = element("div", "cell-runtime");
  private readonly words = element("span", "cell-runtime-words");
  private readonly meter = element("div", "cell-runtime-meter");
  private readonly runAll: HTMLButtonElement;
  private readonly restart: HTMLButtonElement;
  private readonly retry: HTMLButtonElement;

  constructor(events: RuntimeBarEvents) {
    this.runAll = button(
      { icon: "run", label: "Run all cells", text: "Run all" },
      events.onRunAll,
    );
    this.restart = button(
      { icon: "reset", label: "Restart Python", text: "Restart Python" },
      events.onRestart,
    );
    this.retry = button(
      { icon: "reset", label: "Retry starting Python", text: "Retry" },
      events.onRetry,
    );
    const dot = element("span", "cell-runtime-dot");
    const actions = element("span", "cell-runtime-actions");
    actions.append(this.runAll, this.restart, this.retry);
    this.root.setAttribute("role", "group");
    this.root.setAttribute("aria-label", "Python on this page");
    this.root.append(dot, this.words, actions, this.meter);
    this.root.hidden = true;
    document.body.append(this.root);
  }

  show(state: RuntimeState, activity: string | null, restored: boolean): void {
    this.root.dataset.start = restored ? "snapshot" : "files";
    this.root.dataset.state = state.name;
    this.root.hidden = state.name === "idle";
    this.words.textContent = activity ?? runtimeWords(state);
    const failed = state.name === "failed";
    const up = state.name === "ready" || state.name === "running";
    this.retry.hidden = !failed;
    this.restart.hidden = !up;
    this.runAll.hidden = state.name !== "ready";
    const share =
      state.name === "downloading" ? state.received / state.total : 0;
    this.meter.style.setProperty("--share", String(share));
  }

  dispose(): void {
    this.root.remove();
  }
}
