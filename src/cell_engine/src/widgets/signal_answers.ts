// What several networks say of one signal: a row for each, and in it a bar and
// a percentage for each class, so that equal classes stand below each other.
import { element } from "../dom";
import { headOf, scrolling } from "../tables";

export class Answers {
  readonly root: HTMLElement;
  private readonly head = element("tr", "");
  private readonly body = element("tbody", "");
  private networks: readonly string[] = [];
  private names: readonly string[] = [];
  private shares: readonly (readonly number[])[] = [];

  constructor() {
    const caption = element(
      "caption",
      "",
      "How sure each network is of each class, in %",
    );
    const head = element("thead", "", this.head);
    const table = element("table", "answers", caption, head, this.body);
    this.root = scrolling("The answers", table);
  }

  /** The cells stay where they are; only bars and numbers move. */
  show(
    networks: readonly string[],
    names: readonly string[],
    shares: readonly (readonly number[])[],
  ): void {
    const isNew =
      String([networks, names]) !== String([this.networks, this.names]);
    [this.networks, this.names, this.shares] = [networks, names, shares];
    this.root.hidden = shares.length === 0;
    if (isNew) this.build();
    Array.from(this.body.rows).forEach((row, at) => {
      const given = shares[at] ?? [];
      const best = bestOf(given);
      Array.from(row.cells)
        .slice(1)
        .forEach((cell, kind) => {
          showShare(cell, given[kind] ?? 0, kind === best);
        });
    });
  }

  /** Marks the class that the signal began with. */
  mark(kind: number): void {
    Array.from(this.head.cells)
      .slice(1)
      .forEach((cell, at) => {
        cell.classList.toggle("answers-right", at === kind);
        cell.title = at === kind ? "The signal began with this class" : "";
      });
  }

  /** The likeliest class of each network. */
  words(): string {
    const parts = this.networks.map((network, at) => {
      const shares = this.shares[at] ?? [];
      const best = bestOf(shares);
      const name = this.names[best] ?? "";
      return `${network} ${name}, ${percent(shares[best] ?? 0)}%`;
    });
    return parts.length === 0 ? "" : `${parts.join("; ")}.`;
  }

  private build(): void {
    this.head.replaceChildren(
      headOf("Network"),
      ...this.names.map((name) => headOf(name)),
    );
    this.body.replaceChildren(
      ...this.networks.map((network) =>
        element(
          "tr",
          "",
          headOf(network, "row"),
          ...this.names.map(() =>
            element(
              "td",
              "",
              element("span", "answers-number"),
              element("span", "answers-bar"),
            ),
          ),
        ),
      ),
    );
  }
}

function showShare(cell: HTMLElement, share: number, isBest: boolean): void {
  const [number, bar] = cell.children;
  if (number !== undefined) number.textContent = percent(share);
  (bar as HTMLElement).style.setProperty("--share", share.toFixed(4));
  cell.classList.toggle("answers-best", isBest);
}

const bestOf = (shares: readonly number[]): number =>
  shares.indexOf(Math.max(...shares));

const percent = (share: number): string => String(Math.round(100 * share));
