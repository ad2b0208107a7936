// A notebook's model as the modules of the course know it: there the names of
// the state have something before them, so that none means anything else.
import type { Handler, Model } from "../widgets/contract";

const PREFIX = "state_";

export class NotebookModel implements Model {
  constructor(private readonly host: Model) {}

  get(key: string): unknown {
    return this.host.get(PREFIX + key);
  }

  set(key: string, value: unknown): void {
    this.host.set(PREFIX + key, value);
  }

  save_changes(): void {
    this.host.save_changes();
  }

  on(event: string, handler: Handler): void {
    this.host.on(renamed(event), handler);
  }

  off(event?: string | null, handler?: Handler | null): void {
    this.host.off(typeof event === "string" ? renamed(event) : event, handler);
  }

  send(...message: Parameters<Model["send"]>): void {
    this.host.send(...message);
  }
}

const renamed = (event: string): string =>
  event.replace(/^change:/, `change:${PREFIX}`);
