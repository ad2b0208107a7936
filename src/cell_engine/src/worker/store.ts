// Keeps a snapshot in Cache Storage, and gives back only what it was given: a
// snapshot that is cut short, altered or made by another version is none.
import type { Handles } from "./internals";
import { joined } from "./pages";
import type { Stretch } from "./pages";
import type { Files } from "./zip";

const CACHE = "tutorial-kernels-snapshot";
/** A browser in which no restore works must not make one at every visit. */
const MOST_FAILURES = 2;
const PARTS = ["heap", "files"] as const;

type Part = (typeof PARTS)[number];

interface PartRecord {
  readonly bytes: number;
  readonly sha256: string;
}

interface Index extends Layout {
  readonly parts: Readonly<Record<Part, PartRecord>>;
  /** The heap's first bytes are its head. */
  readonly headSize: number;
  /** Every file of the packages: its path and its bytes, in order. */
  readonly files: readonly (readonly [string, number])[];
}

/** What belongs where. */
interface Layout {
  /** Where in the memory its pages go that hold anything. */
  readonly stretches: readonly Stretch[];
  readonly memorySize: number;
  readonly handles: Handles;
  /** WebAssembly's table with the shared objects in it, and no more. */
  readonly tableLength: number;
}

/** A Python with its packages imported, as bytes. */
export interface Snapshot extends Layout {
  /** What Pyodide tells itself of the memory. */
  readonly head: Uint8Array<ArrayBuffer>;
  /** The pages of the memory that hold anything. */
  readonly memory: Uint8Array<ArrayBuffer>;
  readonly files: Files;
}

export interface StoredSnapshot extends Snapshot {
  /** Rejects when the bytes are not those that were stored. */
  readonly verified: Promise<void>;
}

const isAvailable = (): boolean =>
  "caches" in self && (crypto as Partial<Crypto>).subtle !== undefined;

/** Where the parts of one version stand; no server answers there. */
const addressOf = (key: string, part: Part | "index" | "failures"): string =>
  `${key}/${part}`;

/** The snapshot of this version; rejects when a part of it is gone. */
export async function readSnapshot(key: string): Promise<StoredSnapshot> {
  const cache = await caches.open(CACHE);
  const [index, heap, files] = await Promise.all([
    cache.match(addressOf(key, "index")),
    ...PARTS.map((part) => cache.match(addressOf(key, part))),
  ]);
  if (index === undefined || heap === undefined || files === undefined) {
    throw new Error("a part of the snapshot is gone");
  }
  const record = (await index.json()) as Index;
  const [heapBytes, fileBytes] = await Promise.all([
    bytesOf(heap, record.parts.heap),
    bytesOf(files, record.parts.files),
  ]);
  const checks = [
    check(heapBytes, record.parts.heap),
    check(fileBytes, record.parts.files),
  ];
  const verified = Promise.all(checks).then(() => undefined);
  verified.catch(() => undefined);
  return {
    ...record,
    head: heapBytes.subarray(0, record.headSize),
    memory: heapBytes.subarray(record.headSize),
    files: cutFiles(fileBytes, record.files),
    verified,
  };
}

export async function hasSnapshot(key: string): Promise<boolean> {
  if (!isAvailable()) return false;
  const cache = await caches.open(CACHE);
  return (await cache.match(addressOf(key, "index"))) !== undefined;
}

/** Whether it is worth while to make a snapshot of this version. */
export async function wantsSnapshot(key: string): Promise<boolean> {
  if (!isAvailable() || (await hasSnapshot(key))) return false;
  return (await failures(key)) < MOST_FAILURES;
}

/** Throws a snapshot away that could not be used. */
export async function refuseSnapshot(key: string): Promise<void> {
  if (!isAvailable()) return;
  const count = (await failures(key)) + 1;
  await dropSnapshots(key);
  const cache = await caches.open(CACHE);
  await cache.put(addressOf(key, "failures"), Response.json(count));
}

async function failures(key: string): Promise<number> {
  const cache = await caches.open(CACHE);
  const noted = await cache.match(addressOf(key, "failures"));
  return noted === undefined ? 0 : Number(await noted.json());
}

/** Stores a snapshot in the place of every older one. */
export async function writeSnapshot(
  key: string,
  snapshot: Snapshot,
): Promise<void> {
  const cache = await caches.open(CACHE);
  const { head, memory, files: members, ...layout } = snapshot;
  const heap = joined([head, memory]);
  const files = joined([...members.values()]);
  const index: Index = {
    ...layout,
    parts: { heap: await recordOf(heap), files: await recordOf(files) },
    headSize: head.length,
    files: [...members].map(([path, bytes]) => [path, bytes.length]),
  };
  await dropSnapshots(key);
  try {
    await cache.put(addressOf(key, "heap"), new Response(heap));
    await cache.put(addressOf(key, "files"), new Response(files));
    // Last: without it the rest does not count.
    await cache.put(addressOf(key, "index"), Response.json(index));
  } catch (error) {
    await dropSnapshots(key);
    throw error;
  }
}

/** Throws away every snapshot; what is known of this version's failures stays. */
async function dropSnapshots(key: string): Promise<void> {
  const cache = await caches.open(CACHE);
  const kept = new URL(addressOf(key, "failures"), self.location.href).href;
  const stored = await cache.keys();
  await Promise.all(
    stored
      .filter(({ url }) => url !== kept)
      .map((request) => cache.delete(request)),
  );
}

async function bytesOf(
  response: Response,
  record: PartRecord,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.length !== record.bytes) {
    throw new Error(
      `the snapshot has ${bytes.length} bytes of ${record.bytes}`,
    );
  }
  return bytes;
}

async function check(
  bytes: Uint8Array<ArrayBuffer>,
  record: PartRecord,
): Promise<void> {
  if ((await hashOf(bytes)) !== record.sha256) {
    throw new Error("the snapshot is not what was stored");
  }
}

async function recordOf(bytes: Uint8Array<ArrayBuffer>): Promise<PartRecord> {
  return { bytes: bytes.length, sha256: await hashOf(bytes) };
}

async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}

function cutFiles(
  joined: Uint8Array<ArrayBuffer>,
  sizes: Index["files"],
): Files {
  let at = 0;
  return new Map(
    sizes.map(([path, size]) => {
      const bytes = joined.subarray(at, at + size);
      at += size;
      return [path, bytes];
    }),
  );
}
