// The code of a cell. It stands in the page highlighted and complete; only when
// the reader goes into it does an editor take its place, line upon line.
import type { CompletionHelp } from "./completion/help";
import { element } from "./dom";
import { ownTask } from "./own_task";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface EditorEvents {
  readonly onChange: () => void;
  readonly onRun: () => void;
  readonly onRunAndMove: () => void;
}

/** What CodeMirror and the plain text area have in common. */
export interface TextEditor {
  read(): string;
  write(text: string): void;
  focus(point: Point | null): void;
  goTo(line: number): void;
  dispose(): void;
}

/** What holds the text of a cell: an editor, or lines to be ordered. */
export interface CodeSurface {
  readonly text: string;
  /** The text as the page came with it. */
  readonly original: string;
  readonly isEdited: boolean;
  /** Whether other text can stand in its place; any can, if left out. */
  accepts?(text: string): boolean;
  /** Puts other text in its place. */
  restore(text: string): void;
  focus(): Promise<void>;
  goTo(line: number): Promise<void>;
  markLine(line: number | null): void;
  dispose(): void;
}

const onTouch = (): boolean => matchMedia("(pointer: coarse)").matches;

export class Editor implements CodeSurface {
  readonly original: string;
  private readonly pre: HTMLPreElement;
  private readonly code: HTMLElement;
  private readonly highlighted: readonly Node[];
  private draft: string;
  private readonly surface = element("div", "cell-editor");
  private readonly mark = element("div", "cell-line-mark");
  private editor: TextEditor | null = null;
  private opening: Promise<TextEditor> | null = null;
  private pointer: Point | null = null;
  private readonly aborter = new AbortController();

  constructor(
    private readonly host: HTMLElement,
    private readonly label: string,
    private readonly events: EditorEvents,
    private readonly help: CompletionHelp,
  ) {
    const pre = host.querySelector("pre");
    const code = host.querySelector("code");
    if (pre === null || code === null) throw new Error("a cell without code");
    this.pre = pre;
    this.code = code;
    // Editors have no line after the last newline; the page's text ends in one.
    this.original = code.textContent.replace(/\n$/, "");
    this.draft = this.original;
    this.highlighted = [...code.childNodes];
    this.mark.hidden = true;
    this.mark.setAttribute("aria-hidden", "true");
    host.append(this.mark);
    this.listen();
  }

  get text(): string {
    return this.editor?.read() ?? this.draft;
  }

  get isEdited(): boolean {
    return this.text !== this.original;
  }

  restore(text: string): void {
    if (text === this.text) return;
    this.draft = text;
    this.markLine(null);
    if (this.editor !== null) {
      this.editor.write(text);
      return;
    }
    // Other text than the page's has no colors until the editor opens.
    if (text === this.original) this.code.replaceChildren(...this.highlighted);
    else this.code.textContent = `${text}\n`;
    this.events.onChange();
  }

  /** Opens the editor, if need be, and moves the focus into it. */
  async focus(): Promise<void> {
    (await this.open()).focus(null);
  }

  async goTo(line: number): Promise<void> {
    (await this.open()).goTo(line);
    this.host.scrollIntoView({ block: "nearest" });
  }

  markLine(line: number | null): void {
    this.mark.hidden = line === null;
    if (line !== null) this.mark.style.setProperty("--line", String(line - 1));
  }

  dispose(): void {
    this.aborter.abort();
    this.editor?.dispose();
  }

  private listen(): void {
    const { pre } = this;
    const { signal } = this.aborter;
    pre.tabIndex = 0;
    pre.setAttribute("role", "textbox");
    pre.setAttribute("aria-multiline", "true");
    pre.setAttribute("aria-label", this.label);
    let pressed = false;
    pre.addEventListener("pointerdown", () => (pressed = true), { signal });
    pre.addEventListener(
      "focus",
      () => {
        if (!pressed) void this.focus();
      },
      { signal },
    );
    pre.addEventListener(
      "click",
      (event) => {
        pressed = false;
        // The reader may only have selected some code to copy it.
        if (getSelection()?.isCollapsed === false) return;
        this.pointer = { x: event.clientX, y: event.clientY };
        void this.open().then((editor) => {
          editor.focus(this.pointer);
        });
      },
      { signal },
    );
  }

  private open(): Promise<TextEditor> {
    this.opening ??= this.create();
    return this.opening;
  }

  private async create(): Promise<TextEditor> {
    const scrolled = this.code.scrollLeft;
    const editor = onTouch() ? this.createTextArea() : await this.createRich();
    this.surface.scrollLeft = scrolled;
    this.editor = editor;
    return editor;
  }

  private async createRich(): Promise<TextEditor> {
    try {
      // A task each: to run both halves, to parse the code, to make the editor
      // and to put it into the page.
      await import("./codemirror_view");
      await ownTask();
      const { createState, createView } = await import("./codemirror");
      await ownTask();
      const { draft, label, surface, help } = this;
      const state = createState(draft, label, this.watched(), help);
      await ownTask();
      const editor = createView(surface, state);
      await ownTask();
      this.pre.replaceChildren(surface);
      this.freePre();
      if (this.draft !== draft) editor.write(this.draft);
      return editor;
    } catch {
      return this.createTextArea();
    }
  }

  private watched(): EditorEvents {
    return {
      ...this.events,
      onChange: () => {
        this.markLine(null);
        this.events.onChange();
      },
    };
  }

  /** The editor inside is the text box now, not its frame. */
  private freePre(): void {
    for (const name of ["tabindex", "role", "aria-multiline", "aria-label"]) {
      this.pre.removeAttribute(name);
    }
  }

  private createTextArea(): TextEditor {
    const area = element("textarea", "cell-textarea");
    area.setAttribute("aria-label", this.label);
    area.setAttribute("autocapitalize", "off");
    area.setAttribute("autocorrect", "off");
    area.autocomplete = "off";
    area.spellcheck = false;
    area.wrap = "off";
    const resize = (): void => {
      area.rows = area.value.split("\n").length;
    };
    area.value = this.draft;
    resize();
    const { onChange, onRun, onRunAndMove } = this.watched();
    area.addEventListener("input", () => {
      resize();
      onChange();
    });
    area.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      if (event.ctrlKey || event.metaKey) onRun();
      else if (event.shiftKey) onRunAndMove();
      else return;
      event.preventDefault();
    });
    this.surface.replaceChildren(area);
    this.pre.replaceChildren(this.surface);
    this.freePre();
    return textAreaEditor(area, () => {
      resize();
      onChange();
    });
  }
}

function textAreaEditor(
  area: HTMLTextAreaElement,
  onWrite: () => void,
): TextEditor {
  return {
    read: () => area.value,
    write: (text) => {
      area.value = text;
      onWrite();
    },
    focus: () => {
      area.focus({ preventScroll: true });
    },
    goTo: (line) => {
      const before = area.value.split("\n").slice(0, line - 1);
      const at = before.reduce((sum, text) => sum + text.length + 1, 0);
      area.focus();
      area.setSelectionRange(at, at);
    },
    dispose: () => {
      area.remove();
    },
  };
}
