// The anywidget front-end module contract (AFM), as far as the widgets of the
// course use it. A module's default export is a definition, or a function
// that gives one; the same module runs in this page and in a notebook.

export type Handler = (...values: never[]) => void;

/** The state that a module shares with Python. */
export interface Model {
  get(key: string): unknown;
  /** Takes effect here at once, in Python after `save_changes`. */
  set(key: string, value: unknown): void;
  save_changes(): void;
  /** `change:key` for one value, `change` for any, `msg:custom`. */
  on(event: string, handler: Handler): void;
  off(event?: string | null, handler?: Handler | null): void;
  send(
    content: unknown,
    callbacks?: unknown,
    buffers?: readonly (ArrayBuffer | ArrayBufferView)[],
  ): void;
}

/** `signal` aborts when the widget is gone, and ends what it has begun. */
export interface InitializeProps {
  readonly model: Model;
  readonly signal: AbortSignal;
}

export interface RenderProps extends InitializeProps {
  readonly el: HTMLElement;
}

type Cleanup = () => void | Promise<void>;

/** Both may give a function that cleans up, or a promise of one. */
export interface Definition {
  readonly initialize?: (props: InitializeProps) => unknown;
  readonly render?: (props: RenderProps) => unknown;
}

export type FrontEndModule =
  Definition | (() => Definition | Promise<Definition>);

/** A cleanup, where `initialize` or `render` has given one. */
export function cleanupOf(outcome: unknown): Cleanup | null {
  return typeof outcome === "function" ? (outcome as Cleanup) : null;
}
