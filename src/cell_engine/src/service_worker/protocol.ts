// What a page and the service worker say to each other.

/** A build of the site; the head of the script holds the worker's own. */
export interface BuildName {
  readonly id: string;
  /** The SHA-256 of `build.json`, which has that of every other file. */
  readonly manifest: string;
}

export type ToServiceWorker =
  /** Keep what this page has loaded; `runtime`: and Python with the engine. */
  | {
      readonly type: "keep";
      readonly build: string;
      readonly urls: readonly string[];
      readonly runtime: boolean;
    }
  /** Which build are you? The answer comes through the port sent along. */
  | { readonly type: "which" }
  /** Wait no longer: new pages are yours. */
  | { readonly type: "take over" }
  /** Let new pages come from the server; the port sent along says when. */
  | { readonly type: "step aside" };

/** The server has files of another build than this page's. */
export interface FromServiceWorker {
  readonly type: "other build";
}
