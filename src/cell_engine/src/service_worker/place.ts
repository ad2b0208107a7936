// Where this service worker stands. Several sites may share an origin, as on
// GitHub Pages, so every name it gives begins with its own path.
import type { BuildName } from "./protocol";

declare const self: ServiceWorkerGlobalScope & {
  readonly COURSE_BUILD: BuildName;
};

export const scope = new URL(self.registration.scope);
export const own: BuildName = self.COURSE_BUILD;
export const PREFIX = `tutorial-kernels:${scope.pathname}:`;

/** The path below the site's root, or null for an address beyond it. */
export function pathOf(url: URL): string | null {
  if (url.origin !== scope.origin) return null;
  if (!url.pathname.startsWith(scope.pathname)) return null;
  return decode(url.pathname.slice(scope.pathname.length));
}

/** Under which address a file is kept: that by which the host gives it. */
export function addressOf(file: string): string {
  const path = file.replace(/(^|\/)index\.html$/, "$1");
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  return new URL(`./${encoded}`, scope).href;
}

function decode(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
