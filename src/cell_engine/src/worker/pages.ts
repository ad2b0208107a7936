// A memory without its empty pages. A third of Python's is zeros, and a later
// visit waits for every byte that it has to read.

const PAGE = 4096;

/** Where a stretch of pages begins in the memory, and its bytes. */
export type Stretch = readonly [start: number, length: number];

/** The stretches of pages that hold anything but zeros. */
export function stretchesOf(memory: Uint8Array<ArrayBuffer>): Stretch[] {
  const found: [number, number][] = [];
  for (let start = 0; start < memory.length; start += PAGE) {
    const page = memory.subarray(start, start + PAGE);
    if (isEmpty(page)) continue;
    const last = found.at(-1);
    if (last !== undefined && last[0] + last[1] === start) {
      last[1] += page.length;
    } else found.push([start, page.length]);
  }
  return found;
}

/** The bytes of the stretches, one after the other. */
export function gather(
  memory: Uint8Array<ArrayBuffer>,
  stretches: readonly Stretch[],
): Uint8Array<ArrayBuffer> {
  return joined(
    stretches.map(([start, length]) => memory.subarray(start, start + length)),
  );
}

/** Parts as one, one after the other. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const size = parts.reduce((sum, bytes) => sum + bytes.length, 0);
  const whole = new Uint8Array(size);
  let at = 0;
  for (const bytes of parts) {
    whole.set(bytes, at);
    at += bytes.length;
  }
  return whole;
}

/**
 * Puts the bytes back where they were. Between them the memory becomes empty
 * as far as it was in use; behind that it is so already.
 */
export function spread(
  gathered: Uint8Array<ArrayBuffer>,
  stretches: readonly Stretch[],
  memory: Uint8Array,
  used: number,
): void {
  let at = 0;
  let end = 0;
  for (const [start, length] of stretches) {
    memory.fill(0, end, Math.max(end, Math.min(start, used)));
    memory.set(gathered.subarray(at, at + length), start);
    at += length;
    end = start + length;
  }
  memory.fill(0, end, Math.max(end, used));
}

const isEmpty = (page: Uint8Array): boolean => page.every((byte) => byte === 0);
