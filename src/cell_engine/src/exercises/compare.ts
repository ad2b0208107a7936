// Two versions of a piece of code, line by line.
import { element } from "../dom";

type Side = "same" | "mine" | "other";

interface Line {
  readonly side: Side;
  readonly text: string;
}

/** The lines of both, in order, with as many as possible in common. */
export function compareLines(mine: string, other: string): Line[] {
  const a = mine.split("\n");
  const b = other.split("\n");
  // common[i][j]: how many lines a[i..] and b[j..] can share.
  const common = a.map(() => new Array<number>(b.length + 1).fill(0));
  common.push(new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const row = common[i];
      if (row === undefined) continue;
      row[j] =
        a[i] === b[j]
          ? at(i + 1, j + 1) + 1
          : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ side: "same", text: a[i] ?? "" });
      i += 1;
      j += 1;
    } else if (
      j >= b.length ||
      (i < a.length && at(i + 1, j) >= at(i, j + 1))
    ) {
      lines.push({ side: "mine", text: a[i] ?? "" });
      i += 1;
    } else {
      lines.push({ side: "other", text: b[j] ?? "" });
      j += 1;
    }
  }
  return lines;
}

const SIGNS: Readonly<Record<Side, string>> = {
  same: "  ",
  mine: "− ",
  other: "+ ",
};
const WORDS: Readonly<Record<Side, string>> = {
  same: "",
  mine: "yours: ",
  other: "new: ",
};

export function comparison(mine: string, other: string): HTMLElement {
  const pre = element("pre", "draft-comparison");
  pre.tabIndex = 0;
  pre.setAttribute("aria-label", "Your code and the other, line by line");
  for (const { side, text } of compareLines(mine, other)) {
    const sign = element("span", "", SIGNS[side]);
    sign.setAttribute("aria-hidden", "true");
    const word = element("span", "cell-spoken", WORDS[side]);
    pre.append(element("span", `draft-${side}`, sign, word, `${text}\n`));
  }
  return pre;
}
