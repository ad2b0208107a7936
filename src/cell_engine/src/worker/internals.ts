// What the snapshot uses of Pyodide's insides. None of it is promised by its
// makers: whoever calls it goes by the runtime's exact version, and is ready
// for it to fail.
import type { loadPyodide, PyodideAPI } from "pyodide";

interface Library {
  refcount: number;
  global: boolean;
  exports: unknown;
  readonly name: string;
}

/** Emscripten's module, as Pyodide builds it. */
export interface PyodideModule {
  readonly wasmTable: WebAssembly.Table;
  readonly LDSO: {
    readonly loadedLibsByName: Record<string, Library>;
    readonly loadedLibsByHandle: Record<number, Library>;
  };
  addRunDependency(id: string): void;
  removeRunDependency(id: string): void;
  readonly HEAPU8: Uint8Array;
  growMemory(size: number): unknown;
  loadWebAssemblyModule(
    module: WebAssembly.Module,
    flags: { readonly nodelete: boolean; readonly allowUndefined: boolean },
    path: string,
    scope: object,
  ): unknown;
  newDSO(path: string, handle: undefined, exports: string): Library;
}

export interface ModuleSettings {
  readonly preRun: ((module: PyodideModule) => void)[];
}

export type CreateModule = (settings: ModuleSettings) => Promise<PyodideModule>;
export type LoadPyodide = typeof loadPyodide;
export type LoadOptions = NonNullable<Parameters<LoadPyodide>[0]>;
export type Python = PyodideAPI;

/** A shared object of a wheel, compiled, under the path Python looks for. */
export interface SharedObject {
  readonly path: string;
  readonly module: WebAssembly.Module;
}

export const isSharedObject = (path: string): boolean => path.endsWith(".so");

/** Compiles the shared objects among files, in the order of their paths. */
export function compileSharedObjects(
  folder: string,
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
): Promise<SharedObject[]> {
  const wanted = [...files].filter(([path]) => isSharedObject(path));
  wanted.sort(([a], [b]) => (a < b ? -1 : 1));
  return Promise.all(
    wanted.map(async ([path, bytes]) => ({
      path: `${folder}/${path}`,
      module: await WebAssembly.compile(bytes),
    })),
  );
}

/**
 * A constructor of Pyodide's module that loads shared objects before Python
 * starts. Their functions stand in the table of WebAssembly, which is no part
 * of the memory; before the start, memory is handed out in a row, so the same
 * order gives the same addresses each time.
 */
export function withSharedObjects(
  create: CreateModule,
  objects: Promise<readonly SharedObject[]>,
  onLoaded: (module: PyodideModule) => void,
): CreateModule {
  return async (settings) => {
    // A preload that fails would leave its dependency open for ever.
    const failure = new Promise<never>((_, reject) => {
      settings.preRun.push((module) => {
        module.addRunDependency("shared-objects");
        preload(module, objects).then(() => {
          onLoaded(module);
          module.removeRunDependency("shared-objects");
        }, reject);
      });
    });
    return await Promise.race([create(settings), failure]);
  };
}

async function preload(
  module: PyodideModule,
  objects: Promise<readonly SharedObject[]>,
): Promise<void> {
  for (const { path, module: compiled } of await objects) {
    const library = module.newDSO(path, undefined, "loading");
    library.refcount = Infinity;
    library.global = false;
    library.exports = module.loadWebAssemblyModule(
      compiled,
      { nodelete: true, allowUndefined: true },
      path,
      {},
    );
  }
}

/** Which library Python knows under which handle. */
export type Handles = readonly (readonly [number, string])[];

export function handlesOf(module: PyodideModule): Handles {
  return Object.entries(module.LDSO.loadedLibsByHandle)
    .filter(([handle]) => handle !== "0")
    .map(([handle, library]) => [Number(handle), library.name]);
}

export function restoreHandles(module: PyodideModule, handles: Handles): void {
  const { loadedLibsByHandle, loadedLibsByName } = module.LDSO;
  for (const [handle, name] of handles) {
    const library = loadedLibsByName[name];
    if (library === undefined) throw new Error(`${name} is not loaded`);
    loadedLibsByHandle[handle] = library;
  }
}

