// Completion in the editor, its keys and its look.
import {
  acceptCompletion,
  autocompletion,
  closeCompletion,
  moveCompletionSelection,
  selectedCompletion,
  startCompletion,
} from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import { EditorView, tooltips } from "@codemirror/view";
import type { KeyBinding } from "@codemirror/view";

import type { CompletionHelp } from "./help";
import { completionSource } from "./source";

/** Enter takes what is chosen; a name that stands there whole is left. */
function acceptUnlessWhole(view: EditorView): boolean {
  const chosen = selectedCompletion(view.state)?.label ?? "";
  const at = view.state.selection.main.head;
  const before = view.state.sliceDoc(at - chosen.length - 1, at);
  if (chosen !== "" && before.replace(/^[^\p{L}\p{N}_]/u, "") === chosen) {
    closeCompletion(view);
    return false;
  }
  return acceptCompletion(view);
}

/** They come before the editor's own; each does nothing without a list. */
export const completionKeys: readonly KeyBinding[] = [
  { key: "Ctrl-Space", run: startCompletion },
  { mac: "Alt-i", run: startCompletion },
  { key: "ArrowDown", run: moveCompletionSelection(true) },
  { key: "ArrowUp", run: moveCompletionSelection(false) },
  { key: "PageDown", run: moveCompletionSelection(true, "page") },
  { key: "PageUp", run: moveCompletionSelection(false, "page") },
  { key: "Enter", run: acceptUnlessWhole },
];

const KINDS: Readonly<Record<string, string>> = {
  class: "class",
  function: "function",
  keyword: "word",
  namespace: "module",
  property: "property",
  variable: "",
};

const theme = EditorView.theme({
  ".cm-tooltip": {
    backgroundColor: "var(--md-default-bg-color)",
    border: "1px solid var(--cell-line)",
    borderRadius: "4px",
    boxShadow: "var(--md-shadow-z2)",
    color: "var(--md-default-fg-color)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "var(--md-code-font-family)",
    fontSize: "0.7rem",
    maxHeight: "14em",
    minWidth: "12em",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    display: "flex",
    gap: "1em",
    justifyContent: "space-between",
    lineHeight: "1.4",
    margin: "0",
    padding: "0.1em 0.6em",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--md-accent-fg-color--transparent)",
    boxShadow: "inset 3px 0 var(--md-accent-fg-color)",
    color: "inherit",
  },
  ".cm-completionMatchedText": { fontWeight: "700", textDecoration: "none" },
  ".cm-name-kind": { color: "var(--cell-muted)" },
  ".cm-tooltip.cm-completionInfo": {
    fontSize: "0.7rem",
    maxWidth: "min(24rem, 80vw)",
    padding: "0.4em 0.6em",
  },
  ".cell-name-info code": {
    background: "none",
    color: "inherit",
    fontFamily: "var(--md-code-font-family)",
    fontSize: "inherit",
    padding: "0",
    whiteSpace: "pre-wrap",
  },
  ".cell-name-info p": {
    fontFamily: "var(--md-text-font-family)",
    margin: "0.3em 0 0",
  },
});

export function completion(help: CompletionHelp): Extension {
  return [
    autocompletion({
      addToOptions: [
        {
          position: 80,
          render({ type = "" }) {
            const kind = document.createElement("span");
            kind.className = "cm-name-kind";
            kind.textContent = KINDS[type] ?? "";
            return kind;
          },
        },
      ],
      defaultKeymap: false,
      icons: false,
      override: [completionSource(help)],
    }),
    tooltips({ position: "fixed" }),
    theme,
  ];
}
