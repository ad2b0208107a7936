// The benchmark of docs/about/speed.md: nothing is loaded before the reader
// asks for it; then one contender after the other trains the same networks.
import { button, element } from "../dom";
import { Runtime } from "../runtime";
import { headOf, headsOf, scrolling } from "../tables";
import { NETWORKS } from "./problem";
import type { Answer, Network, Question } from "./problem";

declare const PEER_HASH: string;

type OnAnswer = (answer: Answer) => void;

interface Contender {
  readonly name: string;
  run(onAnswer: OnAnswer, signal: AbortSignal): Promise<void>;
}

const TITLES: Record<Network, string> = {
  mlp: "MLP",
  cnn: "CNN",
  lstm: "LSTM",
  block: "Transformer block",
};
/** The first losses of two libraries may differ by rounding. */
const TOLERANCE = 1e-3;
const PATIENCE_MS = 180_000;

/** What our own Python runs, after networks.py. */
const OURS = `
import json
from tutorial_kernels import fast

name = fast.installed()
if not LOOPS:
    fast.uninstall()
try:
    for network in CHOSEN:
        step = course(network)
        losses = [step() for _ in range(4)]
        best = min(milliseconds(step, 0.12) for _ in range(7))
        print(json.dumps(
            {"network": network, "milliseconds": best, "losses": losses}
        ), flush=True)
finally:
    if name is not None:
        fast.install()
`;

class OurPython {
  private readonly runtime: Runtime;

  constructor(
    private readonly assets: URL,
    private readonly networks: readonly Network[],
  ) {
    this.runtime = new Runtime(assets, () => undefined);
  }

  async run(loops: boolean, onAnswer: OnAnswer): Promise<void> {
    const url = new URL("benchmark/networks.py", this.assets);
    const response = await fetch(url);
    if (!response.ok) throw new Error(`networks.py: ${response.status}`);
    const source = [
      await response.text(),
      `LOOPS = ${loops ? "True" : "False"}`,
      `CHOSEN = ${JSON.stringify(this.networks)}`,
      OURS,
    ].join("\n");
    let text = "";
    const result = await this.runtime.run(source, "benchmark", (message) => {
      if (message.type !== "text" || message.stream !== "stdout") return;
      text += message.text;
      const lines = text.split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) onAnswer(JSON.parse(line) as Answer);
    });
    if (result.error !== null) throw new Error(result.error.message);
  }

  dispose(): void {
    this.runtime.dispose();
  }
}

/** One question to a worker of its own, which is ended with the answer. */
async function ask(
  script: URL,
  question: Question,
  signal: AbortSignal,
): Promise<Answer> {
  const worker = new Worker(script, { type: "module", name: "peer" });
  try {
    return await new Promise<Answer>((resolve, reject) => {
      const late = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
      late.addEventListener("abort", () => {
        reject(new Error("given up"));
      });
      worker.addEventListener("message", (event: MessageEvent<Answer>) => {
        resolve(event.data);
      });
      worker.addEventListener("error", (event) => {
        event.preventDefault();
        reject(new Error(event.message || "the script could not be loaded"));
      });
      worker.postMessage(question);
    });
  } finally {
    worker.terminate();
  }
}

function peer(
  name: string,
  script: URL,
  backend: string,
  networks: readonly Network[],
): Contender {
  return {
    name,
    async run(onAnswer, signal) {
      for (const network of networks) {
        const question = { network, backend };
        const answer = await ask(script, question, signal).catch(
          (error: unknown): Answer => ({ network, error: String(error) }),
        );
        signal.throwIfAborted();
        onAnswer(answer);
      }
    },
  };
}

export class BenchmarkPanel {
  private readonly aborter = new AbortController();
  private readonly status = element("p", "benchmark-status");
  private readonly cells = new Map<string, HTMLTableCellElement>();
  private readonly start: HTMLButtonElement;
  private readonly python: OurPython;
  private readonly contenders: readonly Contender[];
  private readonly ours = new Map<Network, Answer>();
  private readonly networks: readonly Network[];

  constructor(
    private readonly root: HTMLElement,
    assets: URL,
  ) {
    const chosen = root.dataset.networks?.split(" ");
    this.networks = NETWORKS.filter((name) => chosen?.includes(name) ?? true);
    const { networks } = this;
    this.python = new OurPython(assets, networks);
    const script = (name: string): URL =>
      new URL(`cells/peer_${name}.js?${PEER_HASH}`, assets);
    const tensorflow = script("tensorflow");
    this.contenders = [
      {
        name: "This page: NumPy with the compiled loops",
        run: (onAnswer) => this.python.run(true, onAnswer),
      },
      {
        name: "NumPy in Pyodide as it comes",
        run: (onAnswer) => this.python.run(false, onAnswer),
      },
      peer("jax-js, WebAssembly", script("jax"), "wasm", networks),
      peer("TensorFlow.js, WebAssembly", tensorflow, "wasm", networks),
      peer("TensorFlow.js, JavaScript", tensorflow, "cpu", networks),
    ];
    this.start = button(
      { icon: "run", label: "Run it here: the benchmark", text: "Run it here" },
      () => {
        this.run().catch((error: unknown) => {
          this.say(`It stopped: ${String(error)}`);
        });
      },
    );
    this.status.setAttribute("role", "status");
    this.say("Nothing is loaded yet.");
    root.replaceChildren(this.start, this.status, this.table());
  }

  dispose(): void {
    this.aborter.abort();
    this.python.dispose();
  }

  private table(): HTMLElement {
    const label = "Milliseconds a step";
    const titles = this.networks.map((network) => TITLES[network]);
    const body = element("tbody", "");
    for (const { name } of this.contenders) {
      const row = element("tr", "", headOf(name, "row"));
      for (const network of this.networks) {
        const cell = element("td", "", "–");
        this.cells.set(`${name} ${network}`, cell);
        row.append(cell);
      }
      body.append(row);
    }
    const table = element("table", "", headsOf([label, ...titles]), body);
    return scrolling(label, table, "benchmark-table");
  }

  private async run(): Promise<void> {
    const { signal } = this.aborter;
    this.start.disabled = true;
    this.ours.clear();
    for (const cell of this.cells.values()) cell.textContent = "–";
    try {
      for (const contender of this.contenders) {
        this.say(`Now training: ${contender.name}.`);
        await contender.run((answer) => {
          this.show(contender.name, answer);
        }, signal);
      }
      this.say("Done. Times are the best of seven rounds.");
    } finally {
      this.start.disabled = false;
    }
  }

  private show(name: string, answer: Answer): void {
    const cell = this.cells.get(`${name} ${answer.network}`);
    if (cell === undefined) return;
    const { milliseconds, losses } = answer;
    if (milliseconds === undefined || losses === undefined) {
      cell.textContent = "cannot train it";
      cell.title = answer.error ?? "";
      return;
    }
    const first = this.ours.get(answer.network);
    if (first === undefined) this.ours.set(answer.network, answer);
    const time = `${milliseconds.toPrecision(3)} ms`;
    if (first?.milliseconds === undefined) {
      cell.textContent = time;
      return;
    }
    const ratio = (milliseconds / first.milliseconds).toFixed(1);
    const same = (first.losses ?? []).every(
      (loss, at) => Math.abs(loss - (losses[at] ?? NaN)) < TOLERANCE * loss,
    );
    cell.textContent = `${time} (${ratio}×)${same ? "" : ", other losses!"}`;
    cell.dataset.same = String(same);
  }

  private say(words: string): void {
    this.status.textContent = words;
  }

  get isShown(): boolean {
    return this.root.isConnected;
  }
}