/** Where the head of a Pyodide snapshot says at which byte the memory begins. */
const MEMORY_START = 1;

/** A Pyodide snapshot in two: what stands before the memory, and the memory. */
export function splitSnapshot(
  snapshot: Uint8Array<ArrayBuffer>,
): [head: Uint8Array<ArrayBuffer>, memory: Uint8Array<ArrayBuffer>] {
  const start = new Uint32Array(snapshot.buffer)[MEMORY_START] ?? 0;
  return [snapshot.subarray(0, start), snapshot.subarray(start)];
}

/**
 * A snapshot with that head whose memory begins at its end: Pyodide restores
 * what the head tells of JavaScript, and copies nothing. Zeros that nobody
 * writes to take up no room.
 */
export function snapshotOfHead(
  head: Uint8Array<ArrayBuffer>,
  size: number,
): Uint8Array<ArrayBuffer> {
  const snapshot = new Uint8Array(size);
  snapshot.set(head);
  new Uint32Array(snapshot.buffer)[MEMORY_START] = size;
  return snapshot;
}

/** Where CPython 3.14 keeps these in the state of a thread, in words. */
const INTERPRETER = 2;
const EVAL_BREAKER = 3;
const SIGNALS_PENDING = 1 << 1;

interface Interpreter {
  readonly HEAPU32: Uint32Array;
  readonly __Py_emscripten_signal_clock?: number;
  _PyInterpreterState_Main(): number;
  _PyThreadState_Get(): number;
}

/** How CPython looks for signals, and what to make of it. */
export interface SignalClock {
  /** Lets the Python that runs now look for the signal that has come. */
  mark(): void;
  /** Has the buffer read again after so many loop turns or calls. */
  readAfter(checks: number): void;
}

/**
 * CPython marks its first thread alone when a signal comes, and Pyodide gives
 * each suspended stack a thread state of its own: a loop behind an `await`
 * would never look. And it reads the buffer at every 50th turn of a loop, which
 * is seconds in a loop of large matrix products.
 */
export function signalClock(python: Python): SignalClock {
  const module = (python as unknown as { _module: Interpreter })._module;
  const clock = module.__Py_emscripten_signal_clock;
  return {
    mark() {
      const state = module._PyThreadState_Get() >>> 2;
      const words = module.HEAPU32;
      // Laid out otherwise: leave it alone, and Stop to the next rung.
      const known = module._PyInterpreterState_Main();
      if (words[state + INTERPRETER] !== known) return;
      const bits = words[state + EVAL_BREAKER] ?? 0;
      words[state + EVAL_BREAKER] = bits | SIGNALS_PENDING;
    },
    readAfter(checks) {
      if (clock !== undefined) module.HEAPU32[clock >>> 2] = checks;
    },
  };
}

interface Switching {
  readonly validSuspender: { value: boolean };
  readonly suspenderGlobal: { value: unknown };
  promisingApply: (...values: unknown[]) => unknown;
}

/**
 * Tells whether the Python that runs now can be suspended. Pyodide keeps that in
 * a flag, and leaves it standing when a stack is suspended. Python called then,
 * by a promise that comes true, takes itself for that stack; and to suspend it
 * is the end of the interpreter. So the flag is taken down at each suspension;
 * Pyodide puts it up again when it resumes a stack.
 */
export function suspendability(python: Python): () => boolean {
  const module = (python as unknown as { _module: Switching })._module;
  const { promisingApply, suspenderGlobal, validSuspender } = module;
  let suspender = suspenderGlobal.value;
  // Read when a stack is suspended and at no other time.
  Object.defineProperty(suspenderGlobal, "value", {
    get() {
      validSuspender.value = false;
      return suspender;
    },
    set(value) {
      suspender = value;
    },
  });
  // Returns at the first suspension, or at the end.
  module.promisingApply = (...values) => {
    const result = promisingApply(...values);
    validSuspender.value = false;
    return result;
  };
  return () => validSuspender.value;
}
