// What stands in the place of a page that is not kept while there is no
// network: which pages are.
import type { Build } from "./build";
import { addressOf } from "./place";

const STYLE = `
  body { max-width: 36rem; margin: 3rem auto; padding: 0 1rem;
         font: 1rem/1.6 system-ui, sans-serif; color-scheme: light dark; }
  li { margin: .3rem 0; }`;

export async function unkeptPage(build: Build): Promise<Response> {
  const names = await build.keptNames();
  const pages = names.filter((name) => name.endsWith("index.html"));
  const items = await Promise.all(
    pages.map(async (name) => {
      const html = (await (await build.read(name))?.text()) ?? "";
      const title = /<title>([^<]*)<\/title>/.exec(html)?.[1] ?? name;
      return `<li><a href="${addressOf(name)}">${title}</a></li>`;
    }),
  );
  const list =
    items.length === 0
      ? ""
      : `<p>These are here:</p><ul>${items.join("")}</ul>`;
  const body = `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Not kept for offline use</title><style>${STYLE}</style></head>
<body><main><h1>This page is not kept on this device</h1>
<p>There is no network now, and this page was not opened before. Pages you
have visited work without one, their cells included.</p>${list}</main></body>
</html>`;
  return new Response(body, {
    status: 503,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy":
        "default-src 'none'; style-src 'unsafe-inline'",
    },
  });
}
