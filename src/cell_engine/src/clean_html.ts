// HTML from a reader's objects, made harmless; fetched when first needed.
import DOMPurify from "dompurify";

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
  "alt colspan dir height href lang open rowspan scope src title width";

export function cleanHtml(html: string): DocumentFragment {
  return purify.sanitize(html, {
    ALLOW_ARIA_ATTR: false,
    ALLOW_DATA_ATTR: false,
    ALLOWED_ATTR: ALLOWED_ATTR.split(" "),
    ALLOWED_TAGS,
    RETURN_DOM_FRAGMENT: true,
  });
}
