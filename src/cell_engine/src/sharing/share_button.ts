// The button that puts a link to a cell's code onto the clipboard.
import { button, copyText, dress } from "../dom";
import type { ButtonLook } from "../dom";
import { linkOf } from "./link";

const SHARE: ButtonLook = { icon: "link", label: "Copy a link to this code" };
const SHOWN_MS = 1_500;

export interface ShareableCell {
  readonly name: string;
  readonly text: string;
  readonly isEdited: boolean;
}

export function shareButton(
  cell: ShareableCell,
  say: (words: string) => void,
): HTMLButtonElement {
  const made = button(SHARE, () => {
    void share();
  });
  const share = async (): Promise<void> => {
    const { name, text, isEdited } = cell;
    const end = isEdited ? await linkOf({ cell: name, text }) : `#${name}`;
    if (end === null) {
      show("This code is too long for a link", "link");
      return;
    }
    const link = new URL(end, window.location.href).href;
    if (await copyText(link)) {
      show("Link copied", "done");
    } else {
      window.history.replaceState(null, "", link);
      show("The link stands in the address bar", "link");
    }
  };
  const show = (label: string, icon: ButtonLook["icon"]): void => {
    dress(made, { icon, label });
    say(`${label}.`);
    window.setTimeout(() => {
      dress(made, SHARE);
    }, SHOWN_MS);
  };
  return made;
}
