// Makes visited pages work without a network. Each build of the site has a
// cache of its own; see docs/about/decisions/0010 for the rules.
import { startFiles } from "../messages";
import type { RuntimeManifest } from "../messages";
import { Answers } from "./answers";
import { Build, cacheOf, keptBuilds } from "./build";
import { addressOf, own, pathOf } from "./place";
import type { ToServiceWorker } from "./protocol";
import { NETWORK, Tabs } from "./tabs";

declare const self: ServiceWorkerGlobalScope;

const CURRENT = "assets/pyodide/current.json";
const ENGINE =
  /^assets\/(?:cells\/(?!peer_|panel-|tfjs)[^/]+\.(?:js|css)|names\/names\.json)$/;

const tabs = new Tabs();
const answers = new Answers(tabs);

self.addEventListener("install", (event) => {
  event.waitUntil(install());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(activate());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const isOurs = pathOf(new URL(request.url)) !== null;
  // A part of a file is never kept, and never made from what is.
  const isWhole = request.method === "GET" && !request.headers.has("range");
  if (isOurs && isWhole) event.respondWith(answers.answer(event));
});

self.addEventListener("message", (event) => {
  const message = event.data as ToServiceWorker;
  if (message.type === "which") event.ports[0]?.postMessage(own.id);
  else if (message.type === "take over") event.waitUntil(self.skipWaiting());
  else if (message.type === "step aside") {
    event.waitUntil(stepAside(event.ports[0]));
  } else {
    const client = event.source as Client | null;
    event.waitUntil(keep(client?.id ?? "", message));
  }
});

/** Takes over what the build before has kept, in this build's version. */
async function install(): Promise<void> {
  const build = await Build.install();
  const id = await tabs.before();
  const name = (await keptBuilds()).find((one) => one.id === id);
  const before = name === undefined ? null : await Build.kept(name);
  if (before === null || before.id === own.id) return;
  const kept = await before.keptNames();
  for (const file of kept) {
    if (build.hashOf(file) !== null) await obtain(build, file, before);
  }
  if (kept.includes(CURRENT)) await keepRuntime(build, before);
}

async function activate(): Promise<void> {
  const isFirst = (await tabs.before()) === null;
  await tabs.handOver(own.id);
  if (isFirst) await self.clients.claim();
  await clearCaches();
}

async function stepAside(port: MessagePort | undefined): Promise<void> {
  await tabs.stepAside();
  port?.postMessage(own.id);
}

async function clearCaches(): Promise<void> {
  const used = await tabs.inUse();
  const old = await keptBuilds();
  await Promise.all(
    old
      .filter(({ id }) => id !== own.id && !used.has(id))
      .map((name) => caches.delete(cacheOf(name))),
  );
}

async function keep(
  client: string,
  message: Extract<ToServiceWorker, { type: "keep" }>,
): Promise<void> {
  if (message.build !== own.id) {
    const known = await tabs.buildOf(client);
    if (known === null) await tabs.assign(client, NETWORK);
    return;
  }
  const build = await answers.current();
  if (build === null) return;
  for (const url of message.urls) {
    const path = pathOf(new URL(url));
    const file = path === null ? null : build.fileAt(path);
    if (file !== null) await obtain(build, file, null, url);
  }
  if (message.runtime) await keepRuntime(build, null);
}

/** Python and the engine: with them every cell of a kept page runs. */
async function keepRuntime(build: Build, before: Build | null): Promise<void> {
  await obtain(build, CURRENT, before);
  const current = await build.read(CURRENT);
  if (current === null) return;
  const manifest = (await current.json()) as RuntimeManifest;
  // What cells load by an import is kept once a reader has had it.
  const names = startFiles(manifest).map(
    (name) => `assets/pyodide/${manifest.path}${name}`,
  );
  const engine = build.names.filter((name) => ENGINE.test(name));
  for (const file of [...names, ...engine]) {
    if (build.hashOf(file) !== null) await obtain(build, file, before);
  }
}

/** Sees that a file is kept; what cannot be had is left out. */
async function obtain(
  build: Build,
  file: string,
  before: Build | null,
  url = addressOf(file),
): Promise<void> {
  try {
    if (await build.has(file)) return;
    if (before !== null && (await build.adopt(file, before))) return;
    await (
      await build.fetch(file, url)
    ).kept;
  } catch {
    // The network went away; a later visit brings it.
  }
}
