// The module worker: starts Pyodide, then runs one cell after the other.
import type { loadPyodide as LoadPyodide, PyodideAPI } from "pyodide";
import type { PyCallable } from "pyodide/ffi";

import type { CellResult, FromWorker, StopWay, ToWorker } from "../messages";
import { Downloads } from "./downloads";
import { Outbox } from "./outbox";
import { Stopping } from "./stopping";

type Start = Extract<ToWorker, { type: "start" }>;
type Run = Extract<ToWorker, { type: "run" }>;

interface WorkerModule {
  install(): void;
  interrupt(): void;
  run_cell: PyCallable;
}

interface Engine {
  readonly python: WorkerModule;
  readonly stopping: Stopping;
}

const post = (message: FromWorker): void => {
  self.postMessage(message);
};
const outbox = new Outbox(post);
let engine: Engine | null = null;

/** Pyodide only logs a WebAssembly file it cannot use; say so instead. */
function watchInstantiation(onFailure: (reason: string) => void): void {
  const original = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = async (source, imports) => {
    WebAssembly.instantiateStreaming = original;
    try {
      return await original(source, imports);
    } catch (error) {
      onFailure(`pyodide.asm.wasm cannot be used (${String(error)}).`);
      throw error;
    }
  };
}

async function loadPython(message: Start): Promise<PyodideAPI> {
  const onFailure = (reason: string): void => {
    post({ type: "failed", reason });
  };
  let finished = false;
  const downloads = new Downloads(message.folder, message.manifest, {
    onFailure,
    onProgress(received, total) {
      if (finished) return;
      post({ type: "download", received, total });
      finished = received >= total;
      if (finished) post({ type: "starting" });
    },
  });
  watchInstantiation(onFailure);
  downloads.open();
  const [glue, compiled] = await Promise.all([
    downloads.import("pyodide.mjs"),
    downloads.import("pyodide.asm.mjs"),
  ]);
  const { loadPyodide } = glue as { loadPyodide: typeof LoadPyodide };
  const { default: createPyodideModule } = compiled as { default: never };
  const pyodide = await loadPyodide({
    indexURL: message.folder,
    createPyodideModule,
    packages: [...message.manifest.packages],
    // Python reaches the engine through _cell_engine, not the page's globals.
    jsglobals: {},
    stdin: () => null,
  });
  downloads.close();
  return pyodide;
}

async function readAsset(base: string, name: string): Promise<Uint8Array> {
  const response = await fetch(new URL(name, base));
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

async function start(message: Start): Promise<void> {
  const pyodide = await loadPython(message);
  let interruptAwait = (): void => undefined;
  const stopping = new Stopping(message.signal, () => {
    interruptAwait();
  });
  pyodide.registerJsModule("_cell_engine", {
    post: (json: string) => {
      outbox.send(json);
    },
    tick: () => stopping.tick(),
    sleep: (milliseconds: number) => stopping.sleep(milliseconds),
    stop_requested: () => stopping.isRequested(),
    shared_signal: message.signal !== null,
    read_asset: (name: string) => readAsset(message.assets, name),
  });
  const python = pyodide.pyimport(
    "tutorial_kernels.page.worker",
  ) as WorkerModule;
  python.install();
  interruptAwait = () => {
    python.interrupt();
  };
  const buffer = message.signal ?? stopping.polledBuffer();
  pyodide.setInterruptBuffer(buffer as Uint8Array);
  engine = { python, stopping };
  post({ type: "ready", stop: stopWay(message.signal) });
}

function stopWay(signal: Uint8Array | null): StopWay {
  if (signal !== null) return "signal";
  return "Suspending" in WebAssembly ? "suspend" : "none";
}

async function run(message: Run): Promise<void> {
  if (engine === null) throw new Error("a cell came before the start");
  const { python, stopping } = engine;
  outbox.begin(message.run);
  stopping.begin();
  try {
    const json = (await python.run_cell.callPromising(
      message.source,
      message.cell,
    )) as string;
    outbox.end();
    const result = JSON.parse(json) as CellResult;
    post({ type: "done", run: message.run, result });
  } finally {
    stopping.end();
  }
}

function fail(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  post({ type: "failed", reason: text.trim().split("\n").at(-1) ?? text });
}

self.addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  if (data.type === "start") start(data).catch(fail);
  else if (data.type === "run") run(data).catch(fail);
  else engine?.stopping.request();
});
