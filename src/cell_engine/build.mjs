// Bundles the engine into docs/assets/cells/, or into the folder that the
// environment variable CELL_ENGINE_OUT names. `node build.mjs --watch` goes on.
import { createHash } from "node:crypto";
import { readFile, readdir, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { build, context } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const outdir = resolve(
  process.env.CELL_ENGINE_OUT ?? join(here, "../../docs/assets/cells"),
);
const watch = process.argv.includes("--watch");

/** @type {import("esbuild").BuildOptions} */
const common = {
  absWorkingDir: here,
  bundle: true,
  format: "esm",
  legalComments: "none",
  logLevel: "warning",
  minify: !watch,
  outdir,
  target: ["es2022", "chrome111", "firefox114", "safari16.4"],
};

// The page asks for worker.js?<hash>, so a new page never meets an old worker.
const hashOf = (bytes) =>
  createHash("sha256").update(bytes).digest("hex").slice(0, 8);

/** @type {import("esbuild").BuildOptions} */
const worker = { ...common, entryPoints: { worker: "src/worker/main.ts" } };

async function buildAll() {
  await rm(outdir, { force: true, recursive: true });
  await build(worker);
  const workerHash = hashOf(await readFile(join(outdir, "worker.js")));
  /** @type {import("esbuild").BuildOptions} */
  const page = {
    ...common,
    chunkNames: "[name]-[hash]",
    define: { WORKER_HASH: JSON.stringify(workerHash) },
    entryPoints: { cells: "src/cells.ts" },
    splitting: true,
  };
  /** @type {import("esbuild").BuildOptions} */
  const styles = { ...common, entryPoints: { cells: "styles/cells.css" } };
  if (!watch) {
    await Promise.all([build(page), build(styles)]);
    return;
  }
  for (const options of [worker, page, styles]) {
    await (await context(options)).watch();
  }
}

async function printSizes() {
  for (const name of (await readdir(outdir)).sort()) {
    const bytes = await readFile(join(outdir, name));
    const zipped = (gzipSync(bytes).length / 1024).toFixed(1);
    console.log(`${name.padEnd(28)} ${zipped.padStart(7)} KB gzipped`);
  }
}

await buildAll();
await printSizes();
