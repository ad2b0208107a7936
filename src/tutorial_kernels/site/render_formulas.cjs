// Reads [{tex, display}] from standard input, writes [{html} or {error}].
const { join } = require("node:path");
const { readFileSync } = require("node:fs");

const katex = require(join(process.argv[2], "dist", "katex.js"));
const formulas = JSON.parse(readFileSync(0, "utf8"));

// Commands that would set links, classes or files: KaTeX alone shows them red.
function refuse({ command }) {
  throw new Error(`${command} is not allowed here`);
}

// KaTeX writes a formula three times: MathML for those who listen, in it the TeX,
// and HTML for those who see. The search reads the last alone; it cannot leave
// that out, for it takes the end of any span within for the end of what it skips.
const forSearch = (html) =>
  html.replaceAll("<math ", "<math data-search-exclude ");

function render({ tex, display }) {
  try {
    const html = katex.renderToString(tex, {
      displayMode: display,
      output: "htmlAndMathml",
      throwOnError: true,
      strict: "error",
      trust: refuse,
    });
    return { html: forSearch(html) };
  } catch (error) {
    return { error: error.message };
  }
}

process.stdout.write(JSON.stringify(formulas.map(render)));
