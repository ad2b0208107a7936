// Tables wider than the page scroll by themselves; the keyboard must reach them.

const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const wide = target.scrollWidth > target.clientWidth;
    if (wide) target.setAttribute("tabindex", "0");
    else target.removeAttribute("tabindex");
  }
});

/** The theme wraps each table of a page in an element that scrolls. */
export function watchTables(): void {
  sizes.disconnect();
  const wraps = document.querySelectorAll(".md-typeset__scrollwrap");
  for (const wrap of wraps) sizes.observe(wrap);
}
