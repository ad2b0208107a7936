// Lets Pyodide compile an archive of Python sources to its own bytecode.
//
//   node compile_bytecode.mjs PYODIDE LIBRARY REPACK_PY SOURCE TARGET RULES_JSON
//
// PYODIDE is the folder of the core, LIBRARY the zip of its standard library,
// REPACK_PY the program that Pyodide runs.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, library, program, source, target, rules] =
  process.argv.slice(2);
const { loadPyodide } = await import(
  pathToFileURL(join(folder, "pyodide.mjs")).href
);
// Equal input, equal bytes: no order may hang on a random hash seed.
const env = { HOME: "/home/pyodide", PYTHONHASHSEED: "0" };
if (!JSON.parse(rules).keep_source) {
  // Columns serve to mark a place in a source line. Where the page has no
  // source they are a fifth of the bytes for nothing.
  env.PYTHONNODEBUGRANGES = "1";
}
const pyodide = await loadPyodide({
  env,
  indexURL: folder,
  stdLibURL: library,
});
pyodide.FS.writeFile("/source.zip", readFileSync(source));
const names = pyodide.globals.get("dict")();
pyodide.runPython(readFileSync(program, "utf8"), { globals: names });
names.set("rules_json", rules);
pyodide.runPython(
  `
from pathlib import Path
archive = Path("/source.zip").read_bytes()
Path("/target.zip").write_bytes(repack(archive, rules_json))
`,
  { globals: names },
);
writeFileSync(`${target}.part`, pyodide.FS.readFile("/target.zip"));
renameSync(`${target}.part`, target);
process.exit(0);
