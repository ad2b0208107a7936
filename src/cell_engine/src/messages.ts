// The protocol between the page, its worker and the Python inside it.

/** What `docs/assets/pyodide/current.json` says about the runtime. */
export interface RuntimeManifest {
  /** The folder of the runtime files, relative to current.json. */
  readonly path: string;
  readonly files: Readonly<
    Record<string, { readonly bytes: number; readonly sha256: string }>
  >;
  readonly packages: readonly string[];
  readonly on_demand: readonly OnDemand[];
  readonly total_bytes: number;
}

/** A package that is loaded when a cell imports it. */
export interface OnDemand {
  readonly name: string;
  /** By which names a cell imports it. */
  readonly imports: readonly string[];
  /** Its wheels, among the files of the runtime. */
  readonly files: readonly string[];
  readonly bytes: number;
}

/** The files that every start of Python needs. */
export function startFiles(manifest: RuntimeManifest): string[] {
  const later = new Set(manifest.on_demand.flatMap(({ files }) => files));
  return Object.keys(manifest.files).filter((name) => !later.has(name));
}

export interface StartMessage {
  readonly type: "start";
  readonly assets: string;
  readonly folder: string;
  readonly manifest: RuntimeManifest;
  /** Shared memory for Stop, where the page is cross-origin isolated. */
  readonly signal: Uint8Array | null;
  /** Under which name a snapshot is kept; null for a start without one. */
  readonly snapshot: string | null;
}

/** A file of the reader's own. */
export interface ChosenFile {
  readonly name: string;
  readonly content: ArrayBuffer;
}

export type ToWorker =
  | StartMessage
  | { readonly type: "take"; readonly start: StartMessage }
  | {
      readonly type: "run";
      readonly run: number;
      readonly source: string;
      readonly cell: string;
      /** What the reader has set in widgets before, as JSON. */
      readonly kept: string;
    }
  /** What the reader wrote into the field of `input()`. */
  | { readonly type: "answer"; readonly text: string }
  /** What the reader put into the field of a cell; null takes it out. */
  | {
      readonly type: "file";
      readonly cell: string;
      readonly file: ChosenFile | null;
    }
  /** It may come before its run does. */
  | { readonly type: "stop"; readonly run: number }
  /** The editor asks about names; question and answer are JSON. */
  | { readonly type: "names"; readonly id: number; readonly question: string }
  | { readonly type: "widget"; readonly event: WidgetEvent };

/** What the reader did to a widget. */
export interface WidgetEvent {
  /** `restore` asks for an answer: its values come from the address. */
  readonly kind: "change" | "restore" | "custom" | "close";
  readonly widget: number;
  /** The new values, or the message; arrays stand in `buffers`. */
  readonly content: unknown;
  readonly buffers: readonly Uint8Array[];
}

/** What Python tells a widget; `open` comes before the output shows it. */
export type WidgetMessage = { readonly widget: number } & (
  | {
      readonly event: "open";
      readonly module: string;
      readonly state: Readonly<Record<string, unknown>>;
    }
  | {
      readonly event: "change";
      readonly state: Readonly<Record<string, unknown>>;
    }
  | { readonly event: "custom"; readonly content: unknown }
);

/** A widget's news, and how the callbacks of its changes fare. */
export type WidgetNews =
  | {
      readonly type: "widget";
      readonly message: WidgetMessage;
      readonly buffers: readonly Uint8Array[];
    }
  | {
      readonly type: "reacting";
      readonly widget: number;
      /** Whether code called the callback, not the reader. */
      readonly called: boolean;
    }
  | {
      readonly type: "reaction";
      readonly widget: number;
      readonly message: OutputMessage;
    }
  | {
      readonly type: "reacted";
      readonly widget: number;
      readonly result: CellResult;
    };

/** How a running cell can be stopped without losing its variables. */
export type StopWay = "signal" | "suspend" | "none";

