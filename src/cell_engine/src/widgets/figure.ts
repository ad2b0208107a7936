// A widget's place in the page: the module's own element, and below it what
// the callbacks put out.
import { button, element } from "../dom";
import type {
  CellResult,
  OutputMessage,
  WidgetNews,
  WidgetPlace,
} from "../messages";
import { Output } from "../output";
import type { Mount } from "../output";
import { cleanupOf } from "./contract";
import type { Definition } from "./contract";
import type { WidgetModel } from "./model";
import { loadModule } from "./modules";

const BUSY_AFTER_MS = 300;
/** A Stop without an answer for so long becomes a forced one. */
const PATIENCE_MS = 2_000;

export interface FigureEvents {
  readonly onStop: () => void;
  readonly onForce: () => void;
}

export class WidgetFigure {
  /** Settles when what the callbacks have put out is drawn. */
  drawn: Promise<void> = Promise.resolve();

  private readonly view = element("div", "widget-view");
  private readonly busy = element("div", "widget-busy");
  private readonly outputHost = element("div", "widget-output");
  private readonly output: Output;
  private readonly aborter = new AbortController();
  private readonly cleanups: (() => void | Promise<void>)[] = [];
  private timer = 0;

  constructor(
    private readonly figure: HTMLElement,
    private readonly model: WidgetModel,
    place: WidgetPlace,
    private readonly events: FigureEvents,
    /** Shows the figures that callbacks make. */
    mount: Mount,
  ) {
    const { module, name, task } = place;
    figure.dataset.widget = JSON.stringify({ module, name, task });
    this.busy.hidden = true;
    this.outputHost.hidden = true;
    figure.append(this.view, this.busy, this.outputHost);
    this.output = new Output(this.outputHost, () => undefined, mount);
    void this.load();
  }

  take(news: Exclude<WidgetNews, { type: "widget" }>): void {
    if (news.type === "reacting") this.begin(news.called);
    else if (news.type === "reaction") this.receive(news.message);
    else this.drawn = this.finish(news.result);
  }

  /** The start of the text that callbacks have put out. */
  summary(): string {
    return this.output.summary();
  }

  /** Callbacks run: what they put out before makes way. */
  private begin(called: boolean): void {
    this.outputHost.hidden = false;
    this.output.begin();
    if (called) return; // by a cell or a callback, which has a Stop already
    this.timer = window.setTimeout(() => {
      this.showBusy("Python is at work.", "Stop", this.events.onStop);
    }, BUSY_AFTER_MS);
  }

  private receive(message: OutputMessage): void {
    const { type } = message;
    if (type === "progress" || type === "input" || type === "loading") return;
    this.outputHost.hidden = false;
    this.output.receive(message);
  }

  private async finish({ status, error }: CellResult): Promise<void> {
    this.hideBusy();
    await this.output.finish(status === "error" ? error : null);
    this.outputHost.hidden = this.outputHost.childElementCount === 0;
  }

  /** Python has forgotten the widget: nothing here has an effect any more. */
  sleep(): void {
    this.hideBusy();
    this.output.cutOff();
    this.view.inert = true;
    this.figure.classList.add("widget-asleep");
    const words = "Python was restarted. Run the cell to use this again.";
    this.figure.append(element("p", "widget-note", words));
  }

  dispose(): void {
    this.hideBusy();
    this.aborter.abort();
    for (const cleanup of this.cleanups) void cleanup();
    this.output.dispose();
    this.model.close();
  }

  private get isGone(): boolean {
    return this.aborter.signal.aborted;
  }

  private async load(): Promise<void> {
    const { signal } = this.aborter;
    const { model, view } = this;
    try {
      const module = await loadModule(model.module);
      const found: Definition =
        typeof module === "function" ? await module() : module;
      const { initialize, render } = found;
      if (!this.isGone) this.keep(await initialize?.({ model, signal }));
      if (!this.isGone) this.keep(await render?.({ model, el: view, signal }));
    } catch (error) {
      if (!this.isGone) this.showFailure(error);
    }
  }

  private keep(outcome: unknown): void {
    const cleanup = cleanupOf(outcome);
    if (cleanup === null) return;
    if (this.isGone) void cleanup();
    else this.cleanups.push(cleanup);
  }

  private showFailure(error: unknown): void {
    console.info(error);
    const words = `This figure could not be shown. ${String(this.model.get("summary"))}`;
    const again = button(
      { icon: "reset", label: "Retry", text: "Retry" },
      () => {
        this.view.replaceChildren();
        void this.load();
      },
    );
    this.view.replaceChildren(element("p", "widget-note", words, " ", again));
  }

  private showBusy(words: string, label: string, onPress: () => void): void {
    const stop = button({ icon: "stop", label, text: label }, () => {
      onPress();
      if (label !== "Stop") return;
      stop.disabled = true;
      this.timer = window.setTimeout(() => {
        const { onForce } = this.events;
        this.showBusy("Python does not react.", "Force stop", onForce);
      }, PATIENCE_MS);
    });
    this.busy.replaceChildren(element("span", "", words), stop);
    this.busy.hidden = false;
  }

  private hideBusy(): void {
    clearTimeout(this.timer);
    this.busy.hidden = true;
  }
}
