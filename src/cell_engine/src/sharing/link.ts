// A cell's code as the end of an address, and back. What comes back was
// written by anybody: it is read as if it were hostile.

/** Why a link was refused, in one sentence. */
export class RefusedLink extends Error {
  override readonly name = "RefusedLink";
}

export interface SharedCode {
  readonly cell: string;
  readonly text: string;
}

const VERSION = "1";
const START = "#code=";
const FORM = /^(\d+)\.([a-z0-9-]{1,80})\.([A-Za-z0-9_-]+)$/;
const LONGEST_TEXT = 20_000;
const LONGEST_LINK = 30_000;
/** Control signs, and those that hide text or turn its order around. */
const HIDDEN =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

const DAMAGED = "This link is damaged: the code in it could not be read.";

export const isCodeLink = (hash: string): boolean => hash.startsWith(START);

/** What follows the page's address, or null for code that no link takes. */
export async function linkOf({
  cell,
  text,
}: SharedCode): Promise<string | null> {
  if (text.length > LONGEST_TEXT || HIDDEN.test(text)) return null;
  // zlib's format ends in a checksum, so a link cut short is noticed.
  const stream = new CompressionStream("deflate");
  const packed = await piped(new TextEncoder().encode(text), stream, Infinity);
  const digits = btoa(String.fromCharCode(...packed));
  const safe = digits
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
  const link = `${START}${VERSION}.${cell}.${safe}`;
  return link.length > LONGEST_LINK ? null : link;
}

export async function codeOf(hash: string): Promise<SharedCode> {
  if (hash.length > LONGEST_LINK) throw tooLong();
  const [, version, cell, digits] = FORM.exec(hash.slice(START.length)) ?? [];
  if (version === undefined || cell === undefined || digits === undefined) {
    throw new RefusedLink(DAMAGED);
  }
  if (version !== VERSION) {
    throw new RefusedLink(
      "This link comes from another version of the course.",
    );
  }
  const text = await unpacked(digits);
  if (text.length > LONGEST_TEXT) throw tooLong();
  if (HIDDEN.test(text)) {
    throw new RefusedLink("This link was refused: its code hides characters.");
  }
  return { cell, text };
}

async function unpacked(digits: string): Promise<string> {
  try {
    const plain = digits.replaceAll("-", "+").replaceAll("_", "/");
    const packed = Uint8Array.from(atob(plain), (c) => c.charCodeAt(0));
    const stream = new DecompressionStream("deflate");
    // A character takes at most four bytes; a bomb ends here.
    const bytes = await piped(packed, stream, 4 * LONGEST_TEXT);
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw error instanceof RefusedLink ? error : new RefusedLink(DAMAGED);
  }
}

async function piped(
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
  most: number,
): Promise<Uint8Array> {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts: number[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Uint8Array.from(parts);
    if (parts.length + value.length > most) {
      await reader.cancel();
      throw tooLong();
    }
    for (const byte of value) parts.push(byte);
  }
}

const tooLong = (): RefusedLink =>
  new RefusedLink("This link was refused: its code is too long.");
