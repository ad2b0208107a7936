// The model of a widget in the page: its state, and who hears of changes.
import { pack, unpack } from "./arrays";
import type { Handler, Model } from "./contract";
import type { WidgetEvent } from "../messages";

export type State = Readonly<Record<string, unknown>>;

export interface ModelEvents {
  /** What the reader did, for Python. */
  readonly onSend: (event: WidgetEvent) => void;
  /** The reader changed these values. */
  readonly onSave: (model: WidgetModel, keys: readonly string[]) => void;
}

export class WidgetModel implements Model {
  private readonly state = new Map<string, unknown>();
  private readonly handlers = new Map<string, Set<Handler>>();
  private readonly changed = new Set<string>();
  /** Values that wait until they may be shown. */
  private held: Map<string, unknown> | null = null;
  private asleep = false;

  constructor(
    readonly id: number,
    readonly module: string,
    private readonly events: ModelEvents,
    state: State,
    buffers: readonly Uint8Array[],
  ) {
    for (const [key, value] of Object.entries(state)) {
      this.state.set(key, unpack(value, buffers));
    }
  }

  get name(): string {
    return String(this.get("name"));
  }

  get shared(): readonly string[] {
    return this.get("shared") as string[];
  }

  get initial(): State {
    return this.get("initial") as State;
  }

  get(key: string): unknown {
    return this.state.get(key);
  }

  set(key: string, value: unknown): void {
    this.changed.add(key);
    this.state.set(key, value);
    this.emit(`change:${key}`);
    this.emit("change");
  }

  save_changes(): void {
    const keys = [...this.changed];
    this.changed.clear();
    if (keys.length === 0 || this.asleep) return;
    const values = keys.map((key) => [key, this.state.get(key)] as const);
    this.tell("change", Object.fromEntries(values));
    this.events.onSave(this, keys);
  }

  on(event: string, handler: Handler): void {
    const known = this.handlers.get(event) ?? new Set();
    this.handlers.set(event, known.add(handler));
  }

  off(event?: string | null, handler?: Handler | null): void {
    for (const name of event ? [event] : [...this.handlers.keys()]) {
      if (handler) this.handlers.get(name)?.delete(handler);
      else this.handlers.delete(name);
    }
  }

  send(
    content: unknown,
    _callbacks?: unknown,
    buffers: readonly (ArrayBuffer | ArrayBufferView)[] = [],
  ): void {
    if (this.asleep) return;
    const bytes = buffers.map((buffer) =>
      ArrayBuffer.isView(buffer)
        ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
        : new Uint8Array(buffer),
    );
    const { id: widget } = this;
    this.events.onSend({ kind: "custom", widget, content, buffers: bytes });
  }

  /** Asks Python to take values that come from the page's address. */
  restore(values: State): void {
    if (!this.asleep) this.tell("restore", values);
  }

  /** Takes new values from Python. */
  receive(state: State, buffers: readonly Uint8Array[]): void {
    for (const [key, packed] of Object.entries(state)) {
      const value = unpack(packed, buffers);
      if (this.held !== null) this.held.set(key, value);
      else this.take(key, value);
    }
    if (this.held === null) this.emit("change");
  }

  receiveMessage(content: unknown, buffers: readonly Uint8Array[]): void {
    const views = buffers.map(({ buffer }) => new DataView(buffer));
    this.emit("msg:custom", content, views);
  }

  /** Shows no more changes until `release`; the last ones count. */
  hold(): void {
    this.held ??= new Map();
  }

  release(): void {
    const { held } = this;
    this.held = null;
    if (held === null || held.size === 0) return;
    for (const [key, value] of held) this.take(key, value);
    this.emit("change");
  }

  /** Python has forgotten this widget. */
  sleep(): void {
    this.asleep = true;
    this.release();
  }

  close(): void {
    this.tell("close", null);
    this.handlers.clear();
    this.asleep = true;
  }

  private take(key: string, value: unknown): void {
    this.state.set(key, value);
    this.emit(`change:${key}`);
  }

  private tell(kind: WidgetEvent["kind"], values: unknown): void {
    if (this.asleep) return;
    const buffers: Uint8Array[] = [];
    const content = pack(values, buffers);
    this.events.onSend({ kind, widget: this.id, content, buffers });
  }

  private emit(event: string, ...values: unknown[]): void {
    for (const handler of [...(this.handlers.get(event) ?? [])]) {
      (handler as (...values: unknown[]) => void)(...values);
    }
  }
}
