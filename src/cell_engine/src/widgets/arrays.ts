// NumPy arrays as the page has them: numbers, and the shape they stand in.

/** In a notebook the data come as a DataView, in the page as numbers. */
export interface NumberArray {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: Numbers;
}

export type Numbers =
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Float32Array
  | Float64Array;

const KINDS = {
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

interface Packed {
  readonly array: number;
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** A value from Python: its arrays out of the buffers beside it. */
export function unpack(
  value: unknown,
  buffers: readonly Uint8Array[],
): unknown {
  if (Array.isArray(value)) return value.map((part) => unpack(part, buffers));
  if (typeof value !== "object" || value === null) return value;
  if (isPacked(value)) {
    const { dtype, shape } = value;
    const data = buffers[value.array] ?? new Uint8Array();
    return { dtype, shape, data: numbersOf(dtype, data) };
  }
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, part]) => [key, unpack(part, buffers)]),
  );
}

/** A value for Python; its arrays are appended to the buffers. */
export function pack(value: unknown, buffers: Uint8Array[]): unknown {
  if (Array.isArray(value)) return value.map((part) => pack(part, buffers));
  if (typeof value !== "object" || value === null) return value;
  const { data } = value as Partial<NumberArray>;
  if (ArrayBuffer.isView(data)) {
    const { dtype, shape } = value as NumberArray;
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    buffers.push(bytes.slice());
    return { array: buffers.length - 1, dtype, shape };
  }
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, part]) => [key, pack(part, buffers)]),
  );
}

/** An array of the state, whichever host has brought it. */
export function arrayOf(value: unknown): NumberArray {
  const { dtype, shape, data } = value as NumberArray;
  const view = data as ArrayBufferView;
  if (!(view instanceof DataView)) return { dtype, shape, data };
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return { dtype, shape, data: numbersOf(dtype, bytes) };
}

function isPacked(value: object): value is Packed {
  return "array" in value && "dtype" in value && "shape" in value;
}

function numbersOf(dtype: string, bytes: Uint8Array): Numbers {
  const Kind = KINDS[dtype as keyof typeof KINDS];
  // A copy stands at a place in memory that suits every kind.
  return new Kind(bytes.slice().buffer);
}
