// One build of the site: which files it has, by hash, and those kept here.
// What leaves its cache was hashed again, so a damaged or altered entry is as
// good as none.
import { addressOf, own, PREFIX } from "./place";
import type { BuildName } from "./protocol";

const MANIFEST = "build.json";
/** These carry their version in their path and may be large: they stream. */
const VERSIONED = /^assets\/pyodide\/[^/]+\//;

interface Manifest {
  readonly files: Readonly<Record<string, string>>;
}

/** What the network gave for a path. */
export interface Fetched {
  readonly response: Response;
  /** Whether these are the bytes of this build. */
  readonly belongs: boolean;
  /** Settles when the file is kept, or could not be. */
  readonly kept: Promise<void>;
}

export class Build {
  private constructor(
    readonly id: string,
    private readonly files: ReadonlyMap<string, string>,
    private readonly cache: Cache,
  ) {}

  /** A build whose manifest is kept here; null when it is not, or damaged. */
  static async kept(name: BuildName): Promise<Build | null> {
    const cache = await caches.open(cacheOf(name));
    const stored = await cache.match(addressOf(MANIFEST));
    const text = stored === undefined ? null : await stored.text();
    if (text === null || (await hashOfText(text)) !== name.manifest) {
      return null;
    }
    return new Build(name.id, filesOf(text), cache);
  }

  /** The build of this script, with its manifest from the network. */
  static async install(): Promise<Build> {
    const url = addressOf(MANIFEST);
    const response = await fetch(url, { cache: "no-cache" });
    const text = await response.text();
    if (!response.ok || (await hashOfText(text)) !== own.manifest) {
      // The host is between two builds: the browser tries again later.
      throw new Error(`${MANIFEST} does not belong to build ${own.id}`);
    }
    const cache = await caches.open(cacheOf(own));
    await cache.put(url, new Response(text));
    return new Build(own.id, filesOf(text), cache);
  }

  /** The file behind a path of the site, or null where it has none. */
  fileAt(path: string): string | null {
    const file = path === "" || path.endsWith("/") ? `${path}index.html` : path;
    return this.files.has(file) ? file : null;
  }

  hashOf(file: string): string | null {
    return this.files.get(file) ?? null;
  }

  /** The names of its files. */
  get names(): readonly string[] {
    return [...this.files.keys()];
  }

  /** The names of the files kept here. */
  async keptNames(): Promise<string[]> {
    const urls = (await this.cache.keys()).map(({ url }) => url);
    const stored = new Set(urls);
    return this.names.filter((name) => stored.has(addressOf(name)));
  }

  /** The kept bytes of a file, if they are what they should be. */
  async read(file: string): Promise<Response | null> {
    const url = addressOf(file);
    const stored = await this.cache.match(url);
    if (stored === undefined) return null;
    // The copy is hashed, so that the browser's own notes on a stored script
    // or a WebAssembly module stay with the response.
    if (await this.isWhole(file, stored.clone())) return stored;
    await this.cache.delete(url);
    return null;
  }

  /** Asks the network for a file and keeps it, if it belongs to this build. */
  async fetch(file: string, url: string): Promise<Fetched> {
    let response = await fetch(url);
    if (VERSIONED.test(file) && isKeepable(response)) {
      const kept = this.keep(file, response.clone());
      return { response, belongs: true, kept };
    }
    let belongs = await this.isWhole(file, response.clone());
    if (!belongs) {
      // What the browser had in its cache may only be old.
      response = await fetch(url, { cache: "no-cache" });
      belongs = await this.isWhole(file, response.clone());
    }
    const kept = belongs
      ? this.store(file, response.clone())
      : Promise.resolve();
    return { response, belongs, kept };
  }

  /** Keeps a file that this build and another have in common. */
  async adopt(file: string, other: Build): Promise<boolean> {
    if (this.hashOf(file) !== other.hashOf(file)) return false;
    const response = await other.read(file);
    if (response === null) return false;
    await this.store(file, response);
    return true;
  }

  async has(file: string): Promise<boolean> {
    return (await this.cache.match(addressOf(file))) !== undefined;
  }

  private async keep(file: string, copy: Response): Promise<void> {
    const bytes = await copy.clone().arrayBuffer();
    if ((await hashOf(bytes)) !== this.hashOf(file)) return;
    await this.store(file, copy);
  }

  private async store(file: string, response: Response): Promise<void> {
    if (!isKeepable(response)) return;
    try {
      await this.cache.put(addressOf(file), response);
    } catch {
      // No room: the site goes on without this file.
    }
  }

  private async isWhole(file: string, copy: Response): Promise<boolean> {
    if (!isKeepable(copy)) return false;
    return (await hashOf(await copy.arrayBuffer())) === this.hashOf(file);
  }
}

export const cacheOf = ({ id, manifest }: BuildName): string =>
  `${PREFIX}${id}.${manifest}`;

/** The builds that have a cache here. */
export async function keptBuilds(): Promise<BuildName[]> {
  const names = (await caches.keys()).filter((n) => n.startsWith(PREFIX));
  return names.flatMap((name) => {
    const [id, manifest] = name.slice(PREFIX.length).split(".", 2);
    return id === undefined || manifest === undefined ? [] : [{ id, manifest }];
  });
}

/** A whole answer of this site's own server, and no error. */
function isKeepable(response: Response): boolean {
  const { status, type, redirected } = response;
  return status === 200 && !redirected && type !== "opaque" && type !== "error";
}

function filesOf(text: string): ReadonlyMap<string, string> {
  return new Map(Object.entries((JSON.parse(text) as Manifest).files));
}

const hashOfText = (text: string): Promise<string> =>
  hashOf(new TextEncoder().encode(text));

async function hashOf(bytes: BufferSource): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (b) => b.toString(16).padStart(2, "0")).join("");
}
