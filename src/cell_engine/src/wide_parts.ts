// Parts wider than the page scroll by themselves; the keyboard must reach them.

const WIDE =
  ".md-typeset__scrollwrap, .katex-display, div.arithmatex, .widget-still, .cell-plot";

const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const wide = target.scrollWidth > target.clientWidth;
    if (wide) target.setAttribute("tabindex", "0");
    else target.removeAttribute("tabindex");
  }
});

/** Tables, which the theme wraps in an element that scrolls, formulas, stills. */
export function watchWideParts(): void {
  sizes.disconnect();
  for (const part of document.querySelectorAll(WIDE)) sizes.observe(part);
}
