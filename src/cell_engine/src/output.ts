// What a cell puts out, drawn at most once a frame and in the order it came.
import { button, copyText, dress, element } from "./dom";
import type {
  CellError,
  OutputMessage,
  PlotData,
  WidgetPlace,
} from "./messages";
import { PLOT_TYPE, WIDGET_TYPE } from "./messages";
import { PlotFigure } from "./plot_figure";
import { QuestionField } from "./question_field";
import { renderStill } from "./still";
import { TextOutput } from "./text_output";
import { preloadModule } from "./widgets/modules";
import type { Mounted } from "./widgets/registry";

type Display = Extract<OutputMessage, { type: "display" }>;
type Drawn = Exclude<OutputMessage, { type: "progress" | "input" | "loading" }>;

/** Text drawn in one frame; the rest waits for the next. */
const FRAME_CHARACTERS = 30_000;
/** What a line costs the browser's layout, in characters: 400 in a frame. */
const LINE_CHARACTERS = 75;
/** A hidden tab gets no animation frames. */
const HIDDEN_FRAME_MS = 500;
const WIDGET = ":scope > .cell-widget[data-widget]";

/** Puts a widget into the page; null when nobody knows it. */
export type Mount = (figure: HTMLElement, place: WidgetPlace) => Mounted | null;

export class Output {
  private waiting: Drawn[] = [];
  private scheduled = false;
  private text: TextOutput;
  private displays = new Map<string, HTMLElement>();
  private plots = new Map<HTMLElement, PlotFigure>();
  private question: QuestionField | null = null;
  private widgets: Mounted[] = [];
  private pending = false;
  private spoken = "";

  constructor(
    readonly host: HTMLElement,
    private readonly onLine: (line: number) => void,
    private readonly mount: Mount = () => null,
  ) {
    this.text = new TextOutput(host);
  }

  /** A run starts: what stands here stays until the first new output. */
  begin(): void {
    this.waiting = [];
    this.pending = true;
    this.spoken = "";
    this.host.style.minHeight = `${this.host.offsetHeight}px`;
    this.host.classList.add("cell-pending");
    if (this.host.querySelector(".cell-plot") !== null) PlotFigure.preload();
    for (const still of this.host.querySelectorAll<HTMLElement>(WIDGET)) {
      const { module } = JSON.parse(still.dataset.widget ?? "") as WidgetPlace;
      preloadModule(module);
    }
  }

  receive(message: Drawn): void {
    this.waiting.push(message);
    if (this.scheduled) return;
    this.scheduled = true;
    const draw = (): void => {
      this.scheduled = false;
      this.drawFrame(FRAME_CHARACTERS);
      if (this.waiting.length > 0) this.schedule(draw);
    };
    this.schedule(draw);
  }

  /** A field for the line that `input()` waits for, below what came before. */
  async ask(prompt: string, onAnswer: (text: string) => void): Promise<void> {
    const field = new QuestionField(prompt, (text) => {
      this.closeQuestion();
      onAnswer(text);
    });
    this.question = field;
    await this.drawWaiting();
    if (this.question !== field) return;
    this.clearPending();
    this.place(field.root);
    field.focusIfNear(this.host);
  }

  /** The run has ended: draws what is left, then the error, if any. */
  async finish(error: CellError | null): Promise<void> {
    this.closeQuestion();
    await this.drawWaiting();
    this.clearPending();
    await Promise.all(this.widgets.map((widget) => widget.drawn()));
    if (error !== null) this.showError(error);
    for (const plot of this.plots.values()) plot.finish();
    this.release();
  }

  /** The run was cut off: shows what came, and why there is no more. */
  cutOff(): void {
    this.closeQuestion();
    this.drawFrame(Infinity);
    this.host.classList.remove("cell-pending");
    this.release();
  }

  /** A note of the engine's own below the output. */
  showNote(text: string, ...actions: HTMLElement[]): void {
    const note = element(
      "div",
      "cell-note",
      element("p", "", text),
      ...actions,
    );
    this.host.append(note);
    this.host.hidden = false;
  }

  /** The start of the printed text, for the announcement. */
  summary(): string {
    const own = this.spoken.trim().split("\n")[0]?.slice(0, 120) ?? "";
    const below = this.widgets.map((widget) => widget.summary());
    return [own, ...below].find((words) => words !== "") ?? "";
  }

  dispose(): void {
    this.waiting = [];
    this.clearDisplays();
  }

  private schedule(draw: () => void): void {
    if (document.hidden) window.setTimeout(draw, HIDDEN_FRAME_MS);
    else requestAnimationFrame(draw);
  }

  private async drawWaiting(): Promise<void> {
    while (this.waiting.length > 0) {
      await new Promise<void>((resolve) => {
        this.schedule(resolve);
      });
      this.drawFrame(FRAME_CHARACTERS);
    }
  }

