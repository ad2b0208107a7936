// Back, step, play, and a slider over all steps.
import { button, dress, element } from "../dom";

const BEAT_MS = 700;
const prefersStills = matchMedia("(prefers-reduced-motion: reduce)");

const PLAY = { icon: "run", label: "Play", text: "Play" } as const;
const PAUSE = { icon: "stop", label: "Pause", text: "Pause" } as const;

export class StepControls {
  readonly root = element("div", "step-controls");
  private readonly slider = element("input", "step-slider");
  private readonly place = element("output", "step-place");
  private readonly playButton: HTMLButtonElement;
  private readonly back: HTMLButtonElement;
  private readonly ahead: HTMLButtonElement;
  private step = 0;
  private last = 0;
  private timer = 0;

  constructor(
    private readonly onStep: (step: number) => void,
    signal: AbortSignal,
  ) {
    this.slider.type = "range";
    this.slider.min = "0";
    this.slider.setAttribute("aria-label", "Step");
    this.slider.addEventListener("input", () => {
      this.go(Number(this.slider.value));
    });
    this.back = plain("‹", "One step back", () => {
      this.go(this.step - 1);
    });
    this.ahead = plain("Step ›", "One step on", () => {
      this.go(this.step + 1);
    });
    this.playButton = button(PLAY, () => {
      if (this.timer === 0) this.play();
      else this.pause();
    });
    this.playButton.hidden = prefersStills.matches;
    signal.addEventListener("abort", () => {
      this.pause();
    });
    const buttons = element(
      "div",
      "step-buttons",
      this.back,
      this.ahead,
      this.playButton,
    );
    this.root.append(buttons, this.slider, this.place);
  }

  show(step: number, last: number, place: string): void {
    this.step = step;
    this.last = last;
    this.slider.max = String(last);
    this.slider.value = String(step);
    this.slider.setAttribute("aria-valuetext", place);
    this.place.textContent = place;
    // Not disabled: a button that has the focus must not lose it.
    this.back.setAttribute("aria-disabled", String(step === 0));
    this.ahead.setAttribute("aria-disabled", String(step === last));
  }

  private go(step: number): void {
    this.pause();
    this.move(step);
  }

  private move(step: number): void {
    if (step < 0 || step > this.last || step === this.step) return;
    this.step = step;
    this.onStep(step);
  }

  private play(): void {
    if (this.step >= this.last) this.move(0);
    dress(this.playButton, PAUSE);
    this.timer = window.setInterval(() => {
      this.move(this.step + 1);
      if (this.step >= this.last) this.pause();
    }, BEAT_MS);
  }

  private pause(): void {
    clearInterval(this.timer);
    this.timer = 0;
    dress(this.playButton, PLAY);
  }
}

function plain(
  text: string,
  label: string,
  onPress: () => void,
): HTMLButtonElement {
  const made = element("button", "cell-button", text);
  made.type = "button";
  made.setAttribute("aria-label", label);
  made.addEventListener("click", onPress);
  return made;
}
