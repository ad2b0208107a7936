// Text with `code` in it, put in as text.
import { element } from "../dom";

/** Words and, between backticks, code. */
export function withCode(text: string): (Node | string)[] {
  return text
    .split("`")
    .map((part, at) => (at % 2 === 0 ? part : element("code", "", part)));
}

export const plain = (text: string): string => text.replaceAll("`", "");

/** A button of words only. */
export function wordButton(
  text: string,
  onPress: () => void,
  className = "",
): HTMLButtonElement {
  const made = element("button", `practice-button ${className}`.trim(), text);
  made.type = "button";
  made.addEventListener("click", onPress);
  return made;
}
