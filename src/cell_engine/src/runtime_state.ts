// The states of a Python, and how a run can end without a result.

export type RuntimeState =
  | { readonly name: "idle" }
  | {
      readonly name: "downloading";
      readonly received: number;
      readonly total: number;
    }
  | { readonly name: "starting" }
  /** `slow` says once, at the start, why NumPy lacks the compiled loops. */
  | { readonly name: "ready"; readonly slow: string }
  | { readonly name: "running" }
  | { readonly name: "failed"; readonly reason: string };

/** Why a run ended without a result of its own. */
export class RunAborted extends Error {
  override readonly name = "RunAborted";

  constructor(
    reason: string,
    /** Whether Python itself broke down under the run. */
    readonly brokeDown = false,
  ) {
    super(reason);
  }
}
