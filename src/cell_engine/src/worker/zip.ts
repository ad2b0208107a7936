// Reads a wheel: a zip file whose members are stored or deflated.

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;

export type Files = Map<string, Uint8Array<ArrayBuffer>>;

/** Every file of a zip archive, by its path. */
export async function unzip(archive: ArrayBuffer): Promise<Files> {
  const view = new DataView(archive);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const files: Promise<[string, Uint8Array<ArrayBuffer>]>[] = [];
  for (let entry = 0; entry < count; entry += 1) {
    if (view.getUint32(at, true) !== DIRECTORY_ENTRY) {
      throw new Error("the archive's directory is damaged");
    }
    const lengthOf = (field: number): number =>
      view.getUint16(at + field, true);
    const nameEnd = at + 46 + lengthOf(28);
    const name = new TextDecoder().decode(archive.slice(at + 46, nameEnd));
    if (!name.endsWith("/")) files.push(readMember(view, at, name));
    at = nameEnd + lengthOf(30) + lengthOf(32);
  }
  return new Map(await Promise.all(files));
}

function findEnd(view: DataView): number {
  for (let at = view.byteLength - 22; at >= 0; at -= 1) {
    if (view.getUint32(at, true) === END_OF_DIRECTORY) return at;
  }
  throw new Error("this is no zip archive");
}

async function readMember(
  view: DataView,
  entry: number,
  name: string,
): Promise<[string, Uint8Array<ArrayBuffer>]> {
  const method = view.getUint16(entry + 10, true);
  const size = view.getUint32(entry + 20, true);
  const header = view.getUint32(entry + 42, true);
  const start =
    header +
    30 +
    view.getUint16(header + 26, true) +
    view.getUint16(header + 28, true);
  const packed = new Uint8Array(view.buffer as ArrayBuffer, start, size);
  if (method === STORED) return [name, packed];
  if (method !== DEFLATED) throw new Error(`${name} is packed unknown`);
  const stream = new Blob([packed])
    .stream()
    .pipeThrough(new DecompressionStream("deflate-raw"));
  return [name, new Uint8Array(await new Response(stream).arrayBuffer())];
}
