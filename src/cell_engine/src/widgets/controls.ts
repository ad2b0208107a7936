// A panel of sliders, switches, choices and buttons.
import { element, readout } from "../dom";
import { wordButton } from "../exercises/wording";
import type { Definition, Model, RenderProps } from "./contract";
import { createFrame, setByReader, whenChanged } from "./frame";

interface Named {
  readonly name: string;
}

interface SliderField extends Named {
  readonly kind: "slider";
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  readonly whole: boolean;
}

interface SelectField extends Named {
  readonly kind: "select";
  readonly choices: readonly (number | string)[];
}

type Field =
  | SliderField
  | SelectField
  | (Named & { readonly kind: "switch" })
  | (Named & { readonly kind: "button" });

/** What a control shows, and how it is brought up to date. */
interface Control {
  readonly root: HTMLElement;
  draw(): void;
}

/** The steps of a slider of real numbers. */
const STEPS = 400;

let made = 0;

const render = (props: RenderProps): void => {
  const { model, signal } = props;
  const frame = createFrame(props);
  const fields = model.get("fields") as readonly Field[];
  const panel = element("div", "controls");
  const drawn = fields.map((field) => createControl(field, model));
  panel.append(...drawn.map(({ root }) => root));
  frame.body.append(panel);
  const names = fields.map(({ name }) => name);
  whenChanged(model, names, signal, () => {
    for (const control of drawn) control.draw();
  });
};

function createControl(field: Field, model: Model): Control {
  switch (field.kind) {
    case "slider":
      return createSlider(field, model);
    case "switch":
      return createSwitch(field.name, model);
    case "select":
      return createSelect(field, model);
    case "button": {
      const root = wordButton(field.name, () => {
        model.send({ press: field.name });
      });
      return { root, draw: () => undefined };
    }
  }
}

function labelled(name: string, control: HTMLElement): HTMLLabelElement {
  made += 1;
  control.id = `control-${made}`;
  const label = element("label", "", name);
  label.htmlFor = control.id;
  return label;
}

/** Calls with the last value, once a frame at most. */
function onceAFrame(call: () => void): () => void {
  let frame = 0;
  return () => {
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      call();
    });
  };
}

function createSlider(field: SliderField, model: Model): Control {
  const { high, log, low, name, whole } = field;
  const slider = element("input", "");
  const value = readout();
  slider.type = "range";
  slider.min = "0";
  slider.max = String(whole ? high - low : STEPS);
  const last = Number(slider.max);
  const valueAt = (place: number): number => {
    const share = place / last;
    if (whole) return low + place;
    const found = log
      ? low * (high / low) ** share
      : low + (high - low) * share;
    return Math.min(high, Math.max(low, Number(found.toPrecision(4))));
  };
  const placeOf = (at: number): number => {
    if (whole) return at - low;
    const share = log
      ? Math.log(at / low) / Math.log(high / low)
      : (at - low) / (high - low);
    return Math.round(share * STEPS);
  };
  // Moved again in a frame that still draws the place before: not set back.
  let isAhead = false;
  const draw = (): void => {
    const now = Number(model.get(name));
    const words = String(Number(now.toPrecision(4)));
    if (!isAhead) slider.value = String(placeOf(now));
    slider.setAttribute("aria-valuetext", words);
    value.textContent = words;
  };
  const save = onceAFrame(() => {
    isAhead = false;
    setByReader(model, { [name]: valueAt(Number(slider.value)) });
  });
  slider.addEventListener("input", () => {
    isAhead = true;
    save();
  });
  draw();
  const label = labelled(name, slider);
  return { root: element("div", "control", label, slider, value), draw };
}

function createSwitch(name: string, model: Model): Control {
  const box = element("input", "");
  box.type = "checkbox";
  box.setAttribute("role", "switch");
  const draw = (): void => {
    box.checked = model.get(name) === true;
  };
  box.addEventListener("change", () => {
    setByReader(model, { [name]: box.checked });
  });
  draw();
  return { root: element("div", "control", labelled(name, box), box), draw };
}

function createSelect({ choices, name }: SelectField, model: Model): Control {
  const select = element("select", "");
  for (const choice of choices) {
    select.append(element("option", "", String(choice)));
  }
  const draw = (): void => {
    select.selectedIndex = choices.findIndex((one) => one === model.get(name));
  };
  select.addEventListener("change", () => {
    setByReader(model, { [name]: choices[select.selectedIndex] });
  });
  draw();
  const label = labelled(name, select);
  return { root: element("div", "control", label, select), draw };
}

const controls: Definition = { render };

export default controls;
