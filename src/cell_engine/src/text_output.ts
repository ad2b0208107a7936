// Streamed text in one <pre> per stretch of a stream, cut to what a page can
// show. Everything goes in as text; nothing is ever parsed as HTML.
import { element } from "./dom";
import type { Stream } from "./messages";
import { countOf } from "./wording";

/** What is shown at first, and again with each "Show more". */
const SHOWN_LINES = 2_000;
const SHOWN_CHARACTERS = 100_000;
/** Lines of one block; the browser lays blocks out one by one. */
const BLOCK_LINES = 100;

interface Piece {
  readonly stream: Stream;
  readonly text: string;
}

export class TextOutput {
  private lines = 0;
  private characters = 0;
  private lineLimit = SHOWN_LINES;
  private characterLimit = SHOWN_CHARACTERS;
  private held: Piece[] = [];
  private dropped = 0;
  private pre: HTMLPreElement | null = null;
  private stream: Stream = "stdout";
  private block: HTMLElement | null = null;
  private blockLines = 0;
  private notice: HTMLElement | null = null;
  private readonly noticeWords = element("span", "");
  private readonly more = element("button", "cell-button", "Show more");

  constructor(private readonly host: HTMLElement) {
    this.more.type = "button";
    this.more.addEventListener("click", () => {
      this.showMore();
    });
  }

  /** Whether all that comes is kept and not shown. */
  get isCut(): boolean {
    return this.held.length > 0;
  }

  /** Ends the current stretch: what comes next stands below it. */
  breakStretch(): void {
    this.pre = null;
  }

  append(stream: Stream, text: string): void {
    if (this.held.length > 0) {
      this.held.push({ stream, text });
      return;
    }
    const fitting = this.fitting(text);
    if (fitting > 0) this.write(stream, text.slice(0, fitting));
    if (fitting < text.length) {
      this.held.push({ stream, text: text.slice(fitting) });
    }
  }

  /** Notes how many characters were too many even to keep. */
  setDropped(characters: number): void {
    this.dropped = characters;
  }

  /** Shows or renews the notice below text that was cut. */
  renewNotice(): void {
    if (this.held.length === 0 && this.dropped === 0) {
      this.notice?.remove();
      this.notice = null;
      return;
    }
    // The button stays the same one: the reader may be about to press it.
    this.notice ??= this.host.appendChild(
      element("div", "cell-more", this.noticeWords, this.more),
    );
    this.more.hidden = this.held.length === 0;
    const words = this.noticeText();
    if (this.noticeWords.textContent !== words) {
      this.noticeWords.textContent = words;
    }
  }

  private noticeText(): string {
    const held = this.held.reduce((sum, piece) => sum + piece.text.length, 0);
    const shown = `Cut after ${countOf(this.lines, "line")}.`;
    const more =
      held > 0 ? ` ${countOf(held, "more character")} are kept.` : "";
    const lost =
      this.dropped > 0
        ? ` ${countOf(this.dropped, "further character")} were too many to keep.`
        : "";
    return shown + more + lost;
  }

  private showMore(): void {
    this.lineLimit = this.lines + SHOWN_LINES;
    this.characterLimit = this.characters + SHOWN_CHARACTERS;
    const pieces = this.held;
    this.held = [];
    for (const piece of pieces) this.append(piece.stream, piece.text);
    this.renewNotice();
  }

  /** How many characters of the text still fit under the limits. */
  private fitting(text: string): number {
    const room = Math.max(0, this.characterLimit - this.characters);
    let end = Math.min(text.length, room);
    let lines = this.lines;
    for (let at = text.indexOf("\n"); at !== -1 && at < end;) {
      lines += 1;
      if (lines >= this.lineLimit) {
        end = at + 1;
        break;
      }
      at = text.indexOf("\n", at + 1);
    }
    return this.lines >= this.lineLimit ? 0 : end;
  }

  private write(stream: Stream, text: string): void {
    this.characters += text.length;
    const parts = text.split(/(?<=\n)/);
    for (let at = 0; at < parts.length;) {
      const block = this.openBlock(stream);
      const room = BLOCK_LINES - this.blockLines;
      const taken = parts.slice(at, at + room);
      at += room;
      const ends = taken.filter((part) => part.endsWith("\n")).length;
      this.blockLines += ends;
      this.lines += ends;
      appendText(block, taken.join(""));
    }
  }

  private openBlock(stream: Stream): HTMLElement {
    if (this.pre === null || this.stream !== stream) {
      const kind = stream === "stderr" ? "cell-text cell-stderr" : "cell-text";
      this.pre = element("pre", kind);
      this.pre.tabIndex = 0;
      this.host.insertBefore(this.pre, this.notice);
      this.stream = stream;
      this.block = null;
    }
    if (this.block === null || this.blockLines >= BLOCK_LINES) {
      this.block = this.pre.appendChild(element("span", "cell-text-block"));
      this.blockLines = 0;
    }
    return this.block;
  }
}

/** Appends as a terminal does: a carriage return starts the line anew. */
function appendText(block: HTMLElement, text: string): void {
  if (!text.includes("\r")) {
    block.append(text);
    return;
  }
  const whole = block.textContent + text.replaceAll("\r\n", "\n");
  block.textContent = whole.replaceAll(/[^\n]*\r(?!\n)/g, "");
}
