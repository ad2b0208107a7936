// The widgets of a page: which are open, where they stand, and what the reader
// has set in them, which outlives both Python and the cell's next run.
import type {
  WidgetEvent,
  WidgetMessage,
  WidgetNews,
  WidgetPlace,
} from "../messages";
import { Address, readAddress } from "./address";
import type { Kept } from "./address";
import { WidgetFigure } from "./figure";
import type { FigureEvents } from "./figure";
import { WidgetModel } from "./model";
import type { State } from "./model";

/** A widget that an output shows, until the output is cleared. */
export interface Mounted {
  /** Settles when what callbacks have put out below it is drawn. */
  drawn(): Promise<void>;
  /** The start of the text below it. */
  summary(): string;
  dispose(): void;
}

type FigureNews = Exclude<WidgetNews, { type: "widget" }>;

/** The Python of the page, as far as widgets need it. */
export interface Wire {
  tell(event: WidgetEvent): void;
  stop(): void;
}

const prefersStills = matchMedia("(prefers-reduced-motion: reduce)");

export class WidgetRegistry {
  private readonly models = new Map<number, WidgetModel>();
  private readonly figures = new Map<number, WidgetFigure>();
  /** What a cell's own call gave before the figure was drawn. */
  private readonly early = new Map<number, FigureNews[]>();
  private readonly address = new Address();
  private readonly aborter = new AbortController();
  private busy = false;
  private set: Record<string, State> = { ...readAddress(location.hash) };

  private readonly events: FigureEvents;

  constructor(
    private readonly wire: Wire,
    /** A callback does not react to Stop. */
    onForce: () => void,
  ) {
    const onStop = (): void => {
      wire.stop();
    };
    this.events = { onStop, onForce };
    const { signal } = this.aborter;
    const follow = (): void => {
      this.follow(readAddress(location.hash));
    };
    window.addEventListener("hashchange", follow, { signal });
    showArrival(this.set);
  }

  /** What the reader has set, by the widgets' names. */
  get kept(): Kept {
    return this.set;
  }

  /** Puts an open widget into the page. */
  mount(figure: HTMLElement, place: WidgetPlace): Mounted | null {
    const model = this.models.get(place.id);
    if (model === undefined) return null;
    const { events } = this;
    const made = new WidgetFigure(figure, model, place, events, (inner, its) =>
      this.mount(inner, its),
    );
    this.figures.set(place.id, made);
    for (const news of this.early.get(place.id) ?? []) made.take(news);
    this.early.delete(place.id);
    return {
      drawn: () => made.drawn,
      summary: () => made.summary(),
      dispose: () => {
        this.models.delete(place.id);
        this.figures.delete(place.id);
        made.dispose();
      },
    };
  }

  receive(news: WidgetNews): void {
    if (news.type === "widget") {
      this.receiveMessage(news.message, news.buffers);
      return;
    }
    const figure = this.figures.get(news.widget);
    if (figure !== undefined) figure.take(news);
    else if (this.models.has(news.widget)) {
      const before = this.early.get(news.widget) ?? [];
      this.early.set(news.widget, [...before, news]);
    }
  }

  /** A cell runs: who wants no motion sees its first and its last state. */
  begin(): void {
    this.busy = prefersStills.matches;
    if (this.busy) for (const model of this.models.values()) model.hold();
  }

  /** The cell has ended. */
  finish(): void {
    this.busy = false;
    for (const model of this.models.values()) model.release();
  }

  /** This Python is gone, and with it the other half of every widget. */
  sleep(): void {
    for (const model of this.models.values()) model.sleep();
    for (const figure of this.figures.values()) figure.sleep();
    this.models.clear();
    this.figures.clear();
    this.early.clear();
  }

  dispose(): void {
    this.aborter.abort();
    this.address.dispose();
    this.models.clear();
    this.figures.clear();
    this.early.clear();
  }

  private receiveMessage(
    message: WidgetMessage,
    buffers: readonly Uint8Array[],
  ): void {
    const model = this.models.get(message.widget);
    if (message.event === "open") this.open(message, buffers);
    else if (message.event === "change") model?.receive(message.state, buffers);
    else model?.receiveMessage(message.content, buffers);
  }

  private open(
    message: Extract<WidgetMessage, { event: "open" }>,
    buffers: readonly Uint8Array[],
  ): void {
    const { module, state, widget } = message;
    const events = {
      onSend: (event: WidgetEvent) => {
        this.wire.tell(event);
      },
      onSave: (model: WidgetModel) => {
        this.remember(model);
      },
    };
    const model = new WidgetModel(widget, module, events, state, buffers);
    if (this.busy) model.hold();
    this.models.set(widget, model);
  }

  private remember(model: WidgetModel): void {
    const { initial, name, shared } = model;
    const moved = shared
      .map((key) => [key, model.get(key)] as const)
      .filter(([key, value]) => !isSame(value, initial[key]));
    const others = Object.entries(this.set).filter(([key]) => key !== name);
    this.set = Object.fromEntries(others);
    if (moved.length > 0) this.set[name] = Object.fromEntries(moved);
    this.address.show(this.set);
  }

  /** The address has changed: the widgets take what it says. */
  private follow(kept: Kept): void {
    const names = Object.keys(kept);
    if (names.length === 0) return;
    this.set = { ...this.set, ...kept };
    for (const model of this.models.values()) {
      const state = kept[model.name];
      if (state !== undefined) model.restore({ ...model.initial, ...state });
    }
    showArrival(kept);
  }
}

const isSame = (a: unknown, b: unknown): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** Brings the widget that a link is about onto the screen. */
function showArrival(kept: Kept): void {
  const [name] = Object.keys(kept);
  if (name === undefined) return;
  for (const figure of document.querySelectorAll<HTMLElement>(".cell-widget")) {
    const place = JSON.parse(figure.dataset.widget ?? "{}") as Partial<{
      name: string;
    }>;
    if (place.name === name) figure.scrollIntoView({ block: "center" });
  }
}
