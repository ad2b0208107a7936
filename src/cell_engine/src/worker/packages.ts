// Loads the packages of the site that only some cells import, when one does.
// What comes is checked against the hash in the manifest before it is unpacked.
import type { OnDemand, OutputMessage, StartMessage } from "../messages";
import type { Python } from "./internals";

const FOLDER = `
import site
site.getsitepackages()[0]
`;
const RENEW = `
import importlib
importlib.invalidate_caches()
`;

type Show = (message: OutputMessage) => void;

/** A package could not be loaded; its message is for the reader. */
export class PackageError extends Error {
  override readonly name = "PackageError";
}

export class Packages {
  private readonly loaded = new Set<string>();

  constructor(
    private readonly python: Python,
    private readonly start: StartMessage,
  ) {}

  /** Loads what the imports of a cell need and this Python lacks. */
  async loadFor(imports: readonly string[], show: Show): Promise<void> {
    for (const wanted of this.start.manifest.on_demand) {
      const isImported = wanted.imports.some((name) => imports.includes(name));
      if (!isImported || this.loaded.has(wanted.name)) continue;
      await this.load(wanted, show);
      this.loaded.add(wanted.name);
    }
  }

  private async load(
    { name, files, bytes }: OnDemand,
    show: Show,
  ): Promise<void> {
    let received = 0;
    const count = (more: number): void => {
      received += more;
      show({ type: "loading", name, received, total: bytes });
    };
    count(0);
    const wheels = await Promise.all(
      files.map(async (file) => await this.fetch(name, file, count)),
    );
    const extractDir = String(this.python.runPython(FOLDER));
    for (const wheel of wheels) {
      this.python.unpackArchive(wheel, "wheel", { extractDir });
    }
    this.python.runPython(RENEW);
  }

  private async fetch(
    name: string,
    file: string,
    count: (more: number) => void,
  ): Promise<ArrayBuffer> {
    // The browser's own copy may be damaged; the server's is asked for then.
    for (const cache of ["default", "reload"] as const) {
      const bytes = await this.download(file, cache, count).catch(
        (error: unknown) => {
          if (!(error instanceof PackageError)) throw error;
          throw new PackageError(
            `${name} could not be loaded: ${error.message}`,
          );
        },
      );
      if (await this.isWhole(file, bytes)) return bytes;
      count(-bytes.byteLength);
    }
    throw new PackageError(
      `${name} could not be loaded: ${file} is not what the site was built with.`,
    );
  }

  private async download(
    file: string,
    cache: RequestCache,
    count: (more: number) => void,
  ): Promise<ArrayBuffer> {
    let response: Response;
    try {
      response = await fetch(new URL(file, this.start.folder), { cache });
    } catch {
      throw new PackageError(`${file} could not be reached.`);
    }
    if (!response.ok) {
      throw new PackageError(`${file} is missing (${response.status}).`);
    }
    return await readWhole(response, count).catch(() => {
      throw new PackageError(`${file} broke off on its way.`);
    });
  }

  private async isWhole(file: string, bytes: ArrayBuffer): Promise<boolean> {
    // Pages that are not secure cannot hash; they are for trying out.
    if (hashes === undefined) return true;
    const wanted = this.start.manifest.files[file]?.sha256;
    return (await hashOf(hashes, bytes)) === wanted;
  }
}

const hashes = crypto.subtle as SubtleCrypto | undefined;

async function readWhole(
  response: Response,
  count: (more: number) => void,
): Promise<ArrayBuffer> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body?.getReader();
  let part = await reader?.read();
  while (part?.value !== undefined) {
    chunks.push(part.value);
    count(part.value.byteLength);
    part = await reader?.read();
  }
  return await new Blob(chunks).arrayBuffer();
}

async function hashOf(
  subtle: SubtleCrypto,
  bytes: ArrayBuffer,
): Promise<string> {
  const hash = new Uint8Array(await subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}
