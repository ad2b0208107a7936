// The reader's work on their own machine: one entry of localStorage for each
// cell, exercise and question, so that two tabs do not write over each other.
// Without storage everything works the same until the page is left.
import { isPage, kindOf, readEntry } from "./entries";
import type { Entry, Kind } from "./entries";

type Listener = (name: string, entry: Entry | null) => void;

/** The entries of pages by name, as a file holds them. */
export type Entries = Map<string, Map<string, Entry>>;

export class Store {
  /** Whether the browser keeps anything. */
  readonly keeps: boolean;
  /** The page that is shown, relative to the site's root. */
  readonly page: string;

  private readonly prefix: string;
  private readonly memory = new Map<string, string>();
  private readonly storage: Storage | null;
  private readonly listeners = new Set<Listener>();
  private readonly aborter = new AbortController();

  constructor(root: URL) {
    // Many sites share an origin: the folder of this one belongs to the name.
    this.prefix = `tutorial-kernels:${root.pathname}:`;
    this.page = location.pathname
      .slice(root.pathname.length)
      .replace(/index\.html$/, "");
    this.storage = openStorage();
    this.keeps = this.storage !== null;
    window.addEventListener(
      "storage",
      (event) => {
        this.hear(event);
      },
      { signal: this.aborter.signal },
    );
  }

  get<Wanted extends Kind>(
    kind: Wanted,
    id: string,
  ): Extract<Entry, { kind: Wanted }> | null {
    const entry = this.read(this.page, `${kind}:${id}`);
    return entry?.kind === kind
      ? (entry as Extract<Entry, { kind: Wanted }>)
      : null;
  }

  /** Keeps what was done on the shown page. */
  set(id: string, entry: Entry): void {
    const name = entry.kind === "page" ? "page" : `${entry.kind}:${id}`;
    this.write(this.keyOf(this.page, name), JSON.stringify(entry));
    this.tell(name, entry);
  }

  remove(kind: Kind, id: string): void {
    const name = kind === "page" ? "page" : `${kind}:${id}`;
    const key = this.keyOf(this.page, name);
    this.memory.delete(key);
    this.storage?.removeItem(key);
    this.tell(name, null);
  }

  read(page: string, name: string): Entry | null {
    return parse(name, this.raw(this.keyOf(page, name)));
  }

  /** Calls back when an entry of the shown page changes, here or elsewhere;
   *  with an empty name when another page's does. */
  watch(listener: Listener): void {
    this.listeners.add(listener);
  }

  all(): Entries {
    const found: Entries = new Map();
    for (const key of this.keys()) {
      const [page, name] = this.partsOf(key);
      const entry = parse(name, this.raw(key));
      if (entry === null) continue;
      const entries = found.get(page) ?? new Map<string, Entry>();
      found.set(page, entries.set(name, entry));
    }
    return found;
  }

  /** Writes all or nothing; false when the browser has no room. */
  replace(changes: Entries): boolean {
    const before = new Map<string, string | null>();
    try {
      for (const [page, entries] of changes) {
        for (const [name, entry] of entries) {
          const key = this.keyOf(page, name);
          before.set(key, this.raw(key));
          this.write(key, JSON.stringify(entry), true);
        }
      }
    } catch {
      for (const [key, value] of before) {
        if (value === null) {
          this.memory.delete(key);
          this.storage?.removeItem(key);
        } else this.write(key, value);
      }
      return false;
    }
    for (const [name, entry] of changes.get(this.page) ?? []) {
      this.tell(name, entry);
    }
    return true;
  }

  /** Forgets what was done on the shown page. */
  forget(): void {
    for (const key of this.keys()) {
      const [page, name] = this.partsOf(key);
      if (page !== this.page || name === "page") continue;
      this.memory.delete(key);
      this.storage?.removeItem(key);
      this.tell(name, null);
    }
  }

  dispose(): void {
    this.aborter.abort();
    this.listeners.clear();
  }

  private keyOf(page: string, name: string): string {
    return `${this.prefix}${page}#${name}`;
  }

  private partsOf(key: string): [string, string] {
    const [page = "", name = ""] = key.slice(this.prefix.length).split("#", 2);
    return [page, name];
  }

  private keys(): string[] {
    const stored =
      this.storage === null
        ? []
        : Array.from({ length: this.storage.length }, (_, at) =>
            this.storage?.key(at),
          );
    return [...new Set([...stored, ...this.memory.keys()])].filter(
      (key): key is string => {
        if (typeof key !== "string" || !key.startsWith(this.prefix)) {
          return false;
        }
        const [page, name] = this.partsOf(key);
        return isPage(page) && kindOf(name) !== null;
      },
    );
  }

  private raw(key: string): string | null {
    return this.memory.get(key) ?? this.storage?.getItem(key) ?? null;
  }

  /** The memory takes what the storage has no room for. */
  private write(key: string, value: string, strict = false): void {
    try {
      this.storage?.setItem(key, value);
      if (this.storage === null) this.memory.set(key, value);
      else this.memory.delete(key);
    } catch (error) {
      if (strict) throw error;
      this.memory.set(key, value);
    }
  }

  private hear(event: StorageEvent): void {
    if (event.storageArea !== this.storage) return;
    if (event.key === null) return; // everything was cleared: work goes on
    if (!event.key.startsWith(this.prefix)) return;
    const [page, name] = this.partsOf(event.key);
    this.memory.delete(event.key);
    const own = page === this.page;
    this.tell(own ? name : "", own ? parse(name, event.newValue) : null);
  }

  private tell(name: string, entry: Entry | null): void {
    for (const listener of this.listeners) listener(name, entry);
  }
}

function openStorage(): Storage | null {
  try {
    const probe = "tutorial-kernels:probe";
    localStorage.setItem(probe, "");
    localStorage.removeItem(probe);
    return localStorage;
  } catch {
    return null;
  }
}

function parse(name: string, text: string | null): Entry | null {
  if (text === null) return null;
  try {
    const entry = readEntry(name, JSON.parse(text));
    return typeof entry === "string" ? null : entry;
  } catch {
    return null;
  }
}