  private closeQuestion(): void {
    this.question?.remove();
    this.question = null;
  }

  private release(): void {
    this.host.style.minHeight = "";
  }

  private clearDisplays(): void {
    for (const plot of this.plots.values()) plot.dispose();
    this.plots.clear();
    for (const widget of this.widgets.splice(0)) widget.dispose();
    this.displays.clear();
  }

  private clearPending(): void {
    if (!this.pending) return;
    this.pending = false;
    this.clearDisplays();
    this.host.replaceChildren();
    this.host.classList.remove("cell-pending");
    this.host.classList.add("cell-live");
    this.text = new TextOutput(this.host);
  }

  private drawFrame(budget: number): void {
    let left = budget;
    while (this.waiting.length > 0 && left > 0) {
      const message = this.waiting.shift();
      if (message === undefined) break;
      this.clearPending();
      if (message.type === "text") {
        left -= this.drawText(message, left);
      } else if (message.type === "dropped") {
        this.text.setDropped(message.characters);
      } else {
        this.drawDisplay(message);
        left -= 1_000;
      }
    }
    this.text.renewNotice();
  }

  /** Draws what there is room for; what it cost. */
  private drawText(
    message: Extract<OutputMessage, { type: "text" }>,
    room: number,
  ): number {
    const { stream, text } = message;
    const lineCost = this.text.isCut ? 0 : LINE_CHARACTERS;
    const { end, cost } = portion(text, room, lineCost);
    if (end < text.length) {
      this.waiting.unshift({ ...message, text: text.slice(end) });
    }
    const now = text.slice(0, end);
    if (this.spoken.length < 200) this.spoken += now.slice(0, 200);
    this.text.append(stream, now);
    return cost;
  }

  private drawDisplay(message: Display): void {
    const known =
      message.id === null ? undefined : this.displays.get(message.id);
    const plot = message.data[PLOT_TYPE] as PlotData | undefined;
    if (plot !== undefined) {
      this.drawPlot(plot, message.id, known);
      return;
    }
    const place = message.data[WIDGET_TYPE] as WidgetPlace | undefined;
    if (place !== undefined && known !== undefined) return;
    const made = this.drawWidget(place) ?? renderStill(message.data);
    if (known !== undefined) known.replaceWith(made);
    else this.place(made);
    if (message.id !== null) this.displays.set(message.id, made);
  }

  private drawPlot(
    data: PlotData,
    id: string | null,
    known: HTMLElement | undefined,
  ): void {
    const old = known === undefined ? undefined : this.plots.get(known);
    if (old !== undefined) {
      old.update(data);
      return;
    }
    const figure = element("figure", "cell-plot");
    if (known !== undefined) known.replaceWith(figure);
    else this.place(figure);
    const plot = new PlotFigure(figure, data);
    this.plots.set(figure, plot);
    if (id !== null) this.displays.set(id, figure);
  }

  private drawWidget(place: WidgetPlace | undefined): HTMLElement | null {
    if (place === undefined) return null;
    const figure = element("figure", "cell-widget");
    const mounted = this.mount(figure, place);
    if (mounted === null) return null;
    this.widgets.push(mounted);
    return figure;
  }

  private place(made: HTMLElement): void {
    this.text.breakStretch();
    this.host.append(made);
  }

  private showError(error: CellError): void {
    const title = element("strong", "", error.type);
    const words =
      error.message === "" ? [title] : [title, `: ${error.message}`];
    const head = element("p", "cell-error-head", ...words);
    const look = { icon: "copy", label: "Copy the traceback" } as const;
    const copy = button(look, () => {
      void copyText(error.traceback).then((copied) => {
        if (copied) dress(copy, { icon: "done", label: "Copied" });
      });
    });
    const trace = element("pre", "cell-error", error.traceback);
    trace.tabIndex = 0;
    const row = element("div", "cell-error-row", head);
    if (error.line !== null) row.append(this.lineButton(error.line));
    row.append(copy);
    this.host.append(element("div", "cell-trouble", row, trace));
  }

  private lineButton(line: number): HTMLButtonElement {
    const made = element("button", "cell-button", `Line ${line}`);
    made.type = "button";
    made.title = `Show line ${line} in the code`;
    made.addEventListener("click", () => {
      this.onLine(line);
    });
    return made;
  }
}

/** How much of a text a frame has room for: whole lines, or a part of one. */
function portion(
  text: string,
  room: number,
  lineCost: number,
): { end: number; cost: number } {
  let [end, cost] = [0, 0];
  while (end < text.length && cost < room) {
    const newline = text.indexOf("\n", end);
    const next = newline === -1 ? text.length : newline + 1;
    const taken = Math.min(next - end, room - cost);
    end += taken;
    cost += taken + lineCost;
  }
  return { end, cost };
}
