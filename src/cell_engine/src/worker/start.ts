// Starts Python: from the snapshot of an earlier visit where there is one, else
// from the files.
import type { loadPyodide as LoadPyodide } from "pyodide";

import { startFiles } from "../messages";
import type { FromWorker, StartMessage } from "../messages";
import { Downloads } from "./downloads";
import type { CreateModule, Python } from "./internals";
import { limitMemory } from "./memory";
import { restorePython, takeSnapshot } from "./snapshot";
import type { Core } from "./snapshot";
import {
  hasSnapshot,
  readSnapshot,
  wantsSnapshot,
  writeSnapshot,
} from "./store";
import type { StoredSnapshot } from "./store";

type Post = (message: FromWorker) => void;

const WASM = "pyodide.asm.wasm";

/** Files come in hundreds of pieces, and a page draws 60 pictures a second. */
const PROGRESS_MS = 50;

const isWheel = (name: string): boolean => name.endsWith(".whl");

/** What a restore needs no more: the snapshot holds their content. */
const isInSnapshot = isWheel;

/** A snapshot was found, and could not be used. */
export class SnapshotError extends Error {
  override readonly name = "SnapshotError";
}

/**
 * Compiles Python's WebAssembly while its modules are still on their way.
 * Pyodide would begin later, and only log a file it cannot use.
 */
function compileEarly(
  source: Promise<Response>,
  onFailure: (reason: string) => void,
): void {
  const compiled = WebAssembly.compileStreaming(source);
  compiled.catch(() => undefined);
  const original = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = async (_, imports) => {
    WebAssembly.instantiateStreaming = original;
    try {
      const module = await compiled;
      const instance = await WebAssembly.instantiate(module, imports);
      return { module, instance };
    } catch (error) {
      onFailure(`${WASM} cannot be used (${String(error)}).`);
      throw error;
    }
  };
}

export async function startPython(
  message: StartMessage,
  post: Post,
): Promise<{ readonly python: Python; readonly restored: boolean }> {
  const { snapshot: key } = message;
  const restores = key !== null && (await isKept(key));
  const snapshot = restores ? readSnapshot(key) : null;
  snapshot?.catch(() => undefined);
  const downloads = openDownloads(message, post, restores);
  const core = await loadCore(message, downloads);
  try {
    if (snapshot !== null) {
      const python = await restore(core, snapshot, () => {
        post({ type: "restoring" });
      });
      return { python, restored: true };
    }
    const { loadPyodide, createModule, options } = core;
    const python = await loadPyodide({
      ...options,
      createPyodideModule: createModule as unknown as never,
      packages: [...message.manifest.packages],
    });
    return { python, restored: false };
  } finally {
    downloads.close();
  }
}

/** Storage that is switched off throws: nothing is kept there. */
async function isKept(key: string): Promise<boolean> {
  return await hasSnapshot(key).catch(() => false);
}

async function restore(
  core: Core,
  reading: Promise<StoredSnapshot>,
  onRead: () => void,
): Promise<Python> {
  try {
    const snapshot = await reading;
    onRead();
    return await restorePython(core, snapshot);
  } catch (error) {
    throw new SnapshotError(String(error));
  }
}

function openDownloads(
  message: StartMessage,
  post: Post,
  restores: boolean,
): Downloads {
  const onFailure = (reason: string): void => {
    post({ type: "failed", reason });
  };
  let finished = false;
  let told = -Infinity;
  const names = startFiles(message.manifest);
  const downloads = new Downloads(
    message,
    names.filter((name) => !(restores && isInSnapshot(name))),
    {
      onFailure,
      onProgress(received, total) {
        if (finished) return;
        finished = received >= total;
        const now = performance.now();
        if (!finished && now - told < PROGRESS_MS) return;
        told = now;
        post({ type: "download", received, total });
        if (finished) post({ type: "starting" });
      },
    },
  );
  downloads.open();
  compileEarly(downloads.take(WASM), onFailure);
  return downloads;
}

async function loadCore(
  message: StartMessage,
  downloads: Downloads,
): Promise<Core> {
  limitMemory();
  const [glue, compiled] = await Promise.all([
    downloads.import("pyodide.mjs"),
    downloads.import("pyodide.asm.mjs"),
  ]);
  return {
    loadPyodide: (glue as { loadPyodide: typeof LoadPyodide }).loadPyodide,
    createModule: (compiled as { default: CreateModule }).default,
    options: {
      indexURL: message.folder,
      // Python reaches the engine through _cell_engine, not the page's globals.
      jsglobals: {},
      stdin: () => null,
    },
  };
}

/** Makes the snapshot that the next visit starts from; true when it did. */
export async function makeSnapshot(
  message: StartMessage,
  post: Post,
): Promise<boolean> {
  const key = message.snapshot;
  if (key === null || !(await wantsSnapshot(key))) return false;
  return await navigator.locks.request(
    key,
    { ifAvailable: true },
    async (lock) => {
      if (lock === null || !(await wantsSnapshot(key))) return false;
      const names = startFiles(message.manifest).filter(isWheel);
      const wheels = await Promise.all(
        names.map(async (name) => {
          const response = await fetch(new URL(name, message.folder));
          return await response.arrayBuffer();
        }),
      );
      const downloads = openDownloads(message, post, true);
      const core = await loadCore(message, downloads);
      await writeSnapshot(key, await takeSnapshot(core, wheels));
      return true;
    },
  );
}
