// The four networks of docs/assets/benchmark/networks.py: the same parameters,
// inputs and labels, from the same formula, for the other libraries.

export const NETWORKS = ["mlp", "cnn", "lstm", "block"] as const;
export type Network = (typeof NETWORKS)[number];

export interface Values {
  readonly data: Float32Array;
  readonly shape: number[];
}

export interface Problem {
  readonly parameters: Record<string, Values>;
  readonly x: Values;
  /** One-hot. */
  readonly labels: Values;
}

/** What a worker is told, and what it answers. */
export interface Question {
  readonly network: Network;
  readonly backend: string;
}
export interface Answer {
  readonly network: Network;
  readonly milliseconds?: number;
  readonly losses?: readonly number[];
  readonly error?: string;
}

const ZEROS = 0;
const ONES = 1;

/** Shape and fan-in of every parameter. */
const PARAMETERS: Record<Network, Record<string, [number[], number]>> = {
  mlp: {
    weight1: [[784, 128], 784],
    bias1: [[128], ZEROS],
    weight2: [[128, 10], 128],
    bias2: [[10], ZEROS],
  },
  cnn: {
    kernels: [[16, 1, 3, 3], 9],
    bias1: [[16], ZEROS],
    weight2: [[2704, 10], 2704],
    bias2: [[10], ZEROS],
  },
  lstm: {
    weightX: [[32, 512], 128],
    weightH: [[128, 512], 128],
    weight: [[128, 10], 128],
    bias: [[10], ZEROS],
  },
  block: {
    scale1: [[64], ONES],
    shift1: [[64], ZEROS],
    weightQkv: [[64, 192], 64],
    weightOut: [[64, 64], 64],
    scale2: [[64], ONES],
    shift2: [[64], ZEROS],
    weight1: [[64, 256], 64],
    bias1: [[256], ZEROS],
    weight2: [[256, 64], 256],
    bias2: [[64], ZEROS],
    weight: [[64, 65], 64],
    bias: [[65], ZEROS],
  },
};

const INPUTS: Record<Network, [number[], number, number]> = {
  mlp: [[64, 784], 64, 10],
  cnn: [[64, 1, 28, 28], 64, 10],
  lstm: [[32, 32, 32], 32, 10],
  block: [[16, 64, 64], 1024, 65],
};

/** Between 0 and 1 (mulberry32). */
function randomNumbers(seed: number, count: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  });
}

const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, n) => product * n, 1);

function parameter(seed: number, shape: number[], fanIn: number): Values {
  const size = sizeOf(shape);
  if (fanIn < 2) return { data: new Float32Array(size).fill(fanIn), shape };
  const numbers = randomNumbers(seed, size);
  const spread = Math.sqrt(fanIn);
  return {
    data: Float32Array.from(numbers, (n) => (2 * n - 1) / spread),
    shape,
  };
}

export function makeProblem(network: Network): Problem {
  const entries = Object.entries(PARAMETERS[network]).map(
    ([name, [shape, fanIn]], at) =>
      [name, parameter(at + 1, shape, fanIn)] as const,
  );
  const [shape, count, classes] = INPUTS[network];
  const numbers = randomNumbers(100, sizeOf(shape));
  const labels = new Float32Array(count * classes);
  randomNumbers(200, count).forEach((n, row) => {
    labels[row * classes + Math.floor(n * classes)] = 1;
  });
  return {
    parameters: Object.fromEntries(entries),
    x: { data: Float32Array.from(numbers, (n) => 2 * n - 1), shape },
    labels: { data: labels, shape: [count, classes] },
  };
}

const FIRST_STEPS = 4;
const ROUNDS = 7;
const ROUND_MS = 120;

/** The first losses, then the fastest of some rounds, per step. */
export async function measure(
  network: Network,
  step: () => Promise<number>,
): Promise<Answer> {
  const losses = [];
  for (let n = 0; n < FIRST_STEPS; n++) losses.push(await step());
  let milliseconds = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    let steps = 0;
    let passed = 0;
    while (passed < ROUND_MS) {
      await step();
      steps += 1;
      passed = performance.now() - start;
    }
    milliseconds = Math.min(milliseconds, passed / steps);
  }
  return { network, milliseconds, losses };
}
