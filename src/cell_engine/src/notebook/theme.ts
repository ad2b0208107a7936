// Light or dark: what stands behind the widget tells, whoever the host is.

/** The name of the scheme, as the styles of the course have it. */
const ATTRIBUTE = "mdColorScheme";
const HALF = 128;

/** Keeps an element in the scheme of the notebook around it. */
export function followTheme(root: HTMLElement, signal: AbortSignal): void {
  const take = (): void => {
    if (signal.aborted) return;
    // The host puts the element into its page after it has been filled.
    if (!root.isConnected) {
      requestAnimationFrame(take);
      return;
    }
    const scheme = isDark(root.parentElement) ? "slate" : "default";
    if (root.dataset[ATTRIBUTE] !== scheme) root.dataset[ATTRIBUTE] = scheme;
  };
  // Where a notebook notes its theme: as a class or a datum of these two.
  const observer = new MutationObserver(() => {
    requestAnimationFrame(take);
  });
  for (const place of [document.documentElement, document.body]) {
    observer.observe(place, { attributes: true });
  }
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", take, { signal });
  signal.addEventListener("abort", () => {
    observer.disconnect();
  });
  requestAnimationFrame(take);
}

function isDark(place: Element | null): boolean {
  for (let at = place; at !== null; at = at.parentElement) {
    const [red, green, blue, alpha = 1] = numbersOf(
      getComputedStyle(at).backgroundColor,
    );
    if (red === undefined || green === undefined || blue === undefined) break;
    if (alpha < 0.5) continue;
    return 0.299 * red + 0.587 * green + 0.114 * blue < HALF;
  }
  return false;
}

const numbersOf = (color: string): number[] =>
  [...color.matchAll(/[\d.]+/g)].map(([digits]) => Number(digits));
