// The entry: brings the cells of each page to life, and lets go of them when
// the theme's instant navigation shows another page.
import type { BenchmarkPanel } from "./benchmark/panel";
import { switchColors } from "./color_scheme";
import { showEmbedded } from "./embed";
import { keepForOffline } from "./offline/keeping";
import { openPage } from "./page";
import type { CellPage } from "./page";
import { searchWhatIsPasted } from "./search_field";
import { watchWideParts } from "./wide_parts";

interface Observable {
  subscribe(next: () => void): unknown;
}

const assets = new URL("../", import.meta.url);
let page: CellPage | null = null;
let benchmark: BenchmarkPanel | null = null;

function show(): void {
  void showBenchmark();
  requestAnimationFrame(watchWideParts); // the theme has wrapped them by then
  if (page?.isShown === true) return;
  page?.dispose();
  page = openPage(assets);
  showEmbedded(new URL(location.href));
}

/** One page has a benchmark; its script is loaded there alone. */
async function showBenchmark(): Promise<void> {
  if (benchmark?.isShown === true) return;
  benchmark?.dispose();
  benchmark = null;
  const root = document.querySelector<HTMLElement>("[data-benchmark]");
  if (root === null) return;
  const { BenchmarkPanel } = await import("./benchmark/panel");
  if (root.isConnected) benchmark = new BenchmarkPanel(root, assets);
}

keepForOffline(new URL("../", assets));
searchWhatIsPasted();
switchColors();

// Material's stream of shown pages; another theme has none.
const { document$ } = window as Window & { document$?: Observable };
if (document$ === undefined) show();
else {
  document$.subscribe(() => {
    show();
  });
}
