// Edits of cells and exercises, kept as they are typed and brought back when
// the page is opened again.
import type { Cell } from "../cell";
import { element } from "../dom";
import { comparison } from "./compare";
import { hashOf } from "./entries";
import type { CodeEntry } from "./entries";
import type { Store } from "./store";
import { wordButton } from "./wording";

const LATER_MS = 400;
const CHANGED = "The lesson changed since your edit.";
const ELSEWHERE = "This code was also edited in another tab.";
const SHARED = "This code came with a link. Read it before you run it.";
const SHARED_TOO = "A link brought other code for this cell.";

interface Draft {
  readonly cell: Cell;
  readonly id: string;
  readonly base: string;
  /** What the edit grew from; the lesson may have changed since. */
  from: string;
  saved: string;
  /** The text as another tab had it last, and this one took it. */
  heard: string | null;
  /** It came with a link, and the reader has not answered the note. */
  shared: boolean;
  later: number;
  note: HTMLElement | null;
}

export class Drafts {
  private readonly drafts = new Map<string, Draft>();

  constructor(private readonly store: Store) {
    store.watch((name, entry) => {
      const draft = this.drafts.get(name);
      if (draft === undefined) return;
      const kept = entry?.kind === "code" ? entry : null;
      this.hear(draft, kept);
    });
    window.addEventListener("pagehide", this.flush);
  }

  /** Takes a cell in; what was kept of it comes back. */
  add(cell: Cell, id: string): void {
    const base = hashOf(cell.original);
    const draft: Draft = {
      cell,
      id,
      base,
      from: base,
      saved: cell.original,
      heard: null,
      shared: false,
      later: 0,
      note: null,
    };
    const kept = this.store.get("code", id);
    if (kept !== null && kept.text !== cell.original) {
      draft.from = kept.base;
      draft.saved = kept.text;
      draft.shared = kept.shared === true;
      cell.restore(kept.text);
      if (kept.base !== base) this.ask(draft, CHANGED, cell.original);
      else if (draft.shared) this.ask(draft, SHARED, cell.original);
    }
    this.drafts.set(`code:${id}`, draft);
  }

  /** Takes code that came with a link; what there is to say about it. */
  receive(cell: Cell, text: string): string {
    const draft = this.of(cell);
    if (draft === undefined || text === cell.text) {
      return "The cell has the code of the link already.";
    }
    if (cell.isEdited) {
      this.ask(draft, SHARED_TOO, text);
      return SHARED_TOO;
    }
    draft.shared = true;
    cell.restore(text);
    this.save(draft);
    this.ask(draft, SHARED, cell.original);
    return SHARED;
  }

  /** The reader has typed. */
  note(cell: Cell): void {
    const draft = this.of(cell);
    if (draft === undefined) return;
    clearTimeout(draft.later);
    draft.later = window.setTimeout(() => {
      this.save(draft);
    }, LATER_MS);
  }

  /** Gives every cell the code of the lesson back. */
  forget(): void {
    for (const draft of this.drafts.values()) {
      const { cell } = draft;
      draft.note?.remove();
      draft.note = null;
      draft.from = draft.base;
      draft.saved = cell.original;
      cell.restore(cell.original);
    }
  }

  dispose(): void {
    this.flush();
    window.removeEventListener("pagehide", this.flush);
  }

  private of(cell: Cell): Draft | undefined {
    return [...this.drafts.values()].find((one) => one.cell === cell);
  }

  private readonly flush = (): void => {
    for (const draft of this.drafts.values()) this.save(draft);
  };

  private save(draft: Draft): void {
    clearTimeout(draft.later);
    const { cell, id } = draft;
    if (cell.text === draft.saved) return;
    draft.saved = cell.text;
    if (!cell.isEdited) {
      draft.from = draft.base;
      draft.shared = false;
      draft.note?.remove();
      this.store.remove("code", id);
      return;
    }
    const { from, saved, shared } = draft;
    this.store.set(id, {
      kind: "code",
      at: Date.now(),
      base: from,
      text: saved,
      ...(shared ? { shared } : {}),
    });
  }

  /** Another tab, or a file, has other code for this cell. */
  private hear(draft: Draft, kept: CodeEntry | null): void {
    const { cell } = draft;
    const text = kept?.text ?? cell.original;
    if (text === draft.saved) return;
    const untouched = cell.text === draft.saved && draft.note === null;
    const isTheirs = !cell.isEdited || cell.text === draft.heard;
    if (untouched && isTheirs && cell.state !== "running") {
      draft.saved = text;
      draft.heard = text;
      draft.from = kept?.base ?? draft.base;
      cell.restore(text);
    } else if (text !== cell.text) this.ask(draft, ELSEWHERE, text);
  }

  private ask(draft: Draft, words: string, other: string): void {
    draft.note?.remove();
    const { cell } = draft;
    const note = element("div", "draft-note");
    note.setAttribute("role", "group");
    note.setAttribute("aria-label", words);
    const end = (): void => {
      note.remove();
      draft.note = null;
      cell.focus();
    };
    const keep = wordButton("Keep mine", () => {
      draft.from = draft.base;
      draft.shared = false;
      draft.saved = "\0"; // so that it is written, and with its new origin
      this.save(draft);
      end();
    });
    const take = wordButton("Take the other", () => {
      draft.from = draft.base;
      draft.shared = false;
      cell.restore(other);
      this.save(draft);
      end();
    });
    if (words === CHANGED) take.textContent = "Take the new";
    if (words === SHARED) {
      keep.textContent = "Keep it";
      take.textContent = "Back to the lesson’s code";
    }
    let shown: HTMLElement | null = null;
    const compare = wordButton("Compare", () => {
      shown?.remove();
      shown = shown === null ? comparison(cell.text, other) : null;
      compare.setAttribute("aria-expanded", String(shown !== null));
      if (shown !== null) note.append(shown);
    });
    compare.setAttribute("aria-expanded", "false");
    note.append(element("p", "", words), keep, take, compare);
    cell.root.querySelector(".cell-bar")?.after(note);
    draft.note = note;
  }
}
