// One figure of a page inside somebody else's: `?embed=` and the cell's name.
import { element } from "./dom";

const EMBEDDED = "is-embedded";

/** Shows one cell and its output alone, with a way to the whole page. The
 *  cells above it stay at work: they run when this one needs them. */
export function showEmbedded(location: URL): void {
  const name = location.searchParams.get("embed");
  if (name === null) return;
  const cell = document.getElementById(name);
  const output = cell?.nextElementSibling;
  const article = cell?.parentElement;
  if (!cell?.classList.contains("cell") || !output || !article) {
    console.warn(`embed: this page has no cell named ${JSON.stringify(name)}`);
    return;
  }
  document.documentElement.classList.add(EMBEDDED);
  const whole = new URL(location);
  whole.searchParams.delete("embed");
  whole.hash = name;
  const link = element("a", "", document.title);
  link.href = whole.href;
  link.target = "_blank";
  const source = element("p", "embed-source", "From ", link);
  output.after(source);
  const parts: Element[] = [cell, output, source];
  // A question about the result hides it until it is answered.
  const before = cell.previousElementSibling;
  if (before?.classList.contains("predict")) parts.push(before);
  for (const part of parts) part.classList.add("embed-part");
}
