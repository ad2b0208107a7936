// A widget's module outside the course's pages: in a notebook, whose host
// keeps the same contract but has styles, colors and signals of its own.
import { element } from "../dom";
import { cleanupOf } from "../widgets/contract";
import type {
  Definition,
  FrontEndModule,
  RenderProps,
} from "../widgets/contract";
import { NotebookModel } from "./model";
import { followTheme } from "./theme";

type HostProps = Omit<RenderProps, "signal"> & {
  /** Older hosts have none, and call the cleanup alone. */
  readonly signal?: AbortSignal;
};

/** The module as a notebook loads it. */
export function forNotebook(
  module: FrontEndModule,
): () => Promise<{ render(props: HostProps): Promise<() => void> }> {
  return async () => {
    const found = typeof module === "function" ? await module() : module;
    return { render: (props) => show(found, props) };
  };
}

async function show(
  { initialize, render }: Definition,
  { el, model: host, signal: ended }: HostProps,
): Promise<() => void> {
  const aborter = new AbortController();
  const { signal } = aborter;
  const model = new NotebookModel(host);
  const view = element("div", "widget-view");
  const root = element("div", "notebook-widget", view);
  el.replaceChildren(root);
  followTheme(root, signal);
  const cleanups = [
    await initialize?.({ model, signal }),
    await render?.({ el: view, model, signal }),
  ];
  const end = (): void => {
    if (signal.aborted) return;
    aborter.abort();
    for (const cleanup of cleanups) void cleanupOf(cleanup)?.();
  };
  ended?.addEventListener("abort", end);
  return end;
}