export type FromWorker =
  | {
      readonly type: "download";
      readonly received: number;
      readonly total: number;
    }
  | { readonly type: "starting" }
  | {
      readonly type: "ready";
      readonly stop: StopWay;
      /** Whether a snapshot gave this Python, not the files. */
      readonly restored: boolean;
      /** Why NumPy lacks the compiled loops; empty when it has them. */
      readonly slow: string;
    }
  /** A snapshot was found, and a restore begins. */
  | { readonly type: "restoring" }
  /** The snapshot is thrown away; a start from the files will do. */
  | { readonly type: "unusable"; readonly reason: string }
  /** The worker that makes a snapshot is done. */
  | { readonly type: "taken"; readonly taken: boolean }
  | { readonly type: "failed"; readonly reason: string }
  | {
      readonly type: "output";
      readonly run: number;
      readonly message: OutputMessage;
    }
  | {
      readonly type: "done";
      readonly run: number;
      readonly result: CellResult;
    }
  | { readonly type: "names"; readonly id: number; readonly answer: string }
  | WidgetNews;

export type Stream = "stdout" | "stderr";

export interface ProgressMessage {
  readonly type: "progress";
  readonly step: number;
  readonly total: number | null;
  readonly label: string;
  readonly seconds: number;
}

/** What Python posts while a cell runs; `dropped` is the worker's own. */
export type OutputMessage =
  | { readonly type: "text"; readonly stream: Stream; readonly text: string }
  | {
      readonly type: "display";
      readonly id: string | null;
      readonly data: Readonly<Record<string, unknown>>;
    }
  | ProgressMessage
  /** A package that the cell imports is on its way. */
  | {
      readonly type: "loading";
      readonly name: string;
      readonly received: number;
      readonly total: number;
    }
  /** Python waits for a line of text; the prompt is one line too. */
  | { readonly type: "input"; readonly prompt: string }
  | { readonly type: "dropped"; readonly characters: number };

export interface CellError {
  readonly type: string;
  readonly message: string;
  readonly line: number | null;
  readonly cell: string | null;
  readonly traceback: string;
}

export interface CellResult {
  readonly status: "ok" | "error" | "stopped";
  readonly seconds: number;
  readonly error: CellError | null;
}

export const PLOT_TYPE = "application/vnd.tutorial-kernels.plot+json";

export interface PlotSeries {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Points left out because they could not be drawn. */
  readonly skipped?: number;
  /** A horizontal line to compare with. */
  readonly baseline?: boolean;
}

/** A vertical line at an x, its name above it. */
export interface PlotMarker {
  readonly name: string;
  readonly x: number;
}

export interface PlotData {
  readonly title?: string | null;
  readonly x_label?: string;
  readonly y_label?: string;
  readonly log?: boolean;
  readonly series: readonly PlotSeries[];
  readonly markers?: readonly PlotMarker[];
}

export const IMAGE_TYPE = "application/vnd.tutorial-kernels.image+json";

export const FIGURE_TYPE = "application/vnd.tutorial-kernels.figure+json";

/** How a figure looks in the dark. */
export interface FigureLook {
  /** Its colors and theirs in the dark; null if it stays on a light ground. */
  readonly dark: Readonly<Record<string, string>> | null;
}

/** What stands under the pictures of an image, in the order of the grid. */
export interface ImageWords {
  readonly columns: number;
  readonly labels: readonly string[];
  readonly heat?: HeatMap;
  readonly axes?: { readonly x: ImageAxis; readonly y: ImageAxis };
}

/** What stands beside the rows or the columns of a heat map. */
export interface ImageAxis {
  readonly label: string;
  /** Where a name stands, as a share of the picture's side; and the name. */
  readonly ticks: readonly (readonly [number, string])[];
  /** The pixels that the names take. */
  readonly room: number;
  /** Whether the names of columns stand upright. */
  readonly upright: boolean;
}

/** The values behind a heat map's field; null for what is not finite. */
export interface HeatMap {
  /** Pixels of the picture to one value. */
  readonly side: number;
  readonly values: readonly (readonly (number | null)[])[];
  readonly x: HeatMapAxis;
  readonly y: HeatMapAxis;
}

/** What the columns or the rows are, and the name of each. */
export interface HeatMapAxis {
  readonly label: string;
  readonly names: readonly string[] | null;
}

export const WIDGET_TYPE = "application/vnd.tutorial-kernels.widget+json";

/** Which widget an output shows. */
export interface WidgetPlace {
  readonly id: number;
  readonly module: string;
  readonly name: string;
  readonly task: string;
}
