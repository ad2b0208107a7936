// Fetches the runtime files all at once, counts their bytes and answers
// Pyodide's own requests, so that no byte is asked for twice and a file that is
// missing is named at once (Pyodide itself would wait for ever).
import type { RuntimeManifest, StartMessage } from "../messages";

export interface DownloadListener {
  onProgress(received: number, total: number): void;
  onFailure(reason: string): void;
}

const sizeOf = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

export class Downloads {
  private readonly answers = new Map<string, Promise<Response>>();
  private readonly original = self.fetch.bind(self);
  private received = 0;
  private readonly folder: string;
  private readonly manifest: RuntimeManifest;
  private readonly total: number;

  constructor(
    message: StartMessage,
    private readonly names: readonly string[],
    private readonly listener: DownloadListener,
  ) {
    this.folder = message.folder;
    this.manifest = message.manifest;
    const sizes = names.map((name) => this.manifest.files[name]?.bytes ?? 0);
    this.total = sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Opens every file but the modules, which only `import()` can load. */
  open(): void {
    for (const name of this.names) {
      if (name.endsWith(".mjs")) continue;
      const url = new URL(name, this.folder).href;
      const answer = this.download(url, name);
      answer.catch(() => undefined);
      this.answers.set(url, answer);
    }
    self.fetch = (input, init) => {
      const url =
        input instanceof Request
          ? input.url
          : new URL(input, self.location.href).href;
      const answer = this.answers.get(url);
      this.answers.delete(url);
      return answer ?? this.original(input, init);
    };
  }

  /** A file for who asks before Pyodide, which then gets an empty one. */
  take(name: string): Promise<Response> {
    const { href } = new URL(name, this.folder);
    const answer = this.answers.get(href) ?? this.original(href);
    this.answers.set(href, Promise.resolve(new Response()));
    return answer;
  }

  /** Imports a module of the runtime and names it when that fails. */
  async import(name: string): Promise<unknown> {
    try {
      const module: unknown = await import(new URL(name, this.folder).href);
      this.count(this.manifest.files[name]?.bytes ?? 0);
      return module;
    } catch (error) {
      this.listener.onFailure(
        `${name} could not be loaded (${String(error)}).`,
      );
      throw error;
    }
  }

  close(): void {
    self.fetch = this.original;
    this.answers.clear();
  }

  private async download(url: string, name: string): Promise<Response> {
    let response: Response;
    try {
      response = await this.original(url);
    } catch {
      this.listener.onFailure(`${name} could not be reached.`);
      throw new Error(name);
    }
    if (!response.ok || response.body === null) {
      this.listener.onFailure(`${name} is missing (${response.status}).`);
      throw new Error(name);
    }
    void this.countBody(response.clone(), name);
    return response;
  }

  private async countBody(copy: Response, name: string): Promise<void> {
    const expected = this.manifest.files[name]?.bytes;
    let size = 0;
    try {
      const reader = (copy.body as ReadableStream<Uint8Array>).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        size += value.byteLength;
        this.count(value.byteLength);
      }
    } catch {
      this.listener.onFailure(`The download of ${name} broke off.`);
      return;
    }
    if (expected !== undefined && size !== expected) {
      this.listener.onFailure(
        `${name} has ${sizeOf(size)} instead of ${sizeOf(expected)}.`,
      );
    }
  }

  private count(bytes: number): void {
    this.received += bytes;
    this.listener.onProgress(this.received, this.total);
  }
}
