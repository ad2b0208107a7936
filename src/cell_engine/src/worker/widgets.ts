// What Python and the widgets of the page say to each other: sent at once to
// the page, kept for Python until it asks.
import type {
  FromWorker,
  OutputMessage,
  WidgetEvent,
  WidgetNews,
} from "../messages";
import { Outbox } from "./outbox";

/** More messages of one widget than this, unread, and the oldest are lost. */
const MOST_WAITING = 1_000;

/** An event as Python takes it. */
interface Delivery {
  readonly kind: string;
  readonly widget: number;
  readonly json: string;
  readonly buffers: readonly Uint8Array[];
}

export class Inbox {
  private readonly waiting: WidgetEvent[] = [];

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  /** Of several values for one name, only the last matters. */
  add(event: WidgetEvent): void {
    const last = this.waiting.at(-1);
    if (last !== undefined && canMerge(last, event)) {
      this.waiting[this.waiting.length - 1] = merged(last, event);
      return;
    }
    this.waiting.push(event);
    if (this.waiting.length > MOST_WAITING) this.waiting.shift();
  }

  /** The oldest event; undefined, which Python reads as None, if none. */
  next(): Delivery | undefined {
    const event = this.waiting.shift();
    if (event === undefined) return undefined;
    const { kind, widget, content, buffers } = event;
    return { kind, widget, json: JSON.stringify(content), buffers };
  }
}

function canMerge(last: WidgetEvent, event: WidgetEvent): boolean {
  return (
    event.kind === "change" &&
    last.kind === "change" &&
    last.widget === event.widget &&
    last.buffers.length + event.buffers.length === 0
  );
}

function merged(last: WidgetEvent, event: WidgetEvent): WidgetEvent {
  const content = { ...(last.content as object), ...(event.content as object) };
  return { ...event, content };
}

type FromPython =
  | (OutputMessage & { readonly widget?: number })
  | Exclude<WidgetNews, { type: "reaction" }>;

/** Parts what Python posts into output, and news of widgets. */
export class Outlet {
  private run = 0;
  private readonly output = new Outbox((message) => {
    this.post({ type: "output", run: this.run, message }, []);
  });
  /** By widget: a callback may call another one's. */
  private readonly reactions = new Map<number, Outbox>();

  constructor(
    private readonly post: (
      message: FromWorker,
      transfer: ArrayBuffer[],
    ) => void,
  ) {}

  begin(run: number): void {
    this.run = run;
    this.output.begin();
  }

  end(): void {
    this.output.end();
  }

  /** Takes one message from Python, its arrays beside it. */
  send(json: string, buffers: readonly Uint8Array<ArrayBuffer>[] = []): void {
    const message = JSON.parse(json) as FromPython;
    switch (message.type) {
      case "widget":
        this.post(
          { ...message, buffers },
          buffers.map(({ buffer }) => buffer),
        );
        break;
      case "reacting":
        this.reactions.set(message.widget, this.reactionOf(message.widget));
        this.post(message, []);
        break;
      case "reacted":
        this.reactions.get(message.widget)?.end();
        this.reactions.delete(message.widget);
        this.post(message, []);
        break;
      default:
        if (message.widget === undefined) this.output.send(message);
        else this.reactions.get(message.widget)?.send(message);
    }
  }

  private reactionOf(widget: number): Outbox {
    return new Outbox((message) => {
      this.post({ type: "reaction", widget, message }, []);
    });
  }
}
