// Code that came with the page's address: shown, never run.
import type { Cell } from "../cell";
import { element } from "../dom";
import type { Drafts } from "../exercises/drafts";
import { wordButton } from "../exercises/wording";
import { RefusedLink, codeOf, isCodeLink } from "./link";

export class CodeLinks {
  private readonly aborter = new AbortController();

  constructor(
    private readonly cells: readonly Cell[],
    private readonly drafts: Drafts,
    private readonly say: (words: string) => void,
  ) {
    const { signal } = this.aborter;
    window.addEventListener("hashchange", () => void this.open(), { signal });
    void this.open();
  }

  dispose(): void {
    this.aborter.abort();
  }

  private async open(): Promise<void> {
    const { hash } = window.location;
    if (!isCodeLink(hash)) return;
    try {
      const { cell: name, text } = await codeOf(hash);
      const cell = this.cells.find((one) => one.name === name);
      if (cell === undefined) {
        throw new RefusedLink(
          "This link names a cell that this page does not have.",
        );
      }
      if (!cell.accepts(text)) {
        throw new RefusedLink(
          "This link was refused: its lines are not those of the exercise.",
        );
      }
      // It is an edit now; the same address again would undo later ones.
      window.history.replaceState(window.history.state, "", `#${name}`);
      this.say(this.drafts.receive(cell, text));
      cell.root.scrollIntoView({ block: "center" });
    } catch (error) {
      if (!(error instanceof RefusedLink)) throw error;
      this.refuse(error.message);
    }
  }

  private refuse(words: string): void {
    const note = element("div", "draft-note", element("p", "", words));
    note.append(
      wordButton("Close", () => {
        note.remove();
      }),
    );
    document.querySelector(".md-content__inner h1")?.after(note);
    this.say(words);
  }
}
