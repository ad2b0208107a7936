// Makes this site work without a network, where the browser lets it: visited
// pages, and Python once it has been used. Without it everything goes on.
import type { ToServiceWorker } from "../service_worker/protocol";
import { Notice } from "./notice";

const SCRIPT = "service_worker.js";
const CHECK_MS = 3_600_000;
/** A version that was called and is not there after so long is helped. */
const PATIENCE_MS = 1_000;
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
  const { waiting, active } = found;
  if (waiting === null || active === null || waiting === offered) return;
  offered = waiting;
  // This page may have come past the active one: it is new already.
  if ((await answerOf(waiting, "which")) === shownBuild) return;
  notice?.show(
    NEW_VERSION,
    {
      text: "Show it",
      onPress: () => {
        void takeOver(waiting, active);
      },
    },
    { text: "Later", onPress: () => undefined },
  );
}

/** Shows the page in the version that waits. */
async function takeOver(
  waiting: ServiceWorker,
  active: ServiceWorker,
): Promise<void> {
  const inForce = activationOf(waiting);
  waiting.postMessage({ type: "take over" } satisfies ToServiceWorker);
  await Promise.race([inForce, pause(PATIENCE_MS)]);
  if (waiting.state === "installed") {
    // Chromium waits until the active one rests, and forgets that it waits
    // when an event wakes that one as it ends: then this page goes past it.
    const aside = answerOf(active, "step aside");
    await Promise.race([inForce, aside, pause(PATIENCE_MS)]);
  }
  window.location.reload();
}

function activationOf(worker: ServiceWorker): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (worker.state === "activated") resolve();
    };
    worker.addEventListener("statechange", look);
    look(); // Another tab may have said so before.
  });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    window.setTimeout(resolve, milliseconds);
  });
}

/** Its build, when it has heard. */
function answerOf(
  worker: ServiceWorker,
  type: "which" | "step aside",
): Promise<string> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event: MessageEvent<string>) => {
      resolve(event.data);
    };
    worker.postMessage({ type } satisfies ToServiceWorker, [port2]);
  });
}
