// Starts an assembled runtime under Node and prints the value of some Python.
//
//   node boot.mjs FOLDER CODE
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, code] = process.argv.slice(2);
const { loadPyodide } = await import(
  pathToFileURL(join(folder, "pyodide.mjs")).href
);
const pyodide = await loadPyodide({
  indexURL: folder,
  packages: ["numpy", "tutorial-kernels"],
});
console.log(pyodide.runPython(code));
process.exit(0);
