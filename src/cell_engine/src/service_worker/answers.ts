// Answers the requests of the pages, each from the build its tab shows.
import { Build, keptBuilds } from "./build";
import { own, pathOf } from "./place";
import type { FromServiceWorker } from "./protocol";
import { NETWORK } from "./tabs";
import type { Tabs } from "./tabs";
import { unkeptPage } from "./unkept_page";

declare const self: ServiceWorkerGlobalScope;

/** A Python worker says which build its page is of: `worker.js?hash-build`. */
const OF_BUILD = /^\?\w+-(\w+)$/;

export class Answers {
  private readonly builds = new Map<string, Promise<Build | null>>();

  constructor(private readonly tabs: Tabs) {}

  /** This script's own build, unless its manifest was lost. */
  current(): Promise<Build | null> {
    return this.build(own.id);
  }

  async answer(event: FetchEvent): Promise<Response> {
    const { request } = event;
    if (request.mode === "navigate" && (await this.tabs.isAside())) {
      const page = await this.served(event);
      if (page !== null) return page;
    }
    const build = await this.buildFor(event);
    if (build === NETWORK) return await fetch(request.url, UNCACHED);
    const path = pathOf(new URL(request.url)) ?? "";
    const file = build?.fileAt(path) ?? null;
    if (build === null || file === null) {
      const folder = build?.fileAt(`${path}/`) ?? null;
      if (folder !== null) {
        return Response.redirect(`${request.url.split(/[?#]/)[0] ?? ""}/`);
      }
      return await fetch(request);
    }
    return (await build.read(file)) ?? (await this.fetch(event, build, file));
  }

  private async fetch(
    event: FetchEvent,
    build: Build,
    file: string,
  ): Promise<Response> {
    const { request } = event;
    const navigates = request.mode === "navigate";
    try {
      const { response, belongs, kept } = await build.fetch(file, request.url);
      event.waitUntil(kept);
      if (belongs || isBusy(response)) return response;
      event.waitUntil(this.noteOtherBuild());
      if (!navigates) return OF_ANOTHER_BUILD.clone();
      return await this.pass(event, response);
    } catch (error) {
      if (navigates) return await unkeptPage(build);
      throw error;
    }
  }

  /** A page as the server has it now; null when it cannot give it. */
  private async served(event: FetchEvent): Promise<Response | null> {
    const page = await fetch(event.request.url, UNCACHED).catch(() => null);
    return page === null || isBusy(page) ? null : await this.pass(event, page);
  }

  /** A page of a build that is not here yet gets all it needs from there. */
  private async pass(event: FetchEvent, page: Response): Promise<Response> {
    await this.tabs.assign(event.resultingClientId, NETWORK);
    return page.redirected ? Response.redirect(page.url) : page;
  }

  private async buildFor(
    event: FetchEvent,
  ): Promise<Build | typeof NETWORK | null> {
    const { clientId, request } = event;
    if (request.mode === "navigate") return await this.current();
    const told = OF_BUILD.exec(new URL(request.url).search)?.[1];
    if (told !== undefined && told !== own.id) {
      const isKept = (await this.build(told)) !== null;
      await this.tabs.assign(clientId, isKept ? told : NETWORK);
    }
    const id = await this.tabs.buildOf(clientId);
    if (id === NETWORK) return NETWORK;
    return await this.build(id ?? own.id);
  }

  private build(id: string): Promise<Build | null> {
    const known = this.builds.get(id);
    if (known !== undefined) return known;
    const opened = open(id).catch(() => null);
    this.builds.set(id, opened);
    void opened.then((build) => {
      if (build === null) this.builds.delete(id);
    });
    return opened;
  }

  /** The server has moved on. The pages ask for the new build: had this
   *  worker asked itself, it would count as busy and never be relieved. */
  private async noteOtherBuild(): Promise<void> {
    const message: FromServiceWorker = { type: "other build" };
    const open = await self.clients.matchAll({ type: "window" });
    for (const client of open) client.postMessage(message);
  }
}

const isBusy = ({ status }: Response): boolean => status >= 500;
const UNCACHED: RequestInit = { cache: "no-cache" };
const OF_ANOTHER_BUILD = new Response(null, {
  status: 409,
  statusText: "The server has another version of the site",
});

async function open(id: string): Promise<Build | null> {
  const names = await keptBuilds();
  const name = names.find((one) => one.id === id);
  const kept = name === undefined ? null : await Build.kept(name);
  if (kept !== null || id !== own.id) return kept;
  // The browser, or the reader, has cleared the caches.
  return await Build.install().catch(() => null);
}
