// Every sentence that reports a state, in one place.
import type { OutputMessage, ProgressMessage } from "./messages";
import type { RuntimeState } from "./runtime";

type LoadingMessage = Extract<OutputMessage, { type: "loading" }>;

export function duration(seconds: number): string {
  if (seconds < 0.0995) return `${Math.ceil(seconds * 1000)} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 99.5) return `${Math.round(seconds)} s`;
  return `${Math.round(seconds / 60)} min`;
}

export function expectation(seconds: number): string {
  if (!Number.isFinite(seconds)) return "";
  return seconds < 1 ? "under 1 s" : `about ${Math.round(seconds)} s`;
}

export function countOf(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

export function runtimeWords(state: RuntimeState): string {
  switch (state.name) {
    case "idle":
      return "Python is not loaded";
    case "downloading":
      return (
        `Downloading Python: ${megabytes(state.received)} ` +
        `of ${megabytes(state.total)} MB`
      );
    case "starting":
      return "Starting Python";
    case "ready":
      return state.slow === ""
        ? "Python is ready"
        : `Python is ready. NumPy is slower here: ${state.slow}.`;
    case "running":
      return "Python is running";
    case "failed":
      return `Python could not start. ${state.reason}`;
  }
}

/** `Loading matplotlib: 2.1 of 6.2 MB`. */
export function loadingWords(message: LoadingMessage): string {
  const { name, received, total } = message;
  const share = `${megabytes(received)} of ${megabytes(total)} MB`;
  return `Loading ${name}: ${share}`;
}

export interface ProgressWords {
  readonly place: string;
  readonly pace: string;
}

/** `training: step 40 of 200`, `120 steps/s, 1.3 s left`. */
export function progressWords(message: ProgressMessage): ProgressWords {
  const { step, total, label, seconds } = message;
  const name = label === "" ? "" : `${label}: `;
  const ofTotal = total === null ? "" : ` of ${total.toLocaleString("en")}`;
  const place = `${name}step ${step.toLocaleString("en")}${ofTotal}`;
  if (seconds <= 0 || step === 0) return { place, pace: "" };
  const rate = step / seconds;
  const shown =
    rate >= 1
      ? `${Number(rate.toPrecision(2))} steps/s`
      : `${duration(1 / rate)} a step`;
  const left =
    total === null ? "" : `, ${duration((total - step) / rate)} left`;
  return { place, pace: step === total ? shown : `${shown}${left}` };
}
