// A worker: the four networks trained by jax-js, a step compiled as a whole.
import {
  defaultDevice,
  init,
  jit,
  lax,
  nn,
  numpy as np,
  tree,
  valueAndGrad,
} from "@jax-js/jax";
import type { Array as JaxArray } from "@jax-js/jax";

import { makeProblem, measure } from "./problem";
import type { Answer, Network, Question, Values } from "./problem";

// An array is used up by the operation it goes into; `.ref` keeps it.
type Arrays = Record<string, JaxArray>;
type Logits = (p: Arrays, x: JaxArray) => JaxArray;

const take = (arrays: Arrays, name: string): JaxArray => {
  const found = arrays[name];
  if (found === undefined) throw new Error(name);
  return found;
};

const linear = (
  p: Arrays,
  x: JaxArray,
  weight: string,
  bias: string,
): JaxArray => np.dot(x, take(p, weight)).add(take(p, bias));

const mlp: Logits = (p, x) =>
  linear(p, nn.relu(linear(p, x, "weight1", "bias1")), "weight2", "bias2");

const cnn: Logits = (p, x) => {
  const sums = lax
    .convGeneralDilated(x, take(p, "kernels"), [1, 1], "VALID")
    .add(take(p, "bias1").reshape([16, 1, 1]));
  const pooled = lax.reduceWindow(nn.relu(sums), np.max, [2, 2], [2, 2]);
  return linear(p, pooled.reshape([64, 2704]), "weight2", "bias2");
};

const lstm: Logits = (p, x) => {
  let h = np.zeros([32, 128]);
  let c = np.zeros([32, 128]);
  const weightH = take(p, "weightH");
  const fromX = np
    .dot(x.reshape([1024, 32]), take(p, "weightX"))
    .reshape([32, 32, 4, 128]);
  for (let t = 0; t < 32; t++) {
    const sums = np
      .dot(h, weightH.ref)
      .reshape([32, 4, 128])
      .add(fromX.ref.slice(t));
    const i = nn.sigmoid(sums.ref.slice([], 0));
    const f = nn.sigmoid(sums.ref.slice([], 1));
    const g = np.tanh(sums.ref.slice([], 2));
    const o = nn.sigmoid(sums.slice([], 3));
    c = f.mul(c).add(i.mul(g));
    h = o.mul(np.tanh(c.ref));
  }
  for (const unused of [weightH, fromX, c]) unused.dispose();
  return linear(p, h, "weight", "bias");
};

const layerNorm = (x: JaxArray, scale: JaxArray, shift: JaxArray) => {
  const centered = x.ref.sub(x.mean(-1, { keepdims: true }));
  const variance = np.square(centered.ref).mean(-1, { keepdims: true });
  const factor = np.reciprocal(np.sqrt(variance.add(1e-5)));
  return centered.mul(factor).mul(scale).add(shift);
};

const block: Logits = (p, x3) => {
  const x = x3.reshape([1024, 64]);
  const normal1 = layerNorm(x.ref, take(p, "scale1"), take(p, "shift1"));
  const qkv = np
    .dot(normal1, take(p, "weightQkv"))
    .reshape([16, 64, 3, 4, 16])
    .transpose([2, 0, 3, 1, 4]);
  const [q, k, v] = [qkv.ref.slice(0), qkv.ref.slice(1), qkv.slice(2)];
  const future = np
    .array(
      Float32Array.from({ length: 4096 }, (_, at) =>
        at % 64 > at >> 6 ? -1e9 : 0,
      ),
    )
    .reshape([64, 64]);
  const scores = np.matmul(q, k.transpose([0, 1, 3, 2])).mul(0.25);
  const weights = nn.softmax(scores.add(future), -1);
  const seen = np.matmul(weights, v).transpose([0, 2, 1, 3]);
  const x1 = x.add(np.dot(seen.reshape([1024, 64]), take(p, "weightOut")));
  const normal2 = layerNorm(x1.ref, take(p, "scale2"), take(p, "shift2"));
  const hidden = nn.relu(linear(p, normal2, "weight1", "bias1"));
  const x2 = x1.add(linear(p, hidden, "weight2", "bias2"));
  return linear(p, x2, "weight", "bias");
};

