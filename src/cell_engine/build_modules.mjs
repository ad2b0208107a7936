// Bundles each widget for notebooks, and their styles, into the Python package
// or into the folder that the environment variable MODULES_OUT names. What is
// made is committed: who installs the package needs no Node.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

import { build } from "esbuild";

import { here, options } from "./build_options.mjs";

const outdir = resolve(
  process.env.MODULES_OUT ?? join(here, "../tutorial_kernels/page/modules"),
);
const REM = 20; // the pixels of a rem in the theme of the course

/** @type {import("esbuild").BuildOptions} */
const common = { ...options, write: false };

/** Name and file of every module, as the page lists them. */
async function modules() {
  const list = await readFile(join(here, "src/widgets/modules.ts"), "utf8");
  const entry = /"?([a-z-]+)"?: \(\) => import\("\.\/(\w+)"\)/g;
  return [...list.matchAll(entry)].map(([, name, file]) => ({ file, name }));
}

async function bundled(file) {
  const contents = [
    'import { forNotebook } from "./src/notebook/adapter";',
    `import widget from "./src/widgets/${file}";`,
    "export default forNotebook(widget);",
  ].join("\n");
  const stdin = { contents, loader: "ts", resolveDir: here };
  const { outputFiles } = await build({ ...common, stdin });
  return outputFiles[0].text;
}

/** A notebook has no theme of the course, and a rem of another size. */
async function styles() {
  const entryPoints = ["styles/notebook.css"];
  const { outputFiles } = await build({ ...common, entryPoints });
  return outputFiles[0].text
    .replaceAll(".md-typeset", ".notebook-widget")
    .replace(/(\d*\.?\d+)rem\b/g, (_, size) => `${+(size * REM).toFixed(2)}px`);
}

await rm(outdir, { force: true, recursive: true });
await mkdir(outdir, { recursive: true });
for (const { file, name } of await modules()) {
  await writeFile(join(outdir, `${name}.js`), await bundled(file));
}
await writeFile(join(outdir, "styles.css"), await styles());
