// A signal to bend, to shift and to shuffle, by pen, finger, mouse or keyboard.
// Python gets it while it is drawn, and says what each network takes it for.
import { element, readout } from "../dom";
import { wordButton } from "../exercises/wording";
import { MOVES, within } from "../fields";
import { headsOf } from "../tables";
import type { Definition, Model, RenderProps } from "./contract";
import { DrawnState } from "./drawn_state";
import { createFrame, setByReader, whenChanged } from "./frame";
import type { Frame } from "./frame";
import { fixed } from "./numbers";
import { Answers } from "./signal_answers";
import { SignalPicture } from "./signal_picture";
import type { Spot, Values } from "./signal_picture";
import { ValuesTable } from "./values_table";

/** What the reader sets; Python and the address get it. */
interface State {
  readonly values: Values;
  readonly example: number;
  readonly shift: number;
  readonly shuffled: boolean;
}

const MOST_UNDONE = 30;
/** A key moves a value by so much of its range; with Shift five times that. */
const STRIDE = 1 / 50;
const LEAP = 5;
const HINT =
  "By keyboard: ← and → choose a position, ↑ and ↓ bend the signal there " +
  "(with Shift further), Ctrl+Z undoes.";

class Signal {
  private readonly ground = element("div", "signal-ground");
  private readonly picture: SignalPicture;
  private readonly answers = new Answers();
  private readonly choice = element("select", "");
  private readonly slider = element("input", "");
  private readonly amount = readout();
  private readonly shuffle: HTMLButtonElement;
  private readonly undo: HTMLButtonElement;
  private readonly table = new ValuesTable("All values", () =>
    this.allValues(),
  );
  private readonly model: Model;
  private readonly frame: Frame;
  private readonly state: DrawnState;
  private readonly before: State[] = [];
  private now: State;
  private at = 0;
  private last: Spot | null = null;

  constructor(props: RenderProps) {
    const { model, signal } = props;
    this.model = model;
    this.frame = createFrame(props);
    this.now = stateOf(model);
    const encoded = (): string => JSON.stringify(this.now);
    const send = (): void => {
      setByReader(model, { ...this.now });
    };
    this.state = new DrawnState(encoded, send, signal);
    this.state.isNews(encoded());
    const [low, high] = [Number(model.get("low")), Number(model.get("high"))];
    this.picture = new SignalPicture(this.now.values.length, low, high);
    this.undo = wordButton("Undo", () => {
      this.goBack();
    });
    this.shuffle = wordButton("Shuffle", () => {
      this.turnOrder();
    });
    this.build();
    this.listen(signal);
    this.picture.fit(this.ground.clientWidth);
    this.show();
    this.drawAnswers();
  }

  private get examples(): readonly Values[] {
    return this.model.get("examples") as Values[];
  }

  private build(): void {
    const { answers, choice, frame, ground, picture, slider, table } = this;
    ground.append(picture.root);
    ground.tabIndex = 0;
    ground.setAttribute("role", "application");
    ground.setAttribute("aria-roledescription", "signal");
    slider.type = "range";
    slider.setAttribute("aria-label", "Shift"); // without the number beside it
    slider.max = String(this.now.values.length - 1);
    slider.min = `-${slider.max}`;
    const shift = element("label", "signal-shift", "Shift", slider);
    shift.append(this.amount);
    this.fillChoice();
    const begin = element("label", "signal-begin", "Begin with", choice);
    begin.hidden = this.examples.length === 1;
    const tools = element("div", "signal-tools", begin, this.shuffle, shift);
    frame.tools.append(this.undo);
    const hint = element("p", "draw-hint", HINT);
    frame.body.append(ground, tools, answers.root, hint, table.root);
  }

  private fillChoice(): void {
    const names = this.model.get("names") as string[];
    const labels = this.model.get("labels") as number[];
    const options = this.examples.map((_, at) => {
      const label = labels[at];
      const name = label === undefined ? undefined : names[label];
      return element("option", "", name ?? `signal ${at + 1}`);
    });
    this.choice.replaceChildren(...options);
  }

  private listen(signal: AbortSignal): void {
    const { model } = this;
    const resized = new ResizeObserver(() => {
      this.picture.fit(this.ground.clientWidth);
      this.show();
    });
    resized.observe(this.ground);
    this.listenToPointer();
    this.listenToTools();
    this.ground.addEventListener("keydown", (event) => {
      this.onKey(event);
    });
    whenChanged(model, Object.keys(this.now), signal, () => {
      this.take();
    });
    whenChanged(model, ["networks", "names", "shares"], signal, () => {
      this.drawAnswers();
    });
    whenChanged(model, ["summary"], signal, () => {
      this.describe();
    });
    signal.addEventListener("abort", () => {
      resized.disconnect();
    });
  }

