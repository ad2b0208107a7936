// Which build an open tab, or a worker of it, shows, where that is not the one
// in force. A tab never gets files of two builds, whatever the server has.
import { addressOf, PREFIX } from "./place";

declare const self: ServiceWorkerGlobalScope;

/** Shown past the service worker: a build that is not here yet. */
export const NETWORK = "network";

interface Notes {
  /** The build in force when this was written. */
  readonly current: string | null;
  readonly others: Readonly<Record<string, string>>;
  /** Whether new pages come from the server: a build waits to take over. */
  readonly aside?: boolean;
}

const NAME = `${PREFIX}tabs`;
const ADDRESS = addressOf("tabs");

export class Tabs {
  private readonly others = new Map<string, string>();
  private current: string | null = null;
  private aside = false;
  private readonly loaded = this.load();

  /** The build that was in force before, as far as is known. */
  async before(): Promise<string | null> {
    await this.loaded;
    return this.current;
  }

  /** The build of a tab; null for the one in force. */
  async buildOf(client: string): Promise<string | null> {
    await this.loaded;
    return this.others.get(client) ?? null;
  }

  async assign(client: string, build: string): Promise<void> {
    await this.loaded;
    if (client === "" || this.others.get(client) === build) return;
    this.others.set(client, build);
    await this.save();
  }

  async isAside(): Promise<boolean> {
    await this.loaded;
    return this.aside;
  }

  async stepAside(): Promise<void> {
    await this.loaded;
    this.aside = true;
    await this.save();
  }

  /** A new build is in force: every tab that is open stays with its own. */
  async handOver(build: string): Promise<void> {
    await this.loaded;
    await this.load(); // The build before went on writing while this one waited.
    const open = await openClients();
    for (const id of this.others.keys()) {
      if (!open.has(id)) this.others.delete(id);
    }
    if (this.current !== null && this.current !== build) {
      for (const id of open) {
        if (!this.others.has(id)) this.others.set(id, this.current);
      }
    }
    this.current = build;
    this.aside = false;
    await this.save();
  }

  /** The builds that somebody still looks at. */
  async inUse(): Promise<Set<string>> {
    await this.loaded;
    const open = await openClients();
    const shown = [...this.others].filter(([id]) => open.has(id));
    return new Set(shown.map(([, build]) => build));
  }

  private async load(): Promise<void> {
    try {
      const cache = await caches.open(NAME);
      const stored = await cache.match(ADDRESS);
      if (stored === undefined) return;
      const notes = (await stored.json()) as Notes;
      this.current = notes.current;
      this.aside = notes.aside ?? false;
      this.others.clear();
      for (const [client, build] of Object.entries(notes.others)) {
        this.others.set(client, build);
      }
    } catch {
      // Without notes every tab counts as new.
    }
  }

  private async save(): Promise<void> {
    const others = Object.fromEntries(this.others);
    const { current, aside } = this;
    const notes: Notes = { current, others, aside };
    try {
      const cache = await caches.open(NAME);
      await cache.put(ADDRESS, Response.json(notes));
    } catch {
      // No room: remembered for as long as this worker lives.
    }
  }
}

async function openClients(): Promise<Set<string>> {
  const open = await self.clients.matchAll({
    includeUncontrolled: true,
    type: "all",
  });
  return new Set(open.map(({ id }) => id));
}
