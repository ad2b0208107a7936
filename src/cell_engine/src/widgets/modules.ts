// The front-end modules by name; each is fetched when a widget first needs it.
import type { FrontEndModule } from "./contract";

type Load = () => Promise<{ readonly default: FrontEndModule }>;

const MODULES: Readonly<Record<string, Load>> = {
  controls: () => import("./controls"),
  draw: () => import("./draw"),
  "gradient-bars": () => import("./gradient_bars"),
  "graph-step": () => import("./graph_step"),
  latent: () => import("./latent"),
  ledger: () => import("./ledger"),
  matrix: () => import("./matrix"),
  "shape-matcher": () => import("./shape_matcher"),
  signal: () => import("./signal"),
  surface: () => import("./surface"),
  words: () => import("./words"),
};

/** Fetches a module; a second attempt follows one that failed. */
export async function loadModule(name: string): Promise<FrontEndModule> {
  const load = Object.hasOwn(MODULES, name) ? MODULES[name] : undefined;
  if (load === undefined) throw new Error(`there is no widget ${name}`);
  return (await load()).default;
}

/** Fetches a module ahead of its use; a failure shows when it is used. */
export function preloadModule(name: string): void {
  loadModule(name).catch(() => undefined);
}
