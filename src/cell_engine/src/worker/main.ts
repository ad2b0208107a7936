// The module worker: starts Pyodide, then runs one cell after the other.
import type { PyCallable } from "pyodide/ffi";

import type {
  CellResult,
  ChosenFile,
  FromWorker,
  OnDemand,
  StartMessage,
  StopWay,
  ToWorker,
  WidgetEvent,
} from "../messages";
import { signalClock, suspendability } from "./internals";
import { makeSnapshot, SnapshotError, startPython } from "./start";
import { writeChosen } from "./chosen";
import { PackageError, Packages } from "./packages";
import { Stopping } from "./stopping";
import { Inbox, Outlet } from "./widgets";

type Run = Extract<ToWorker, { type: "run" }>;
type Ask = Extract<ToWorker, { type: "names" }>;

interface WorkerModule {
  install(): void;
  speed_up(): string;
  interrupt(): void;
  imports_of(source: string): string;
  answer_editor(question: string): string;
  notice(): void;
  react: PyCallable;
  run_cell: PyCallable;
}

interface Engine {
  readonly python: WorkerModule;
  readonly stopping: Stopping;
  readonly packages: Packages;
  readonly keepFile: (cell: string, file: ChosenFile | null) => void;
}

const post = (message: FromWorker, transfer: Transferable[] = []): void => {
  self.postMessage(message, { transfer });
};
const outlet = new Outlet(post);
const inbox = new Inbox();
let engine: Engine | null = null;
/** Cells and callbacks take turns. */
let turn: Promise<void> = Promise.resolve();

