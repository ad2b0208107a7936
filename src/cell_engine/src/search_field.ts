// The theme's search reads its field when a key is let go. What is pasted with
// the mouse, or dictated, lets go of none: here every input counts as a key.
const FIELD = "[data-md-component=search-query]";

export function searchWhatIsPasted(): void {
  document.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLInputElement && target.matches(FIELD)) {
      target.dispatchEvent(new Event("keyup"));
    }
  });
}
