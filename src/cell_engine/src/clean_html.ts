// HTML from a reader's objects, made harmless; fetched when first needed.
import DOMPurify from "dompurify";
import { Parser } from "htmlparser2";

const OWN_IMAGE = /^data:image\/(?:gif|jpeg|png|webp);base64,/i;
const LINK = /^(?:https?:|mailto:|#)/i;

const purify = DOMPurify(window);

// What a document shows and nothing that acts, loads or reaches out of its box:
// classes and styles could cover the page with what looks like a part of it.
purify.addHook("uponSanitizeAttribute", (node, { attrName, attrValue }) => {
  const isOwn =
    attrName === "src"
      ? OWN_IMAGE.test(attrValue)
      : attrName === "href"
        ? LINK.test(attrValue)
        : true;
  if (!isOwn) node.removeAttribute(attrName);
});
purify.addHook("afterSanitizeAttributes", (node) => {
  if (node.tagName === "A") {
    node.setAttribute("rel", "noopener noreferrer nofollow");
    node.setAttribute("target", "_blank");
  }
});

const ALLOWED_TAGS = [
  "a abbr b blockquote br caption code col colgroup dd del details div dl dt",
  "em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q",
  "s samp small span strong sub summary sup table tbody td tfoot th thead tr",
  "u ul var",
].flatMap((line) => line.split(" "));
const ALLOWED_ATTR =
  "alt colspan dir height href lang open rowspan scope src title width".split(
    " ",
  );
/** What stands inside these is no text. */
const SILENT = new Set(["iframe", "noscript", "script", "style", "template"]);
const EMPTY = new Set(["br", "hr", "img"]);

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** The allowed tags and attributes, copied without the browser: where it reads
 *  a handler, even in a document that runs nothing, it reports a violation. */
function allowedOnly(html: string): string {
  let kept = "";
  let silent = 0;
  const isKept = (name: string): boolean =>
    silent === 0 && ALLOWED_TAGS.includes(name);
  const parser = new Parser({
    onopentag(name, attributes) {
      if (SILENT.has(name)) silent += 1;
      if (!isKept(name)) return;
      const words = ALLOWED_ATTR.filter((key) => key in attributes).map(
        (key) => ` ${key}="${escaped(attributes[key] ?? "")}"`,
      );
      kept += `<${name}${words.join("")}>`;
    },
    ontext(text) {
      if (silent === 0) kept += escaped(text);
    },
    onclosetag(name) {
      if (isKept(name) && !EMPTY.has(name)) kept += `</${name}>`;
      if (SILENT.has(name)) silent -= 1;
    },
  });
  parser.end(html);
  return kept;
}

export function cleanHtml(html: string): DocumentFragment {
  return purify.sanitize(allowedOnly(html), {
    ALLOW_ARIA_ATTR: false,
    ALLOW_DATA_ATTR: false,
    ALLOWED_ATTR,
    ALLOWED_TAGS,
    RETURN_DOM_FRAGMENT: true,
  });
}
