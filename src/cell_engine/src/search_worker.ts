// Stands in for the theme's search worker, which takes in the text of the whole
// course and builds an index of it whenever a page opens: a second of one core,
// just when Python may be starting. Here both wait for the first search.

/** What the theme's page and its search worker say to each other. */
const SETUP = 0;
const READY = 1;
const QUERY = 2;
const RESULT = 3;

interface Message {
  readonly type: number;
  readonly data?: unknown;
}

/** Written beside this script, and beside the theme's own, by the build. */
const THEME = new URL("theme_search.js", self.location.href);
const DOCUMENTS = new URL("../../../search/documents.json", THEME);

/** A search so long without an answer says what it waits for. */
const PATIENCE_MS = 300;

/** Words in the place of what was found. */
const notice = (title: string, text: string): object => ({
  items: [[{ location: "", title, text, score: 1, terms: {} }]],
});
const READING = notice(
  "Reading the course…",
  "The first search takes a moment; those after it answer at once.",
);
const UNREACHABLE = notice(
  "The search could not be loaded",
  "It needs the network once. Type on to try again.",
);

const post = (message: Message): void => {
  self.postMessage(message);
};

let setup: object = {};
let index: Promise<Worker> | null = null;
let query = "";

/** Starts the theme's worker; it is ready when its index is built. */
async function open(): Promise<Worker> {
  const response = await fetch(DOCUMENTS);
  if (!response.ok) throw new Error(`documents.json: ${response.status}`);
  const docs = (await response.json()) as unknown;
  const theme = new Worker(THEME);
  await new Promise((resolve, reject) => {
    theme.onmessage = resolve;
    theme.onerror = reject;
    theme.postMessage({ type: SETUP, data: { ...setup, docs } });
  });
  theme.onmessage = ({ data }: MessageEvent<Message>) => {
    if (query !== "") post(data);
  };
  return theme;
}

async function search(text: string): Promise<void> {
  const opened = (index ??= open());
  const waiting = setTimeout(() => {
    if (query === text) post({ type: RESULT, data: READING });
  }, PATIENCE_MS);
  try {
    const theme = await opened;
    // While the index was built the reader has typed on.
    if (query === text) theme.postMessage({ type: QUERY, data: text });
  } catch {
    if (index === opened) index = null;
    if (query === text) post({ type: RESULT, data: UNREACHABLE });
  } finally {
    clearTimeout(waiting);
  }
}

self.onmessage = ({ data }: MessageEvent<Message>) => {
  if (data.type === SETUP) {
    setup = data.data as object;
    post({ type: READY });
  } else if (data.type === QUERY) {
    const text = data.data as string;
    query = text;
    // An empty question, which the theme asks at once, is no search.
    if (text !== "") void search(text);
    else post({ type: RESULT, data: { items: [] } });
  }
};
