// Parts wider than the page scroll by themselves; the keyboard must reach them.

const WIDE =
  ".md-typeset__scrollwrap, .katex-display, div.arithmatex, .widget-still, " +
  ".cell-plot, .cell-text";

const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const wide = target.scrollWidth > target.clientWidth;
    if (wide) target.setAttribute("tabindex", "0");
    else target.removeAttribute("tabindex");
  }
});

/** Tables, in an element of the theme's that scrolls, formulas, outputs. */
export function watchWideParts(): void {
  sizes.disconnect();
  for (const part of document.querySelectorAll(WIDE)) sizes.observe(part);
}
