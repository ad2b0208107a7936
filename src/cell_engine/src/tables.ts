// Parts of tables that widgets and plots share.
import { element } from "./dom";

export function headOf(
  content: Node | string,
  scope: "col" | "row" = "col",
): HTMLTableCellElement {
  const made = element("th", "", content);
  made.scope = scope;
  return made;
}

/** Heads of columns, as the first part of a table. */
export const headsOf = (names: readonly string[]): HTMLElement =>
  element("thead", "", element("tr", "", ...names.map((name) => headOf(name))));

/** A table that scrolls by itself, which the keyboard reaches. */
export function scrolling(
  label: string,
  table: HTMLElement,
  kind = "widget-table",
): HTMLElement {
  const around = element("div", kind, table);
  around.tabIndex = 0;
  around.setAttribute("role", "region");
  around.setAttribute("aria-label", label);
  return around;
}
