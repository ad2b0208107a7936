// The page's side of the worker: one Python, its state and the cell it runs.
import type { NameAnswer, NameQuestion } from "./completion/help";
import { Inspector } from "./completion/inspector";
import { startFiles } from "./messages";
import type {
  CellResult,
  ChosenFile,
  FromWorker,
  OutputMessage,
  RuntimeManifest,
  StartMessage,
  StopWay,
  ToWorker,
  WidgetEvent,
} from "./messages";
import { shownBuild } from "./offline/keeping";
import { RunAborted } from "./runtime_state";
import type { RuntimeState } from "./runtime_state";
import { SnapshotTaker } from "./snapshot_taker";
import { WidgetRegistry } from "./widgets/registry";
import { refuseSnapshot } from "./worker/store";

export { RunAborted } from "./runtime_state";
export type { RuntimeState } from "./runtime_state";

declare const WORKER_HASH: string;

interface Job {
  readonly run: number;
  readonly onOutput: (message: OutputMessage) => void;
  readonly resolve: (result: CellResult) => void;
  readonly reject: (error: Error) => void;
}

/** No byte and no other sign of life for so long: give up and say so. */
const SILENCE_MS = 45_000;
/** A restored Python is there soon, also on a busy machine, or not at all. */
const RESTORE_MS = 20_000;
/** A Stop without a reaction for so long offers the forced stop. */
export const STOP_PATIENCE_MS = 2_000;
const SIGINT = 2;

export class Runtime {
  state: RuntimeState = { name: "idle" };
  stopWay: StopWay = "suspend";
  /** Whether this Python came from a snapshot, not from the files. */
  restored = false;
  /** Counts the Pythons of this page; variables live as long as one of them. */
  generation = 0;
  readonly widgets: WidgetRegistry;

  private worker: Worker | null = null;
  private started: Promise<void> | null = null;
  private manifest: Promise<RuntimeManifest> | null = null;
  private prefetched = false;
  private failStart: ((error: Error) => void) | null = null;
  private readyStart: (() => void) | null = null;
  private job: Job | null = null;
  private runs = 0;
  private watchdog = 0;
  private signal: Uint8Array | null = null;
  /** Whether a snapshot may be used: not after one that failed. */
  private trustsSnapshot = true;
  private restoring = 0;
  private message: StartMessage | null = null;
  /** The reader's own files, by cell: each new Python gets them anew. */
  private readonly files = new Map<string, ChosenFile>();
  private readonly taker = new SnapshotTaker(() => this.createWorker());
  private readonly aborter = new AbortController();
  private readonly inspector = new Inspector((message) => {
    this.send(message);
  });

  constructor(
    private readonly assets: URL,
    private readonly onState: (state: RuntimeState) => void,
    /** A widget's callback does not react to Stop. */
    onForce = (): void => undefined,
  ) {
    this.widgets = new WidgetRegistry(this, onForce);
  }

  /** Puts the runtime's files into the browser's cache. */
  async prefetch(): Promise<void> {
    if (this.prefetched || this.started !== null) return;
    this.prefetched = true;
    try {
      const manifest = await this.readManifest();
      const folder = this.folderOf(manifest);
      await Promise.all(
        startFiles(manifest).map(async (name) => {
          // A blob lies outside this page's memory.
          const response = await fetch(new URL(name, folder), {
            priority: "low",
            signal: this.aborter.signal,
          });
          await response.blob();
        }),
      );
    } catch {
      // The start meets the same trouble and tells the reader.
      this.prefetched = false;
    }
  }

  /** Starts Python once; settles when it is ready or has failed. */
  start(): Promise<void> {
    this.started ??= this.startWorker();
    return this.started;
  }

  async run(
    source: string,
    cell: string,
    onOutput: (message: OutputMessage) => void,
  ): Promise<CellResult> {
    const run = ++this.runs;
    await this.start();
    if (this.job !== null) throw new Error("a cell is running already");
    return await new Promise<CellResult>((resolve, reject) => {
      this.job = { run, onOutput, resolve, reject };
      this.setState({ name: "running" });
      this.widgets.begin();
      const kept = JSON.stringify(this.widgets.kept);
      this.send({ type: "run", run, source, cell, kept });
    });
  }

