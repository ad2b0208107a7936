// A Python with NumPy and the course's package imported, kept as the bytes of
// its memory: taken once in a worker of its own, restored on later visits.
import {
  compileSharedObjects,
  handlesOf,
  restoreHandles,
  snapshotOfHead,
  splitSnapshot,
  withSharedObjects,
} from "./internals";
import type {
  CreateModule,
  Handles,
  LoadOptions,
  LoadPyodide,
  PyodideModule,
  Python,
} from "./internals";
import { gather, spread, stretchesOf } from "./pages";
import type { Snapshot, StoredSnapshot } from "./store";
import { unzip } from "./zip";
import type { Files } from "./zip";

/** What starts a Python of either kind. */
export interface Core {
  readonly loadPyodide: LoadPyodide;
  readonly createModule: CreateModule;
  /** The options that both have in common. */
  readonly options: LoadOptions;
}

interface FileSystem {
  mkdirTree(path: string): void;
  writeFile(path: string, data: Uint8Array, options: { canOwn: true }): void;
}

const PACKAGES_FOLDER = /^\/lib\/python3\.\d+\/site-packages$/;

/** Puts the packages where an installation would have put them. */
function filesIn(files: Files, onFolder: (folder: string) => void) {
  return (fileSystem: unknown, { sitePackages }: { sitePackages: string }) => {
    const fs = fileSystem as FileSystem;
    if (!PACKAGES_FOLDER.test(sitePackages)) throw new Error(sitePackages);
    onFolder(sitePackages);
    const made = new Set<string>();
    for (const [path, bytes] of files) {
      const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
      if (!made.has(folder)) fs.mkdirTree(`${sitePackages}/${folder}`);
      made.add(folder);
      // The bytes live on in the file: nothing is copied.
      fs.writeFile(`${sitePackages}/${path}`, bytes, { canOwn: true });
    }
    return Promise.resolve();
  };
}

interface Wishes {
  readonly options: LoadOptions;
  /** The shared objects are loaded; Python has not started. */
  readonly onLoaded: (module: PyodideModule) => void;
  /** The module stands; Python's memory is not restored yet. */
  readonly onModule: (module: PyodideModule) => Promise<void> | void;
}

async function load(core: Core, files: Files, wishes: Wishes): Promise<Python> {
  let found: (folder: string) => void = () => undefined;
  const folder = new Promise<string>((resolve) => {
    found = resolve;
  });
  const objects = folder.then((path) => compileSharedObjects(path, files));
  const create = withSharedObjects(core.createModule, objects, wishes.onLoaded);
  const createPyodideModule: CreateModule = async (settings) => {
    const module = await create(settings);
    await wishes.onModule(module);
    return module;
  };
  return await core.loadPyodide({
    ...core.options,
    ...wishes.options,
    createPyodideModule: createPyodideModule as unknown as never,
    fsInit: filesIn(files, found),
  });
}

/** Restores a Python; its generators are seeded anew. */
export async function restorePython(
  core: Core,
  snapshot: StoredSnapshot,
): Promise<Python> {
  const { head, memory, stretches, memorySize, verified } = snapshot;
  const { files, handles, tableLength } = snapshot;
  const size = head.length + memorySize;
  const python = await load(core, files, {
    options: { _loadSnapshot: snapshotOfHead(head, size) },
    onLoaded(module) {
      if (module.wasmTable.length !== tableLength) {
        throw new Error("the shared objects lie elsewhere");
      }
    },
    async onModule(module) {
      await verified;
      const used = Math.min(module.HEAPU8.length, memorySize);
      module.growMemory(size);
      spread(memory, stretches, module.HEAPU8, used);
      restoreHandles(module, handles);
    },
  });
  if (python.runPython(RENEW) !== 64) throw new Error("NumPy computes wrongly");
  return python;
}

/** Starts a Python of its own, imports the packages and keeps its memory. */
export async function takeSnapshot(
  core: Core,
  wheels: readonly ArrayBuffer[],
): Promise<Snapshot> {
  const contents = await Promise.all(wheels.map(unzip));
  const files: Files = new Map(contents.flatMap((members) => [...members]));
  let tableLength = 0;
  let handles = (): Handles => [];
  // Pyodide lists the packages it finds, and cannot snapshot such a list.
  const importable: Files = new Map(
    [...files].filter(([path]) => !path.includes(".dist-info/")),
  );
  const python = await load(core, importable, {
    options: { _makeSnapshot: true },
    onLoaded(module) {
      tableLength = module.wasmTable.length;
    },
    onModule(module) {
      handles = () => handlesOf(module);
    },
  });
  python.runPython(PREPARE);
  const [head, memory] = splitSnapshot(
    python.makeMemorySnapshot() as Uint8Array<ArrayBuffer>,
  );
  const stretches = stretchesOf(memory);
  return {
    head,
    memory: gather(memory, stretches),
    stretches,
    memorySize: memory.length,
    files,
    handles: handles(),
    tableLength,
  };
}

const PREPARE = `
from tutorial_kernels.page.snapshot import prepare
prepare()
`;

const RENEW = `
from tutorial_kernels.page.snapshot import renew
renew()
`;
