// What the reader has set in widgets, in the page's address: a link carries
// it. Whoever wrote the link, what it says is checked by Python before use.
import type { State } from "./model";

const PREFIX = "widget.";
const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
/** Longer ones are cut off by what passes links on. */
const LONGEST = 6_000;
const QUIET_MS = 300;

export type Kept = Readonly<Record<string, State>>;

/** The states that an address holds; what is malformed is left out. */
export function readAddress(hash: string): Kept {
  const kept: Record<string, State> = {};
  if (hash.length > LONGEST) return kept;
  for (const part of hash.replace(/^#/, "").split("&")) {
    const [head = "", body = ""] = part.split("=", 2);
    const name = head.slice(PREFIX.length);
    if (!head.startsWith(PREFIX) || !NAME.test(name)) continue;
    const state = decode(body);
    if (state !== null) kept[name] = state;
  }
  return kept;
}

/** The part of an address behind `#`, or null when it would be too long. */
export function writeAddress(kept: Kept): string | null {
  const parts = Object.entries(kept).map(
    ([name, state]) => `${PREFIX}${name}=${encode(state)}`,
  );
  const hash = parts.join("&");
  return hash.length > LONGEST ? null : hash;
}

/** Puts states into the address a moment after the last change. */
export class Address {
  private timer = 0;

  show(kept: Kept): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      const hash = writeAddress(kept);
      if (hash === null) return;
      if (hash === "" && !location.hash.startsWith(`#${PREFIX}`)) return;
      const bare = location.pathname + location.search;
      history.replaceState(history.state, "", hash ? `#${hash}` : bare);
    }, QUIET_MS);
  }

  dispose(): void {
    clearTimeout(this.timer);
  }
}

function encode(state: State): string {
  const bytes = new TextEncoder().encode(JSON.stringify(state));
  const text = btoa(String.fromCharCode(...bytes));
  return text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function decode(text: string): State | null {
  try {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    const bytes = Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
    const state: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const isObject = typeof state === "object" && !Array.isArray(state);
    return isObject ? (state as State | null) : null;
  } catch {
    return null;
  }
}