  stop(): void {
    if (this.signal !== null) this.signal[0] = SIGINT;
    this.send({ type: "stop", run: this.runs });
  }

  /** Hands Python the line that `input()` waits for. */
  answer(text: string): void {
    this.send({ type: "answer", text });
  }

  /** Gives a cell a file of the reader's own, or takes it away. */
  keepFile(cell: string, file: ChosenFile | null): void {
    if (file === null) this.files.delete(cell);
    else this.files.set(cell, file);
    const { name } = this.state;
    if (name === "ready" || name === "running") {
      this.send({ type: "file", cell, file });
    }
  }

  /** Tells Python what the reader did to a widget. */
  tell(event: WidgetEvent): void {
    this.send({ type: "widget", event });
  }

  /** Asks about names; null when Python has not started, or is busy. */
  async ask(question: NameQuestion): Promise<NameAnswer | null> {
    if (this.state.name !== "ready") return null;
    return await this.inspector.ask(question);
  }

  /** Ends this Python; its variables are gone. */
  shutDown(reason: string): void {
    this.discard();
    this.abort(new RunAborted(reason));
    this.setState({ name: "idle" });
  }

  dispose(): void {
    this.aborter.abort();
    this.taker.end();
    this.shutDown("The page was left.");
    this.widgets.dispose();
  }

  private async startWorker(): Promise<void> {
    this.generation += 1;
    const generation = this.generation;
    this.setState({ name: "starting" });
    const worker = this.employ(this.createWorker());
    const settled = new Promise<void>((resolve, reject) => {
      this.readyStart = resolve;
      this.failStart = reject;
    });
    settled.catch(() => undefined);
    try {
      const manifest = await this.readManifest();
      if (generation === this.generation && this.worker === worker) {
        this.startPython(manifest);
      }
    } catch (error) {
      this.fail(error instanceof Error ? error.message : String(error));
    }
    await settled;
  }

  private createWorker(): Worker {
    // The service worker reads from it which build this page is of.
    const version = shownBuild === "" ? "" : `-${shownBuild}`;
    const query = `${WORKER_HASH}${version}`;
    const url = new URL(`cells/worker.js?${query}`, this.assets);
    // A worker from a blob is held to the page's policy; from a URL it is not.
    const source = new Blob([`import ${JSON.stringify(url.href)};`], {
      type: "text/javascript",
    });
    const address = URL.createObjectURL(source);
    const worker = new Worker(address, { type: "module", name: "python" });
    const release = (): void => {
      URL.revokeObjectURL(address);
    };
    worker.addEventListener("message", release, { once: true });
    worker.addEventListener("error", release, { once: true });
    return worker;
  }

