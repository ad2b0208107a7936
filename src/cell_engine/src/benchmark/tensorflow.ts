// A worker: the four networks trained by TensorFlow.js.
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients";
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";

import { makeProblem, measure } from "./problem";
import type { Answer, Network, Question, Values } from "./problem";

type Tensors = Record<string, tf.Tensor>;
type Logits = (p: Tensors, x: tf.Tensor) => tf.Tensor;

const get = (tensors: Tensors, name: string): tf.Tensor => {
  const found = tensors[name];
  if (found === undefined) throw new Error(name);
  return found;
};

const linear = (
  p: Tensors,
  x: tf.Tensor,
  weight: string,
  bias: string,
): tf.Tensor => tf.add(tf.matMul(x, get(p, weight)), get(p, bias));

const mlp: Logits = (p, x) =>
  linear(p, tf.relu(linear(p, x, "weight1", "bias1")), "weight2", "bias2");

// TensorFlow.js convolves (B, height, width, C) on the CPU.
const cnn: Logits = (p, x) => {
  const images = tf.transpose(x, [0, 2, 3, 1]) as tf.Tensor4D;
  const kernels = tf.transpose(get(p, "kernels"), [2, 3, 1, 0]) as tf.Tensor4D;
  const sums = tf.add(tf.conv2d(images, kernels, 1, "valid"), get(p, "bias1"));
  const pooled = tf.maxPool(tf.relu(sums) as tf.Tensor4D, 2, 2, "valid");
  const features = tf.reshape(tf.transpose(pooled, [0, 3, 1, 2]), [64, 2704]);
  return linear(p, features, "weight2", "bias2");
};

const lstm: Logits = (p, x) => {
  let h: tf.Tensor = tf.zeros([32, 128]);
  let c: tf.Tensor = tf.zeros([32, 128]);
  const fromX = tf.unstack(
    tf.reshape(
      tf.matMul(tf.reshape(x, [1024, 32]), get(p, "weightX")),
      [32, 32, 512],
    ),
  );
  for (const sumsOfX of fromX) {
    const sums = tf.add(sumsOfX, tf.matMul(h, get(p, "weightH")));
    const [i, f, g, o] = tf.split(sums, 4, 1) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    const written = tf.mul(tf.sigmoid(i), tf.tanh(g));
    c = tf.add(tf.mul(tf.sigmoid(f), c), written);
    h = tf.mul(tf.sigmoid(o), tf.tanh(c));
  }
  return linear(p, h, "weight", "bias");
};

const layerNorm = (x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor) => {
  const centered = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centered), -1, true);
  const normal = tf.mul(centered, tf.rsqrt(tf.add(variance, 1e-5)));
  return tf.add(tf.mul(normal, scale), shift);
};

const future = (): tf.Tensor =>
  tf.tensor2d(
    Float32Array.from({ length: 4096 }, (_, at) =>
      at % 64 > at >> 6 ? -1e9 : 0,
    ),
    [64, 64],
  );

const block: Logits = (p, x3) => {
  const x = tf.reshape(x3, [1024, 64]);
  const normal1 = layerNorm(x, get(p, "scale1"), get(p, "shift1"));
  const qkv = tf.reshape(
    tf.matMul(normal1, get(p, "weightQkv")),
    [16, 64, 3, 4, 16],
  );
  const [q, k, v] = tf
    .unstack(qkv, 2)
    .map((part) => tf.transpose(part, [0, 2, 1, 3])) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const scores = tf.mul(tf.matMul(q, k, false, true), 0.25);
  const weights = tf.softmax(tf.add(scores, future()));
  const seen = tf.transpose(tf.matMul(weights, v), [0, 2, 1, 3]);
  const x1 = tf.add(
    x,
    tf.matMul(tf.reshape(seen, [1024, 64]), get(p, "weightOut")),
  );
  const normal2 = layerNorm(x1, get(p, "scale2"), get(p, "shift2"));
  const hidden = tf.relu(linear(p, normal2, "weight1", "bias1"));
  const x2 = tf.add(x1, linear(p, hidden, "weight2", "bias2"));
  return linear(p, x2, "weight", "bias");
};

const LOGITS: Record<Network, Logits> = { mlp, cnn, lstm, block };

const tensor = ({ data, shape }: Values): tf.Tensor => tf.tensor(data, shape);

async function train(network: Network): Promise<Answer> {
  const { parameters, x, labels } = makeProblem(network);
  const variables = Object.fromEntries(
    Object.entries(parameters).map(([name, values]) => [
      name,
      tf.variable(tensor(values)),
    ]),
  );
  const [inputs, targets] = [tensor(x), tensor(labels)];
  const plain = network === "mlp" || network === "cnn";
  const optimizer = plain ? tf.train.sgd(0.05) : tf.train.adam(1e-3);
  const loss = (): tf.Scalar =>
    tf.losses.softmaxCrossEntropy(targets, LOGITS[network](variables, inputs));
  return await measure(network, async () => {
    const value = optimizer.minimize(loss, true, Object.values(variables));
    if (value === null) throw new Error("no loss came back");
    const [number] = await value.data();
    value.dispose();
    return number ?? NaN;
  });
}

self.addEventListener("message", (event: MessageEvent<Question>) => {
  const { network, backend } = event.data;
  const answer = async (): Promise<Answer> => {
    setWasmPaths(new URL("./", import.meta.url).href);
    await tf.setBackend(backend);
    await tf.ready();
    return await train(network);
  };
  answer()
    .catch((error: unknown): Answer => ({ network, error: String(error) }))
    .then((message) => {
      self.postMessage(message);
    })
    .catch(() => undefined);
});
