// The foot of a page: what was reached, and the file that carries it away.
import { element } from "../dom";
import { countOf } from "../wording";
import { progressOf, progressWords } from "./progress";
import type { Store } from "./store";
import {
  LARGEST_FILE,
  RefusedFile,
  exportText,
  planImport,
  readFile,
} from "./transfer";
import type { Plan } from "./transfer";
import { wordButton } from "./wording";

const FILE_NAME = "my-progress.json";

export class ProgressPanel {
  private readonly root = element("section", "progress-panel");
  private readonly bars = element("div", "progress-shares");
  private readonly words = element("p", "progress-words");
  private readonly question = element("div", "progress-question");
  private readonly input = element("input", "");

  constructor(
    private readonly store: Store,
    private readonly say: (words: string) => void,
    private readonly onForget: () => void,
  ) {
    this.root.setAttribute("aria-labelledby", "progress-title");
    const title = element("p", "progress-title", "Your progress on this page");
    title.id = "progress-title";
    this.input.type = "file";
    this.input.accept = ".json,application/json";
    this.input.hidden = true;
    this.input.setAttribute("aria-label", "A progress file");
    this.input.addEventListener("change", () => {
      void this.load();
    });
    this.question.hidden = true;
    this.question.setAttribute("role", "group");
    this.root.append(
      title,
      this.bars,
      this.words,
      this.actions(),
      this.question,
    );
    this.place();
    this.refresh();
    this.tell(
      store.keeps
        ? "Kept in this browser only, edits included. Nothing is sent."
        : "This browser keeps nothing for this site: what you do here is " +
            "gone when you leave, unless you save it to a file.",
    );
  }

  refresh(): void {
    const { store } = this;
    const progress = progressOf(store, store.page);
    const words = progressWords(progress);
    const shares = [
      progress.exercises,
      progress.questions,
      progress.guesses,
    ].filter(({ total }) => total > 0);
    this.bars.replaceChildren(
      ...shares.map(({ done, total }, at) => {
        const meter = element("span", "progress-meter");
        meter.style.setProperty("--share", String(done / total));
        return element("span", "progress-share", words[at] ?? "", meter);
      }),
    );
  }

  dispose(): void {
    this.root.remove();
  }

  private place(): void {
    const article =
      document.querySelector(".md-content__inner") ??
      document.querySelector("main") ??
      document.body;
    const feedback = article.querySelector(":scope > .md-source-file");
    if (feedback === null) article.append(this.root);
    else feedback.before(this.root);
  }

  private tell(words: string): void {
    this.words.textContent = words;
  }

  private report(words: string): void {
    this.tell(words);
    this.say(words);
  }

  private actions(): HTMLElement {
    return element(
      "div",
      "progress-actions",
      wordButton("Save to a file", () => {
        this.save();
      }),
      wordButton("Load a file", () => {
        this.input.value = "";
        this.input.click();
      }),
      wordButton("Forget this page", () => {
        this.ask(
          "Forget your answers and edits on this page? They cannot be " +
            "brought back.",
          "Forget them",
          () => {
            this.onForget();
            this.store.forget();
            this.report("Forgotten.");
          },
        );
      }),
      this.input,
    );
  }

  private save(): void {
    const text = exportText(this.store);
    const blob = new Blob([text], { type: "application/json" });
    const link = element("a", "");
    link.href = URL.createObjectURL(blob);
    link.download = FILE_NAME;
    link.click();
    setTimeout(() => {
      URL.revokeObjectURL(link.href);
    }, 1_000);
    this.report(`Saved as ${FILE_NAME}: all pages, edits included.`);
  }

  private async load(): Promise<void> {
    const [file] = this.input.files ?? [];
    if (file === undefined) return;
    let plan: Plan;
    try {
      if (file.size > LARGEST_FILE) {
        throw new RefusedFile("This file is too large to be a progress file.");
      }
      plan = planImport(this.store, readFile(await file.text()));
    } catch (error) {
      const words =
        error instanceof RefusedFile
          ? error.message
          : "This file could not be read.";
      this.report(`${words} Nothing was changed.`);
      return;
    }
    if (plan.replaced === 0) this.take(plan);
    else {
      const verb = plan.replaced === 1 ? "is" : "are";
      this.ask(
        `${countOf(plan.replaced, "edit")} of yours ${verb} older than in ` +
          "the file and would be replaced.",
        "Replace",
        () => {
          this.take(plan);
        },
      );
    }
  }

  private take(plan: Plan): void {
    if (plan.count === 0) {
      this.report("This file holds nothing new.");
    } else if (this.store.replace(plan.changes)) {
      const count =
        plan.count === 1
          ? "1 entry"
          : `${plan.count.toLocaleString("en")} entries`;
      this.report(`Loaded: ${count}.`);
    } else {
      this.report(
        "The browser has no room for this file. Nothing was changed.",
      );
    }
  }

  private ask(words: string, yes: string, onYes: () => void): void {
    const { question } = this;
    const close = (): void => {
      question.hidden = true;
      question.replaceChildren();
    };
    const no = wordButton("Cancel", close);
    question.replaceChildren(
      element("p", "", words),
      wordButton(yes, () => {
        close();
        onYes();
      }),
      no,
    );
    question.hidden = false;
    no.focus();
  }
}
