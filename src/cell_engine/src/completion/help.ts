// What a cell's editor may ask when it completes a name.

/** Where a name stands: `of` is what its dot, or its import, hangs on. */
export interface NamePlace {
  readonly place: "name" | "attribute" | "module" | "member";
  readonly of: string;
}

/** A question to Python: which names begin so, or what one of them is. */
export type NameQuestion = NamePlace &
  ({ readonly prefix: string } | { readonly name: string });

export interface NameAnswer {
  /** Each with its kind, in CodeMirror's words. */
  readonly names?: readonly (readonly [name: string, kind: string])[];
  /** Whether more names begin so than were sent. */
  readonly more?: boolean;
  readonly signature?: string;
  readonly summary?: string;
}

export interface CompletionHelp {
  /** The site's assets, with the names that are known without Python. */
  readonly assets: URL;
  /** The code of the cells above, in order. */
  above(): readonly string[];
  /** Asks the page's Python; null when it has not started, or is busy. */
  ask(question: NameQuestion): Promise<NameAnswer | null>;
}

/** Help of an editor whose code does not run in the page's namespace. */
export const helpWithoutPython = (assets: URL): CompletionHelp => ({
  assets,
  above: () => [],
  ask: () => Promise.resolve(null),
});
