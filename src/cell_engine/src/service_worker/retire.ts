// Stands in the place of the service worker where pages change under one's
// hands, as under `mkdocs serve`: an older one goes, and all it kept.
import { PREFIX } from "./place";

declare const self: ServiceWorkerGlobalScope;

self.addEventListener("install", (event) => {
  event.waitUntil(self.skipWaiting());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(retire());
});

async function retire(): Promise<void> {
  const names = await caches.keys();
  const ours = names.filter((name) => name.startsWith(PREFIX));
  await Promise.all(ours.map((name) => caches.delete(name)));
  await self.registration.unregister();
  // What they show may be old.
  const open = await self.clients.matchAll({ type: "window" });
  await Promise.all(open.map((client) => client.navigate(client.url)));
}
