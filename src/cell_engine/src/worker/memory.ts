// Python gets two of WebAssembly's four gigabytes. Of a string that lies above
// them Chromium's optimized code may read nothing but zeros: how a cell ended,
// and what it printed, would be lost just when its memory is full.
const PAGE = 2 ** 16;
const MOST = 2 ** 31;

export function limitMemory(): void {
  const { prototype } = WebAssembly.Memory;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- bound below
  const { grow } = prototype;
  prototype.grow = function (this: WebAssembly.Memory, pages: number): number {
    if (this.buffer.byteLength + pages * PAGE > MOST) {
      throw new RangeError("the memory of Python is full");
    }
    return grow.call(this, pages);
  };
}
