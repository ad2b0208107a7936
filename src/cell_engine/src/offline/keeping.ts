// Makes this site work without a network, where the browser lets it: visited
// pages, and Python once it has been used. Without it everything goes on.
import type { ToServiceWorker } from "../service_worker/protocol";
import { Notice } from "./notice";

const SCRIPT = "service_worker.js";
const CHECK_MS = 3_600_000;
const NUDGE_MS = 1_000;
const NEW_VERSION = "A new version of the course is ready.";

/** Which build of the site this page is of; empty under `mkdocs serve`. */
export const shownBuild: string =
  document.querySelector<HTMLMetaElement>("meta[name=build]")?.content ?? "";

let registration: ServiceWorkerRegistration | null = null;
let wantsRuntime = false;
let notice: Notice | null = null;
let offered: ServiceWorker | null = null;
let checked = 0;

/** Begins when the page has loaded: what the reader sees comes first. */
export function keepForOffline(root: URL): void {
  const begin = (): void => {
    void register(root).catch(() => undefined); // then without
  };
  if (document.readyState === "complete") begin();
  else window.addEventListener("load", begin, { once: true });
}

/** Python was started here: it, too, should be there without a network. */
export function keepRuntime(): void {
  if (wantsRuntime) return;
  wantsRuntime = true;
  tell();
}

async function register(root: URL): Promise<void> {
  if (!("serviceWorker" in navigator) || !("caches" in window)) return;
  const { serviceWorker } = navigator;
  if (shownBuild === "") {
    const old = await serviceWorker.getRegistration(root);
    if (old?.scope === root.href) await old.unregister();
    return;
  }
  await caches.keys(); // Fails where storage is switched off.
  notice = new Notice();
  const found = await serviceWorker.register(new URL(SCRIPT, root), {
    scope: root.pathname,
  });
  checked = Date.now();
  listen(found);
  await serviceWorker.ready;
  registration = found;
  tell();
}

function listen(found: ServiceWorkerRegistration): void {
  const { serviceWorker } = navigator;
  const watch = (worker: ServiceWorker | null): void => {
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed") void offer(found);
    });
  };
  watch(found.installing);
  found.addEventListener("updatefound", () => {
    watch(found.installing);
  });
  void offer(found);
  serviceWorker.addEventListener("message", () => {
    // It has but one thing to say: the server has another build.
    found.update().catch(() => undefined);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || Date.now() - checked < CHECK_MS) return;
    checked = Date.now();
    found.update().catch(() => undefined);
  });
}

/** Sends the service worker what this page consists of. */
function tell(): void {
  const loaded = performance
    .getEntriesByType("resource")
    .map(({ name }) => name)
    .filter((name) => name.startsWith("http"));
  const page = window.location.href.split("#")[0] ?? "";
  registration?.active?.postMessage({
    type: "keep",
    build: shownBuild,
    urls: [page, ...loaded],
    runtime: wantsRuntime,
  } satisfies ToServiceWorker);
}

/** Says that a new build is there; it takes over when the reader says so. */
async function offer(found: ServiceWorkerRegistration): Promise<void> {
  const { waiting } = found;
  if (waiting === null || found.active === null || waiting === offered) return;
  offered = waiting;
  // This page may have come past the active one: it is new already.
  if ((await buildOf(waiting)) === shownBuild) return;
  notice?.show(
    NEW_VERSION,
    {
      text: "Show it",
      onPress: () => {
        // Another tab may have said so before.
        const reload = (): void => {
          if (waiting.state === "activated") window.location.reload();
        };
        waiting.addEventListener("statechange", reload);
        relieve(found, waiting);
        reload();
      },
    },
    { text: "Later", onPress: () => undefined },
  );
}

/** Puts the waiting worker in the place of the active one. */
function relieve(
  found: ServiceWorkerRegistration,
  waiting: ServiceWorker,
): void {
  const ask = (): void => {
    if (waiting.state !== "installed") {
      clearInterval(timer);
      return;
    }
    // Said until it is heard: a worker that fails to start hears nothing.
    waiting.postMessage({ type: "take over" } satisfies ToServiceWorker);
    // One that was busy is let go when its next event has ended: give it one.
    found.active?.postMessage({ type: "which" } satisfies ToServiceWorker);
  };
  const timer = window.setInterval(ask, NUDGE_MS);
  ask();
}

function buildOf(worker: ServiceWorker): Promise<string> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event: MessageEvent<string>) => {
      resolve(event.data);
    };
    const which = { type: "which" } satisfies ToServiceWorker;
    worker.postMessage(which, [port2]);
  });
}
