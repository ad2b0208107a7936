// Bundles the engine into docs/assets/cells/, or into the folder that the
// environment variable CELL_ENGINE_OUT names. `node build.mjs --watch` goes on.
import { createHash } from "node:crypto";
import { copyFile, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

import { build, context } from "esbuild";

import { here, options } from "./build_options.mjs";

const outdir = resolve(
  process.env.CELL_ENGINE_OUT ?? join(here, "../../docs/assets/cells"),
);
const watch = process.argv.includes("--watch");

/** @type {import("esbuild").BuildOptions} */
const common = { ...options, minify: !watch, outdir };

// The page asks for worker.js?<hash>, so a new page never meets an old worker.
const hashOf = (bytes) =>
  createHash("sha256").update(bytes).digest("hex").slice(0, 8);

/** @type {import("esbuild").BuildOptions} */
const worker = { ...common, entryPoints: { worker: "src/worker/main.ts" } };

// Classic scripts, to be copied when the site is built: the service workers to
// its root, where they may watch over all of it, the search to its theme's.
/** @type {import("esbuild").BuildOptions} */
const classic = {
  ...common,
  entryPoints: {
    search_worker: "src/search_worker.ts",
    service_worker: "src/service_worker/main.ts",
    service_worker_retired: "src/service_worker/retire.ts",
  },
  format: "iife",
};

// What the benchmark compares with; loaded when a reader starts it.
const TENSORFLOW_WASM = [
  "tfjs-backend-wasm.wasm",
  "tfjs-backend-wasm-simd.wasm",
  "tfjs-backend-wasm-threaded-simd.wasm",
];

/** @type {import("esbuild").BuildOptions} */
const peers = {
  ...common,
  entryPoints: {
    peer_jax: "src/benchmark/jax.ts",
    peer_tensorflow: "src/benchmark/tensorflow.ts",
  },
  // TensorFlow.js asks for these under Node alone.
  external: ["fs", "path", "worker_threads", "perf_hooks", "os", "crypto"],
  metafile: true,
};

async function buildAll() {
  await rm(outdir, { force: true, recursive: true });
  await build(worker);
  await build(classic);
  const workerHash = hashOf(await readFile(join(outdir, "worker.js")));
  const builtPeers = await build(peers);
  const folder = join(here, "node_modules/@tensorflow/tfjs-backend-wasm/dist");
  for (const name of TENSORFLOW_WASM) {
    await copyFile(join(folder, name), join(outdir, name));
  }
  const peerHashes = ["peer_jax.js", "peer_tensorflow.js"].map(async (name) =>
    hashOf(await readFile(join(outdir, name))),
  );
  const peerHash = (await Promise.all(peerHashes)).join("");
  /** @type {import("esbuild").BuildOptions} */
  const page = {
    ...common,
    chunkNames: "[name]-[hash]",
    define: {
      PEER_HASH: JSON.stringify(peerHash),
      WORKER_HASH: JSON.stringify(workerHash),
    },
    entryPoints: { cells: "src/cells.ts" },
    splitting: true,
  };
  /** @type {import("esbuild").BuildOptions} */
  const styles = { ...common, entryPoints: { cells: "styles/cells.css" } };
  if (!watch) {
    const built = await Promise.all([
      build({ ...page, metafile: true }),
      build(styles),
    ]);
    await writeLicenses([
      ...Object.keys(built[0].metafile.inputs),
      ...Object.keys(builtPeers.metafile.inputs),
    ]);
    return;
  }
  for (const options of [worker, page, styles]) {
    await (await context(options)).watch();
  }
}

// The text of the Apache license, as another package brings it.
const APACHE = join(here, "node_modules/typescript/LICENSE.txt");

/** Puts the license of every package that went in beside what came out. */
async function writeLicenses(inputs) {
  const names = inputs
    .map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
    .filter((name) => name !== undefined);
  const texts = [...new Set(names)].sort().map(async (name) => {
    const folder = join(here, "node_modules", name);
    const { license, version } = JSON.parse(
      await readFile(join(folder, "package.json"), "utf8"),
    );
    const entries = await readdir(folder);
    const file =
      entries.find((entry) => /^licen[cs]e/i.test(entry)) ??
      // seedrandom has its license at the end of its description.
      entries.find((entry) => name === "seedrandom" && /^readme/i.test(entry));
    // TensorFlow.js names its license and leaves the text out.
    const standard = license === "Apache-2.0" ? APACHE : undefined;
    const place = file === undefined ? standard : join(folder, file);
    if (place === undefined) throw new Error(`${name} has no license file`);
    const text = await readFile(place, "utf8");
    return `${name} ${version}\n\n${text.trim()}\n`;
  });
  const rule = `\n${"-".repeat(72)}\n\n`;
  await writeFile(
    join(outdir, "licenses.txt"),
    (await Promise.all(texts)).join(rule),
  );
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
