// The entry: brings the cells of each page to life, and lets go of them when
// the theme's instant navigation shows another page.
import { openPage } from "./page";
import type { CellPage } from "./page";

interface Observable {
  subscribe(next: () => void): unknown;
}

const assets = new URL("../", import.meta.url);
let page: CellPage | null = null;

function show(): void {
  if (page?.isShown === true) return;
  page?.dispose();
  page = openPage(assets);
}

// Material's stream of shown pages; another theme has none.
const { document$ } = window as Window & { document$?: Observable };
if (document$ === undefined) show();
else {
  document$.subscribe(() => {
    show();
  });
}
