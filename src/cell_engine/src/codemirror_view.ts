// What the rest of CodeMirror stands on. It is run first, in a task of its own:
// all of it in one would keep the page from answering.
export { HighlightStyle } from "@codemirror/language";
export { EditorView } from "@codemirror/view";
