// All of the reader's work as one file, and back. A file is read as if it were
// hostile: one field that is not as it should be, and nothing is taken.
import { isObject, isPage, merged, readEntry } from "./entries";
import type { Entry } from "./entries";
import type { Entries, Store } from "./store";

const FORMAT = "tutorial-kernels progress";
const VERSION = 1;
export const LARGEST_FILE = 5_000_000;
const MOST_PAGES = 500;
const MOST_ENTRIES = 5_000;

/** Why a file was refused, in one sentence. */
export class RefusedFile extends Error {
  override readonly name = "RefusedFile";
}

export function exportText(store: Store): string {
  const pages = Object.fromEntries(
    [...store.all()].map(([page, entries]) => [
      page,
      Object.fromEntries(entries),
    ]),
  );
  const file = { format: FORMAT, version: VERSION, pages };
  return `${JSON.stringify(file, null, 1)}\n`;
}

export function readFile(text: string): Entries {
  if (text.length > LARGEST_FILE) {
    throw new RefusedFile("This file is too large to be a progress file.");
  }
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    throw new RefusedFile("This is no progress file: it is not JSON.");
  }
  if (!isObject(file) || file.format !== FORMAT) {
    throw new RefusedFile("This is no progress file of this course.");
  }
  if (file.version !== VERSION) {
    throw new RefusedFile(
      "This file comes from another version of the course.",
    );
  }
  const keys = Object.keys(file).sort().join();
  if (keys !== "format,pages,version" || !isObject(file.pages)) {
    throw new RefusedFile("This progress file has fields that nobody knows.");
  }
  return readPages(file.pages);
}

function readPages(pages: Record<string, unknown>): Entries {
  const found: Entries = new Map();
  let count = 0;
  if (Object.keys(pages).length > MOST_PAGES) {
    throw new RefusedFile("This progress file has too many pages.");
  }
  for (const [page, entries] of Object.entries(pages)) {
    if (!isPage(page) || !isObject(entries)) {
      throw new RefusedFile("This progress file names a page wrongly.");
    }
    const read = new Map<string, Entry>();
    for (const [name, value] of Object.entries(entries)) {
      const entry = readEntry(name, value);
      if (typeof entry === "string") {
        const which = name.slice(0, 60);
        throw new RefusedFile(
          `The entry “${which}” of this file was refused: ${entry}.`,
        );
      }
      read.set(name, entry);
      count += 1;
    }
    found.set(page, read);
  }
  if (count > MOST_ENTRIES) {
    throw new RefusedFile("This progress file has too many entries.");
  }
  return found;
}

export interface Plan {
  readonly changes: Entries;
  /** Entries that are new or go further than those here. */
  readonly count: number;
  /** Edits on this machine that a newer one of the file replaces. */
  readonly replaced: number;
}

/** What taking a file would change. */
export function planImport(store: Store, file: Entries): Plan {
  const changes: Entries = new Map();
  let count = 0;
  let replaced = 0;
  for (const [page, entries] of file) {
    for (const [name, entry] of entries) {
      const mine = store.read(page, name);
      const next = merged(mine, entry);
      if (JSON.stringify(next) === JSON.stringify(mine)) continue;
      count += 1;
      if (mine?.kind === "code" && next.kind === "code") {
        replaced += mine.text === next.text ? 0 : 1;
      }
      const of = changes.get(page) ?? new Map<string, Entry>();
      changes.set(page, of.set(name, next));
    }
  }
  return { changes, count, replaced };
}
