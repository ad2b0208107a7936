// Formulas as MathML, which the browser itself draws and reads aloud; fetched
// when first needed.
import katex from "katex";

/** `$...$`, `$$...$$`, `\(...\)` and `\[...\]`, with words between them. */
const FORMULA = /\$\$([^]+?)\$\$|\\\[([^]+?)\\\]|\$([^]+?)\$|\\\(([^]+?)\\\)/g;

export function renderTex(source: string, host: HTMLElement): void {
  const parts: (Node | string)[] = [];
  let end = 0;
  for (const match of source.matchAll(FORMULA)) {
    parts.push(source.slice(end, match.index));
    const displayed = match[1] ?? match[2];
    const tex = displayed ?? match[3] ?? match[4] ?? "";
    parts.push(renderOne(tex, displayed !== undefined));
    end = match.index + match[0].length;
  }
  parts.push(end === 0 ? renderOne(source, true) : source.slice(end));
  host.replaceChildren(...parts);
}

function renderOne(tex: string, displayMode: boolean): HTMLElement {
  const place = document.createElement("span");
  katex.render(tex, place, {
    displayMode,
    maxExpand: 1_000,
    output: "mathml",
    throwOnError: false,
    trust: false,
  });
  return place;
}