const LOGITS: Record<Network, Logits> = { mlp, cnn, lstm, block };

const array = ({ data, shape }: Values): JaxArray =>
  np.array(data.slice()).reshape(shape);

type Loss = (p: Arrays, x: JaxArray, labels: JaxArray) => JaxArray;

function makeLoss(network: Network, rows: number): Loss {
  return (p, x, labels) =>
    nn
      .logSoftmax(LOGITS[network](p, x))
      .mul(labels)
      .sum()
      .mul(-1 / rows);
}

/** Plain gradient descent: the new parameters, and the loss. */
function descend(loss: Loss) {
  return jit((p: Arrays, x: JaxArray, labels: JaxArray) => {
    const [value, grads] = valueAndGrad(loss)(tree.ref(p), x, labels);
    const move = (a: JaxArray, g: JaxArray): JaxArray => a.sub(g.mul(0.05));
    return [tree.map(move, p, grads), value] as [Arrays, JaxArray];
  });
}

/** What Adam changes: the parameters and the two averages. */
type Adam = [Arrays, Arrays, Arrays];

function adam(loss: Loss) {
  const average = (m: JaxArray, g: JaxArray): JaxArray =>
    m.mul(0.9).add(g.mul(0.1));
  const averageSquare = (s: JaxArray, g: JaxArray): JaxArray =>
    s.mul(0.999).add(np.square(g).mul(0.001));
  return jit((old: Adam, size: JaxArray, x: JaxArray, labels: JaxArray) => {
    const [p, oldMeans, oldSquares] = old;
    const [value, grads] = valueAndGrad(loss)(tree.ref(p), x, labels);
    const means = tree.map(average, oldMeans, tree.ref(grads));
    const squares = tree.map(averageSquare, oldSquares, grads);
    const move = (a: JaxArray, m: JaxArray, s: JaxArray): JaxArray =>
      a.sub(m.mul(size.ref).div(np.sqrt(s).add(1e-8)));
    const next = tree.map(move, p, tree.ref(means), tree.ref(squares));
    size.dispose();
    return [[next, means, squares], value] as [Adam, JaxArray];
  });
}

/** The bias of Adam's averages, corrected in the length of the step. */
const stepSize = (count: number): number =>
  (1e-3 * Math.sqrt(1 - 0.999 ** count)) / (1 - 0.9 ** count);

function makeStep(network: Network): () => Promise<number> {
  const { labels, parameters, x } = makeProblem(network);
  const loss = makeLoss(network, labels.shape[0] ?? 1);
  const [inputs, targets] = [array(x), array(labels)];
  const each = (make: (values: Values) => JaxArray): Arrays =>
    Object.fromEntries(
      Object.entries(parameters).map(([name, v]) => [name, make(v)]),
    );
  if (network === "mlp" || network === "cnn") {
    const step = descend(loss);
    let p = each(array);
    return async () => {
      const [next, value] = step(p, inputs.ref, targets.ref);
      p = next;
      return Number(await value.jsAsync());
    };
  }
  const step = adam(loss);
  const zeros = ({ shape }: Values): JaxArray => np.zeros(shape);
  let state: Adam = [each(array), each(zeros), each(zeros)];
  let count = 0;
  return async () => {
    const size = np.array([stepSize(++count)]);
    const [next, value] = step(state, size, inputs.ref, targets.ref);
    state = next;
    return Number(await value.jsAsync());
  };
}

self.addEventListener("message", (event: MessageEvent<Question>) => {
  const { network } = event.data;
  const answer = async (): Promise<Answer> => {
    await init("wasm");
    defaultDevice("wasm");
    return await measure(network, makeStep(network));
  };
  answer()
    .catch((error: unknown): Answer => ({ network, error: String(error) }))
    .then((message) => {
      self.postMessage(message);
    })
    .catch(() => undefined);
});
