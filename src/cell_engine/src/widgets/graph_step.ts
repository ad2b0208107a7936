// A computational graph: one step forward or back at a time, and numbers that
// the reader can change. Python computes, lays out and words every step.
import { element } from "../dom";
import { headsOf, scrolling } from "../tables";
import type { Definition, Model, RenderProps } from "./contract";
import { createFrame, setByReader, whenChanged } from "./frame";
import type { Frame } from "./frame";
import { GraphPicture } from "./graph_picture";
import type { GraphState, Step } from "./graph_picture";
import { NumberFields } from "./number_fields";
import type { Nested } from "./number_fields";
import { StepControls } from "./step_controls";

class GraphStep {
  private readonly place = element("div", "graph-place");
  private readonly story = element("p", "graph-story");
  private readonly error = element("p", "widget-error");
  private readonly rows = element("tbody", "");
  private readonly controls: StepControls;
  private readonly fields: NumberFields;
  private readonly frame: Frame;
  private readonly model: Model;
  private picture: GraphPicture | null = null;
  private wide: boolean | null = null;

  constructor(props: RenderProps) {
    const { model, signal } = props;
    this.model = model;
    this.frame = createFrame(props);
    this.controls = new StepControls((step) => {
      setByReader(model, { step });
      this.frame.say(this.storyOf(step));
    }, signal);
    this.fields = new NumberFields("Change a number", (values) => {
      setByReader(model, { values });
    });
    this.error.setAttribute("role", "alert");
    const reading = element(
      "div",
      "graph-reading",
      this.story,
      legend(),
      this.fields.root,
      this.error,
    );
    this.frame.body.classList.add("graph-body");
    this.frame.body.append(
      this.controls.root,
      this.place,
      reading,
      tableAround(this.rows),
    );
    const resized = new ResizeObserver(() => {
      this.choosePicture();
    });
    resized.observe(this.frame.body);
    signal.addEventListener("abort", () => {
      resized.disconnect();
    });
    this.drawAll();
    whenChanged(model, ["step"], signal, () => {
      this.drawStep();
    });
    const made = ["steps", "nodes", "values", "error"];
    whenChanged(model, made, signal, () => {
      this.drawAll();
    });
  }

  private state<Key extends keyof GraphState>(key: Key): GraphState[Key] {
    return this.model.get(key) as GraphState[Key];
  }

  /** The wide drawing where it fits, the tall one in a narrow column. */
  private choosePicture(): void {
    const wide = this.frame.body.clientWidth >= this.state("wide").width + 8;
    if (wide === this.wide) return;
    this.wide = wide;
    this.frame.body.classList.toggle("graph-wide", wide);
    const drawing = this.state(wide ? "wide" : "tall");
    this.picture = new GraphPicture(drawing, this.state("nodes"), (node) => {
      this.jumpTo(node);
    });
    this.place.replaceChildren(this.picture.root);
    this.drawStep();
  }

  private drawAll(): void {
    this.fields.show(this.model.get("values") as Nested);
    const error = this.state("error");
    this.error.textContent = error;
    this.error.hidden = error === "";
    const rows = this.state("rows").map((cells) =>
      element("tr", "", ...cells.map((text) => element("td", "", text))),
    );
    this.rows.replaceChildren(...rows);
    this.drawStep();
  }

  private drawStep(): void {
    const steps = this.state("steps");
    const step = Math.min(this.state("step"), steps.length - 1);
    this.controls.show(step, steps.length - 1, placeOf(steps, step));
    const lines = this.storyOf(step).split("; ");
    this.story.replaceChildren(
      ...lines.map((line) => element("span", "", line)),
    );
    this.story.dataset.way = steps[step]?.way ?? "start";
    this.picture?.show(steps, step, this.state("ends"), this.state("forks"));
  }

  private storyOf(step: number): string {
    const steps = this.state("steps");
    const now = steps[Math.min(step, steps.length - 1)];
    if (now === undefined) return "";
    return now.way === "start" ? now.text : `${wordsOf(now.way)}: ${now.text}`;
  }

  /** A press on a node: the step that computes it, or its number's field. */
  private jumpTo(node: number): void {
    const steps = this.state("steps");
    const step = steps.findIndex(
      (one) => one.way === "forward" && one.node === node,
    );
    if (step === -1) this.fields.focus(this.state("nodes")[node]?.label ?? "");
    else setByReader(this.model, { step });
  }
}

const wordsOf = (way: Step["way"]): string =>
  way === "forward" ? "Forward" : "Backward";

function placeOf(steps: readonly Step[], step: number): string {
  const way = steps[step]?.way ?? "start";
  const name = way === "start" ? "start" : wordsOf(way).toLowerCase();
  return `step ${step} of ${steps.length - 1}, ${name}`;
}

function legend(): HTMLElement {
  const value = element("span", "graph-key graph-key-value", "value");
  const grad = element("span", "graph-key graph-key-grad", "gradient");
  return element("p", "graph-legend", value, " forward, ", grad, " back");
}

/** Every number again, as a table for whoever does not see the drawing. */
function tableAround(rows: HTMLElement): HTMLDetailsElement {
  const head = headsOf(["#", "made by", "value", "gradient"]);
  const table = element("table", "", head, rows);
  const summary = element("summary", "", "All numbers");
  const around = scrolling("All numbers", table);
  return element("details", "widget-data", summary, around);
}

const graphStep: Definition = {
  render(props) {
    new GraphStep(props);
  },
};

export default graphStep;