  private employ(worker: Worker): Worker {
    worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
      if (worker !== this.worker) return;
      if (data.type === "names") this.inspector.receive(data);
      else this.receive(data);
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      if (worker !== this.worker) return;
      this.fail(event.message || "worker.js could not be loaded.");
    });
    this.worker = worker;
    return worker;
  }

  private startPython(manifest: RuntimeManifest): void {
    this.signal = crossOriginIsolated
      ? new Uint8Array(new SharedArrayBuffer(1))
      : null;
    const folder = this.folderOf(manifest).href;
    const message: StartMessage = {
      type: "start",
      assets: this.assets.href,
      folder,
      manifest,
      signal: this.signal,
      snapshot: this.trustsSnapshot ? `${folder}${WORKER_HASH}` : null,
    };
    this.message = message;
    this.send(message);
    this.feedWatchdog();
  }

  /** What was restored may be the cause: the next start does without. */
  private distrustSnapshot(): void {
    const key = this.message?.snapshot ?? null;
    this.trustsSnapshot = false;
    if (key !== null) refuseSnapshot(key).catch(() => undefined);
  }

  /** Starts from the files after all; the reader sees no more than a wait. */
  private startWithoutSnapshot(): void {
    this.distrustSnapshot();
    clearTimeout(this.restoring);
    this.worker?.terminate();
    this.employ(this.createWorker());
    if (this.message !== null) {
      this.message = { ...this.message, snapshot: null };
      this.send(this.message);
    }
    this.feedWatchdog();
  }

  private readManifest(): Promise<RuntimeManifest> {
    this.manifest ??= this.fetchManifest().catch((error: unknown) => {
      this.manifest = null;
      throw error;
    });
    return this.manifest;
  }

  private async fetchManifest(): Promise<RuntimeManifest> {
    const url = new URL("pyodide/current.json", this.assets);
    let response: Response;
    try {
      response = await fetch(url, { cache: "no-cache" });
    } catch {
      throw new Error("current.json could not be reached.");
    }
    if (!response.ok) {
      throw new Error(`current.json is missing (${response.status}).`);
    }
    try {
      return (await response.json()) as RuntimeManifest;
    } catch {
      throw new Error("current.json is damaged.");
    }
  }

  private folderOf(manifest: RuntimeManifest): URL {
    return new URL(`pyodide/${manifest.path}`, this.assets);
  }

  private send(message: ToWorker): void {
    this.worker?.postMessage(message);
  }

  private receive(message: Exclude<FromWorker, { type: "names" }>): void {
    switch (message.type) {
      case "download":
        this.feedWatchdog();
        this.setState({ ...message, name: "downloading" });
        break;
      case "starting":
        this.feedWatchdog();
        this.setState({ name: "starting" });
        break;
      case "restoring":
        this.restoring = window.setTimeout(() => {
          this.startWithoutSnapshot();
        }, RESTORE_MS);
        break;
      case "unusable":
        this.startWithoutSnapshot();
        break;
      case "taken":
        break;
      case "ready":
        clearTimeout(this.watchdog);
        clearTimeout(this.restoring);
        this.stopWay = message.stop;
        this.restored = message.restored;
        for (const [cell, file] of this.files) {
          this.send({ type: "file", cell, file });
        }
        this.setState({ name: "ready", slow: message.slow });
        this.readyStart?.();
        break;
      case "failed":
        this.fail(message.reason);
        break;
      case "output":
        if (message.run === this.job?.run) this.job.onOutput(message.message);
        break;
      case "done":
        this.finish(message.run, message.result);
        break;
      default:
        this.widgets.receive(message);
    }
  }

  private finish(run: number, result: CellResult): void {
    const job = this.job;
    if (job?.run !== run) return;
    this.job = null;
    this.signal?.fill(0); // A Stop that came too late is not the next run's.
    this.widgets.finish();
    this.setState({ name: "ready", slow: "" });
    job.resolve(result);
  }

  private feedWatchdog(): void {
    clearTimeout(this.watchdog);
    this.watchdog = window.setTimeout(() => {
      const seconds = SILENCE_MS / 1000;
      this.fail(`Python gave no sign of life for ${seconds} seconds.`);
    }, SILENCE_MS);
  }

  private fail(reason: string): void {
    const brokeDown = this.job !== null;
    this.discard();
    if (brokeDown && this.restored) this.distrustSnapshot();
    this.setState(brokeDown ? { name: "idle" } : { name: "failed", reason });
    this.abort(new RunAborted(reason, brokeDown));
  }

  private abort(error: RunAborted): void {
    this.failStart?.(error);
    this.failStart = this.readyStart = null;
    const job = this.job;
    this.job = null;
    job?.reject(error);
  }

  private discard(): void {
    clearTimeout(this.watchdog);
    clearTimeout(this.restoring);
    this.worker?.terminate();
    this.worker = null;
    this.started = null;
    this.signal = null;
    this.widgets.sleep();
    this.inspector.end();
  }

  private setState(state: RuntimeState): void {
    this.state = state;
    if (state.name === "ready" && this.message !== null) {
      this.taker.begin(this.message);
    } else this.taker.pause();
    this.onState(state);
  }
}
