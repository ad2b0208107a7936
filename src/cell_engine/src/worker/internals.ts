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
