// Reads [{tex, display}] from standard input, writes [{html} or {error}].
const { join } = require("node:path");
const { readFileSync } = require("node:fs");

const katex = require(join(process.argv[2], "dist", "katex.js"));
const formulas = JSON.parse(readFileSync(0, "utf8"));

// Commands that would set links, classes or files: KaTeX alone shows them red.
function refuse({ command }) {
  throw new Error(`${command} is not allowed here`);
}

function render({ tex, display }) {
  try {
    const html = katex.renderToString(tex, {
      displayMode: display,
      output: "htmlAndMathml",
      throwOnError: true,
      strict: "error",
      trust: refuse,
    });
    return { html };
  } catch (error) {
    return { error: error.message };
  }
}

process.stdout.write(JSON.stringify(formulas.map(render)));