  private listenToPointer(): void {
    const { ground } = this;
    ground.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      ground.setPointerCapture(event.pointerId);
      this.remember();
      this.trace(this.picture.spotAt(event));
    });
    ground.addEventListener("pointermove", (event) => {
      if (!ground.hasPointerCapture(event.pointerId)) return;
      const parts = event.getCoalescedEvents();
      for (const part of parts.length > 0 ? parts : [event]) {
        this.trace(this.picture.spotAt(part));
      }
    });
    const lift = (): void => {
      this.last = null;
    };
    ground.addEventListener("lostpointercapture", lift);
    ground.addEventListener("pointercancel", lift);
  }

  private listenToTools(): void {
    const { choice, slider } = this;
    choice.addEventListener("change", () => {
      const example = choice.selectedIndex;
      const values = this.examples[example] ?? this.now.values;
      this.remember();
      this.change({ values, example, shift: 0, shuffled: false });
    });
    // One drag of the slider is one step to undo.
    let isMoved = false;
    slider.addEventListener("input", () => {
      if (!isMoved) this.remember();
      isMoved = true;
      const shift = slider.valueAsNumber;
      const values = rolled(this.now.values, shift - this.now.shift);
      this.change({ values, shift });
    });
    slider.addEventListener("change", () => {
      isMoved = false;
    });
  }

  private onKey(event: KeyboardEvent): void {
    const move = MOVES[event.key];
    const isCommand = event.ctrlKey || event.metaKey;
    if (isCommand && event.key.toLowerCase() === "z") this.goBack();
    else if (isCommand || event.altKey || move === undefined) return;
    else this.goBy(move, event.shiftKey ? LEAP : 1);
    event.preventDefault();
  }

  private goBy([down, right]: readonly [number, number], times: number): void {
    const { now } = this;
    this.at = within(this.at + right * times, now.values.length);
    if (down !== 0) {
      const [low, high] = [this.number("low"), this.number("high")];
      const old = now.values[this.at] ?? 0;
      const value = old - down * times * STRIDE * (high - low);
      const spot: Spot = [this.at, Math.max(low, Math.min(high, value))];
      this.remember();
      this.change({ values: bent(now.values, spot, spot) });
    }
    const value = this.now.values[this.at] ?? 0;
    this.picture.point([this.at, value]);
    this.frame.say(`Position ${this.at}: ${fixed(value)}.`);
  }

  private trace(to: Spot): void {
    const values = bent(this.now.values, this.last ?? to, to);
    this.last = to;
    [this.at] = to;
    this.change({ values });
  }

  /** Into the other order and back; the shift stays what it is. */
  private turnOrder(): void {
    const { shift, shuffled, values } = this.now;
    const order = this.model.get("order") as number[];
    const still = rolled(values, -shift);
    const found = shuffled
      ? still.map((_, at) => still[order.indexOf(at)] ?? 0)
      : order.map((from) => still[from] ?? 0);
    this.remember();
    this.change({ values: rolled(found, shift), shuffled: !shuffled });
    this.frame.say(shuffled ? "In place again." : "Shuffled.");
  }

  private remember(): void {
    this.before.push(this.now);
    if (this.before.length > MOST_UNDONE) this.before.shift();
  }

  private goBack(): void {
    const now = JSON.stringify(this.now);
    let last = this.before.pop();
    while (last !== undefined && JSON.stringify(last) === now) {
      last = this.before.pop();
    }
    if (last === undefined) return;
    this.change(last);
    this.frame.say("Undone.");
  }

  /** Shows a change, and Python gets it, though not every time. */
  private change(parts: Partial<State>): void {
    this.now = { ...this.now, ...parts };
    this.show();
    this.state.changed();
  }

  /** A signal that comes from Python, from Reset or from an address. */
  private take(): void {
    const given = stateOf(this.model);
    if (!this.state.isNews(JSON.stringify(given))) return;
    this.remember();
    this.now = given;
    this.show();
  }

  private show(): void {
    const { example, shift, shuffled, values } = this.now;
    this.picture.show(values, this.examples[example] ?? []);
    this.picture.point([this.at, values[this.at] ?? 0]);
    this.choice.selectedIndex = example;
    this.slider.value = String(shift);
    this.amount.textContent = fixed(shift, 0);
    this.shuffle.setAttribute("aria-pressed", String(shuffled));
    const canUndo = this.before.length > 0;
    this.undo.setAttribute("aria-disabled", String(!canUndo));
    const labels = this.model.get("labels") as number[];
    this.answers.mark(labels[example] ?? -1);
    this.describe();
  }

  /** The signal in words and numbers, for whoever does not see it. */
  private describe(): void {
    const summary = String(this.model.get("summary"));
    this.ground.setAttribute("aria-label", `Signal. ${summary}`);
    this.table.refresh();
  }

  private drawAnswers(): void {
    this.answers.show(
      this.model.get("networks") as string[],
      this.model.get("names") as string[],
      this.model.get("shares") as number[][],
    );
    const speak = (): void => {
      this.frame.say(this.answers.words());
    };
    const isHeard = this.ground.matches(":focus") && this.last === null;
    this.state.answered(isHeard ? speak : null);
  }

  private allValues(): HTMLTableElement {
    const rows = this.now.values.map((value, at) =>
      element(
        "tr",
        "",
        element("td", "", String(at)),
        element("td", "", fixed(value, 3)),
      ),
    );
    const body = element("tbody", "", ...rows);
    return element("table", "", headsOf(["position", "value"]), body);
  }

  private number(key: string): number {
    return this.model.get(key) as number;
  }
}

function stateOf(model: Model): State {
  return {
    values: model.get("values") as number[],
    example: model.get("example") as number,
    shift: model.get("shift") as number,
    shuffled: model.get("shuffled") as boolean,
  };
}

/** All values moved on; those that leave at one end come in at the other. */
function rolled(values: Values, by: number): number[] {
  const { length } = values;
  return values.map((_, at) => values[(at - by + 2 * length) % length] ?? 0);
}

/** The values from one spot to another on the straight line between them. */
function bent(values: Values, from: Spot, to: Spot): number[] {
  const [first, last] = from[0] <= to[0] ? [from, to] : [to, from];
  const span = Math.max(1, last[0] - first[0]);
  return values.map((value, at) => {
    if (at === to[0]) return rounded(to[1]);
    if (at < first[0] || at > last[0]) return value;
    const share = (at - first[0]) / span;
    return rounded(first[1] + share * (last[1] - first[1]));
  });
}

const rounded = (value: number): number => Number(value.toFixed(3));

const drawing: Definition = {
  render(props) {
    new Signal(props);
  },
};

export default drawing;
