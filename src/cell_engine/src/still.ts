// One thing that a cell shows and that does not change: a picture, a heat map,
// HTML, a formula, or the plain text that stands for anything else.
import { element } from "./dom";
import { framed } from "./image_axes";
import type { FigureLook, ImageWords } from "./messages";
import { FIGURE_TYPE, IMAGE_TYPE } from "./messages";

type Bundle = Readonly<Record<string, unknown>>;

const textOf = (data: Bundle, type: string): string | null => {
  const value = data[type];
  return typeof value === "string" ? value : null;
};

export function renderStill(data: Bundle): HTMLElement {
  const text = textOf(data, "text/plain") ?? "";
  const html = textOf(data, "text/html");
  if (html !== null) {
    return renderLater(text, async (host) => {
      const { cleanHtml } = await import("./clean_html");
      host.classList.add("cell-html");
      host.replaceChildren(cleanHtml(html));
    });
  }
  const svg = textOf(data, "image/svg+xml");
  const look = data[FIGURE_TYPE] as FigureLook | undefined;
  if (look !== undefined) return keepText(renderFigure(data, look, text), text);
  // Within <img> no script of a picture runs, and nothing is loaded.
  if (svg !== null) {
    return keepText(renderImage(svgSource(svg), text, data), text);
  }
  const png = textOf(data, "image/png");
  if (png !== null) {
    return renderImage(`data:image/png;base64,${png}`, text, data);
  }
  const tex = textOf(data, "text/latex");
  if (tex === null) return element("pre", "cell-text", text);
  return renderLater(text, async (host) => {
    const { renderTex } = await import("./formula");
    host.classList.add("cell-formula");
    renderTex(tex, host);
  });
}

/** Notes what the page holds for this before anything runs. */
function keepText<Host extends HTMLElement>(host: Host, text: string): Host {
  host.dataset.plain = text;
  return host;
}

/** Plain text at first, and still when the code to draw it is out of reach. */
function renderLater(
  text: string,
  render: (host: HTMLElement) => Promise<void>,
): HTMLElement {
  const plain = element("pre", "cell-text", text);
  const host = keepText(element("div", "cell-shown", plain), text);
  render(host).catch(() => {
    host.replaceChildren(plain);
  });
  return host;
}

const svgSource = (svg: string): string =>
  `data:image/svg+xml,${encodeURIComponent(svg)}`;

/** Two pictures, of which the theme shows one; or one on a light ground. */
function renderFigure(
  data: Bundle,
  { dark }: FigureLook,
  text: string,
): HTMLElement {
  const svg = textOf(data, "image/svg+xml");
  const png = `data:image/png;base64,${textOf(data, "image/png") ?? ""}`;
  const figure = renderImage(svg === null ? png : svgSource(svg), text, data);
  figure.classList.add("cell-figure");
  if (svg === null || dark === null) {
    figure.classList.add("cell-figure-light");
    return figure;
  }
  const change = (color: string): string => dark[color] ?? color;
  const night = svg.replace(/#[0-9a-f]{6}\b/g, change);
  figure.append(...renderImage(svgSource(night), text, data).children);
  return figure;
}

function renderImage(source: string, text: string, data: Bundle): HTMLElement {
  const image = element("img", "");
  image.src = source;
  image.alt = text;
  image.decoding = "sync";
  const words = data[IMAGE_TYPE] as ImageWords | undefined;
  const figure = element("figure", "cell-image", image);
  if (words === undefined) return figure;
  const { axes, heat, labels } = words;
  if (axes !== undefined) figure.append(framed(image, axes));
  if (labels.length > 0) figure.append(captionOf(words));
  if (heat !== undefined) {
    void import("./heat_map").then(({ openHeatMap }) => {
      openHeatMap(image, heat);
    });
  }
  return figure;
}

function captionOf({ columns, labels }: ImageWords): HTMLElement {
  const spans = labels.map((label) => element("span", "", label));
  const caption = element("figcaption", "cell-labels", ...spans);
  // The image's own words say the same to a screen reader.
  caption.setAttribute("aria-hidden", "true");
  caption.dataset.columns = String(columns);
  return caption;
}