async function readAsset(base: string, name: string): Promise<Uint8Array> {
  const response = await fetch(new URL(name, base));
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** The same for a browser that cannot pause Python; nothing runs meanwhile. */
function readAssetNow(base: string, name: string): Uint8Array {
  const request = new XMLHttpRequest();
  request.open("GET", new URL(name, base), false);
  request.responseType = "arraybuffer";
  request.send();
  if (request.status !== 200) throw new Error(`${name}: ${request.status}`);
  return new Uint8Array(request.response as ArrayBuffer);
}

/** What Python asks of this worker. */
const moduleFor = (message: StartMessage, stopping: Stopping): object => ({
  post: (json: string) => {
    outlet.send(json);
  },
  send: (json: string, buffers: Uint8Array<ArrayBuffer>[]) => {
    outlet.send(json, buffers);
  },
  next_event: () => inbox.next(),
  tick: () => stopping.tick(),
  sleep: (milliseconds: number) => stopping.sleep(milliseconds),
  question: () => stopping.question(),
  stop_requested: () => stopping.isRequested(),
  stops: () => stopping.stops,
  on_demand: JSON.stringify(message.manifest.on_demand.map(nameOf)),
  can_wait: canSuspend,
  read_asset: (name: string) => readAsset(message.assets, name),
  read_asset_now: (name: string) => readAssetNow(message.assets, name),
});

async function start(message: StartMessage): Promise<void> {
  const { python: pyodide, restored } = await startPython(message, post);
  let interruptAwait = (): void => undefined;
  const stopping = new Stopping(
    message.signal,
    () => {
      interruptAwait();
    },
    signalClock(pyodide),
    canSuspend ? suspendability(pyodide) : () => message.signal !== null,
  );
  pyodide.registerJsModule("_cell_engine", moduleFor(message, stopping));
  const python = pyodide.pyimport(
    "tutorial_kernels.page.worker",
  ) as WorkerModule;
  python.install();
  const slow = python.speed_up();
  interruptAwait = () => {
    python.interrupt();
  };
  const buffer: unknown = stopping.polledBuffer();
  pyodide.setInterruptBuffer(buffer as Uint8Array);
  const keepFile = (cell: string, file: ChosenFile | null): void => {
    writeChosen(pyodide, cell, file);
  };
  const packages = new Packages(pyodide, message);
  engine = { python, stopping, packages, keepFile };
  post({ type: "ready", restored, stop: stopWay(message.signal), slow });
}

const nameOf = ({ name }: OnDemand): string => name;

/** Whether this browser can pause WebAssembly while it waits. */
const canSuspend = "Suspending" in WebAssembly;

function stopWay(signal: Uint8Array | null): StopWay {
  if (signal !== null) return "signal";
  return canSuspend ? "suspend" : "none";
}

async function run(message: Run): Promise<void> {
  if (engine === null) throw new Error("a cell came before the start");
  const { run } = message;
  let result: CellResult;
  outlet.begin(run);
  engine.stopping.begin(run);
  try {
    const problem = await loadPackages(message, engine);
    result = problem ?? (await runCell(message, engine));
  } finally {
    engine.stopping.end();
  }
  post({ type: "done", run, result });
}

async function runCell(
  { source, cell, kept }: Run,
  { python }: Engine,
): Promise<CellResult> {
  const { run_cell: call } = python;
  const json = (
    canSuspend
      ? await call.callPromising(source, cell, kept)
      : call(source, cell, kept)
  ) as string;
  outlet.end();
  return JSON.parse(json) as CellResult;
}

/** Loads what a cell imports; how the cell ends, if it cannot run. */
async function loadPackages(
  { source, cell, run }: Run,
  { packages, python, stopping }: Engine,
): Promise<CellResult | null> {
  const imports = JSON.parse(python.imports_of(source)) as string[];
  try {
    await packages.loadFor(imports, (message) => {
      post({ type: "output", run, message });
    });
  } catch (error) {
    if (!(error instanceof PackageError)) throw error;
    const { message } = error;
    const type = "ImportError";
    const traceback = `${type}: ${message}`;
    return {
      status: "error",
      seconds: 0,
      error: { type, message, line: null, cell, traceback },
    };
  }
  if (!stopping.isRequested()) return null;
  return { status: "stopped", seconds: 0, error: null };
}

/** Runs nothing of the reader's, so there is nothing to stop. */
function tellNames({ id, question }: Ask): Promise<void> {
  const answer = engine?.python.answer_editor(question);
  if (answer !== undefined) post({ type: "names", id, answer });
  return Promise.resolve();
}

/** Lets callbacks hear of what the reader did while no cell ran. */
async function react(): Promise<void> {
  if (engine === null || inbox.isEmpty) return;
  const { python, stopping } = engine;
  stopping.begin();
  try {
    if (canSuspend) await python.react.callPromising();
    else python.react();
  } finally {
    stopping.end();
  }
}

function inTurn(work: () => Promise<void>): void {
  // What came too late for the look for Stop is handed on afterwards.
  turn = turn.then(work).then(react).catch(fail);
}

function takeEvent(event: WidgetEvent): void {
  inbox.add(event);
  if (engine?.stopping.isRunning !== true) {
    inTurn(react);
    return;
  }
  const { python, stopping } = engine;
  stopping.wake();
  python.notice();
}

/** Serves no reader: prepares the next visit, and is then ended. */
async function take(message: StartMessage): Promise<void> {
  const quiet = (): void => undefined;
  const taken = await makeSnapshot(message, quiet).catch(() => false);
  post({ type: "taken", taken });
}

function fail(error: unknown): void {
  if (error instanceof SnapshotError) {
    post({ type: "unusable", reason: error.message });
    return;
  }
  const text = error instanceof Error ? error.message : String(error);
  post({ type: "failed", reason: text.trim().split("\n").at(-1) ?? text });
}

self.addEventListener("message", ({ data }: MessageEvent<ToWorker>) => {
  if (data.type === "start") start(data).catch(fail);
  else if (data.type === "take") void take(data.start);
  else if (data.type === "run") inTurn(() => run(data));
  else if (data.type === "file") engine?.keepFile(data.cell, data.file);
  else if (data.type === "answer") engine?.stopping.answer(data.text);
  else if (data.type === "widget") takeEvent(data.event);
  else if (data.type === "names") inTurn(() => tellNames(data));
  else engine?.stopping.request(data.run);
});
