// One line at the foot of the window about the site as a whole.
import { element } from "../dom";

export interface NoticeAction {
  readonly text: string;
  readonly onPress: () => void;
}

export class Notice {
  private readonly root = element("div", "site-notice");

  constructor() {
    // There before it says anything, so that it is spoken when it does.
    this.root.setAttribute("role", "status");
    document.body.append(this.root);
  }

  show(words: string, ...actions: readonly NoticeAction[]): void {
    const buttons = actions.map(({ text, onPress }) => {
      const made = element("button", "practice-button", text);
      made.type = "button";
      made.addEventListener("click", () => {
        this.hide();
        onPress();
      });
      return made;
    });
    this.root.replaceChildren(element("p", "", words), ...buttons);
  }

  hide(): void {
    this.root.replaceChildren();
  }
}
