// The switch of light and dark. The theme's own adds a <meta> to every page that
// opens and changes the body twice, and each time all of the page is styled anew.
// Ours stores what the theme stores, and changes what differs.
import { element } from "./dom";

interface Color {
  readonly media: string;
  readonly scheme: string;
  readonly primary: string;
  readonly accent: string;
}

interface Palette {
  readonly index: number;
  readonly color: Color;
}

/** What the theme puts into every page, to keep small things in. */
interface Kept {
  __md_get(name: "__palette"): Palette | null;
  __md_set(name: "__palette", value: Palette): void;
}

const SYSTEM = "(prefers-color-scheme)";
const DARK = "(prefers-color-scheme: dark)";
const LIGHT = "(prefers-color-scheme: light)";
const SWITCHING = "data-md-color-switching";

const store = window as unknown as Kept;

// Where nothing may be stored, each page begins as the system is.
function kept(): Palette | null {
  try {
    return store.__md_get("__palette");
  } catch {
    return null;
  }
}

function keep(palette: Palette): void {
  try {
    store.__md_set("__palette", palette);
  } catch {
    // it holds for this page
  }
}

export function switchColors(): void {
  const form = document.querySelector<HTMLFormElement>("[data-palette]");
  if (form !== null) new ColorSwitch(form);
}

class ColorSwitch {
  private readonly choices: HTMLInputElement[];
  private readonly system = matchMedia(DARK);
  private readonly bar = element("meta", "");
  private index: number;

  constructor(form: HTMLFormElement) {
    this.choices = [...form.querySelectorAll("input")];
    const last = this.choices.length - 1;
    this.index = Math.min(kept()?.index ?? 0, last);
    this.bar.name = "theme-color";
    document.head.append(this.bar);
    this.show();
    form.addEventListener("change", ({ target }) => {
      this.index = this.choices.indexOf(target as HTMLInputElement);
      this.show();
    });
    form.addEventListener("keydown", ({ key }) => {
      if (key !== "Enter") return;
      const next = this.choices[(this.index + 1) % this.choices.length];
      next?.click();
      next?.focus();
    });
    this.system.addEventListener("change", () => {
      this.show();
    });
  }

  private show(): void {
    const color = this.color();
    this.choices.forEach((choice, index) => {
      const label = choice.nextElementSibling as HTMLElement;
      label.hidden = index !== this.index;
    });
    keep({ index: this.index, color });
    paint(color);
    requestAnimationFrame(() => {
      document.body.removeAttribute(SWITCHING);
      const header = document.querySelector(".md-header") ?? document.body;
      this.bar.content = getComputedStyle(header).backgroundColor;
    });
  }

  private color(): Color {
    const chosen = colorOf(this.choices[this.index]);
    if (chosen.media !== SYSTEM) return chosen;
    const media = this.system.matches ? DARK : LIGHT;
    const colors = this.choices.map(colorOf);
    const now = colors.find((color) => color.media === media) ?? chosen;
    return { ...now, media: SYSTEM };
  }
}

function colorOf(choice?: HTMLInputElement): Color {
  const { mdColorMedia, mdColorScheme, mdColorPrimary, mdColorAccent } =
    choice?.dataset ?? {};
  return {
    media: mdColorMedia ?? "",
    scheme: mdColorScheme ?? "default",
    primary: mdColorPrimary ?? "",
    accent: mdColorAccent ?? "",
  };
}

/** Nothing fades from one color into the other while they change. */
function paint({ scheme, primary, accent }: Color): void {
  const { body } = document;
  const wanted = Object.entries({ scheme, primary, accent })
    .map(([name, value]) => [`data-md-color-${name}`, value] as const)
    .filter(([name, value]) => body.getAttribute(name) !== value);
  if (wanted.length === 0) return;
  body.setAttribute(SWITCHING, "");
  for (const [name, value] of wanted) body.setAttribute(name, value);
}
