// CodeMirror 6, the least of it that a short Python cell needs. This file is a
// chunk of its own, fetched when a reader first touches a cell's code.
import { closeCompletion } from "@codemirror/autocomplete";
import {
  defaultKeymap,
  history,
  historyKeymap,
  indentWithTab,
} from "@codemirror/commands";
import { pythonLanguage } from "@codemirror/lang-python";
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";

import { completion, completionKeys } from "./completion/extension";
import type { CompletionHelp } from "./completion/help";
import type { EditorEvents, TextEditor } from "./editor";

/** Time to press Tab after Escape, to leave the editor. */
const ESCAPE_MS = 4_000;

const color = (name: string): { color: string } => ({
  color: `var(--md-code-hl-${name}-color)`,
});

const highlighting = HighlightStyle.define([
  { tag: tags.comment, ...color("comment") },
  {
    tag: [tags.keyword, tags.modifier, tags.operatorKeyword],
    ...color("keyword"),
  },
  { tag: [tags.string, tags.special(tags.string)], ...color("string") },
  { tag: tags.number, ...color("number") },
  { tag: [tags.bool, tags.null, tags.self], ...color("constant") },
  {
    tag: tags.function(tags.definition(tags.variableName)),
    ...color("function"),
  },
  { tag: tags.definition(tags.className), ...color("function") },
  { tag: [tags.operator, tags.derefOperator], ...color("operator") },
  { tag: tags.punctuation, ...color("punctuation") },
  { tag: tags.variableName, ...color("name") },
]);

const theme = EditorView.theme({
  "&": { font: "inherit", color: "inherit", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { font: "inherit", lineHeight: "inherit" },
  ".cm-content": { padding: "0", caretColor: "currentcolor" },
  ".cm-line": { padding: "0" },
  "&.cm-focused .cm-matchingBracket, .cm-matchingBracket": {
    backgroundColor: "transparent",
    outline: "1px solid var(--cell-muted)",
  },
});

function keys(events: EditorEvents): Parameters<typeof keymap.of>[0] {
  const call = (action: () => void) => () => {
    action();
    return true;
  };
  return [
    { key: "Mod-Enter", run: call(events.onRun) },
    { key: "Shift-Enter", run: call(events.onRunAndMove) },
    ...completionKeys,
    {
      // A list may be on its way, unseen: one Escape is enough all the same.
      key: "Escape",
      run: (view) => {
        closeCompletion(view);
        view.setTabFocusMode(ESCAPE_MS);
        return true;
      },
    },
    indentWithTab,
    ...defaultKeymap,
    ...historyKeymap,
  ];
}

function extensions(
  label: string,
  events: EditorEvents,
  help: CompletionHelp,
): Extension[] {
  return [
    keymap.of(keys(events)),
    history(),
    pythonLanguage,
    syntaxHighlighting(highlighting),
    bracketMatching(),
    completion(help),
    indentOnInput(),
    indentUnit.of("    "),
    EditorState.tabSize.of(4),
    theme,
    EditorView.contentAttributes.of({
      "aria-label": label,
      autocapitalize: "off",
      spellcheck: "false",
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) events.onChange();
    }),
  ];
}

export function createState(
  text: string,
  label: string,
  events: EditorEvents,
  help: CompletionHelp,
): EditorState {
  return EditorState.create({
    doc: text,
    extensions: extensions(label, events, help),
  });
}

export function createView(
  parent: HTMLElement,
  state: EditorState,
): TextEditor {
  const view = new EditorView({ parent, state });
  return {
    read: () => view.state.doc.toString(),
    write: (next) => {
      const changes = { from: 0, to: view.state.doc.length, insert: next };
      view.dispatch({ changes });
    },
    focus: (point) => {
      view.focus();
      const at = point === null ? null : view.posAtCoords(point);
      if (at !== null) view.dispatch({ selection: { anchor: at } });
    },
    goTo: (line) => {
      const last = view.state.doc.lines;
      const { from } = view.state.doc.line(Math.min(line, last));
      view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
      view.focus();
    },
    dispose: () => {
      view.destroy();
    },
  };
}
