// What CodeMirror offers: first what the page's Python knows, when it is idle;
// then what the code and the known modules say.
import type {
  Completion,
  CompletionContext,
  CompletionResult,
  CompletionSource,
} from "@codemirror/autocomplete";

import { element } from "../dom";
import { attributesIn, namesIn } from "./code_names";
import type { CompletionHelp, NameAnswer } from "./help";
import { knownNames, wordsOf } from "./known_names";
import { placeOf } from "./place";
import type { Place } from "./place";

const WHOLE_NAME = /^[\p{L}\p{N}_]*$/u;

export function completionSource(help: CompletionHelp): CompletionSource {
  return async (context) => {
    const place = placeOf(context.state, context.pos);
    if (place === null) return null;
    // By itself it opens where there is something to choose from only.
    if (!context.explicit && place.place === "name") return null;
    return await resultAt(place, context, help);
  };
}

async function resultAt(
  place: Place,
  context: CompletionContext,
  help: CompletionHelp,
): Promise<CompletionResult | null> {
  const { prefix, from } = place;
  const own = context.state.doc.toString();
  const codes = [...help.above(), own];
  const at = { place: place.place, of: place.of };
  const [live, known] = await Promise.all([
    help.ask({ ...at, prefix }),
    knownNames(help.assets, at, codes),
  ]);
  if (context.aborted) return null;
  const kinds = new Map(
    [...known].map(([name, [, kind]]) => [name, kind] as const),
  );
  for (const name of writtenAt(place, codes, context.pos)) {
    if (!kinds.has(name)) kinds.set(name, "variable");
  }
  for (const [name, kind] of live?.names ?? []) kinds.set(name, kind);
  const describe = async (name: string): Promise<Node | null> => {
    const asked = live === null ? null : await help.ask({ ...at, name });
    const hasWords = (asked?.signature ?? "") + (asked?.summary ?? "") !== "";
    return words(hasWords ? asked : wordsOf(known.get(name)), name);
  };
  const options = [...kinds]
    .filter(([name]) => isOffered(name, prefix))
    .map(([label, type]): Completion => {
      return { label, type, info: () => describe(label) };
    });
  if (options.length === 0) return null;
  return live?.more === true
    ? { from, options }
    : { from, options, validFor: WHOLE_NAME };
}

/** What begins with a line is meant for others. */
const isOffered = (name: string, prefix: string): boolean =>
  prefix.startsWith("_") || !name.startsWith("_");

/** The names that the code here and above has in this place. */
function writtenAt(
  { place, of }: Place,
  codes: readonly string[],
  at: number,
): string[] {
  const above = codes.slice(0, -1);
  const own = codes.at(-1) ?? "";
  if (place === "name") {
    return [...above.flatMap((c) => [...namesIn(c)]), ...namesIn(own, at)];
  }
  return place === "attribute" && of === "self"
    ? [...attributesIn(own, of, at)]
    : [];
}

function words(answer: NameAnswer | null, name: string): Node | null {
  const { signature = "", summary = "" } = answer ?? {};
  if (signature === "" && summary === "") return null;
  const made = element("div", "cell-name-info");
  if (signature !== "") {
    const isCall = signature.startsWith("(");
    const text = isCall ? `${name}${signature}` : signature;
    made.append(element("code", "", text));
  }
  if (summary !== "") made.append(element("p", "", summary));
  return made;
}
