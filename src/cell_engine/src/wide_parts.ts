// Parts wider than the page scroll by themselves; the keyboard must reach them.

const WIDE =
  ".md-typeset__scrollwrap, .katex-display, div.arithmatex, .widget-still, " +
  ".cell-plot, .cell-text";

const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) mark(target);
});

// Code keeps its size when it is drawn, and nobody knew how wide it is.
document.addEventListener("contentvisibilityautostatechange", (event) => {
  const { skipped, target } = event as ContentVisibilityAutoStateChangeEvent;
  if (!skipped && target instanceof HTMLElement) mark(target);
});

function mark(part: Element): void {
  const wide = part.scrollWidth > part.clientWidth;
  if (wide) part.setAttribute("tabindex", "0");
  else part.removeAttribute("tabindex");
}

/** Tables, in an element of the theme's that scrolls, formulas, outputs. */
export function watchWideParts(): void {
  sizes.disconnect();
  for (const part of document.querySelectorAll(WIDE)) sizes.observe(part);
}
