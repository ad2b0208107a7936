"""The training steps of `networks` in plain NumPy, as one first writes them."""

import math

import numpy as np
from networks import HEADS, LEARNING_RATE, problem


def textbook(name):
    """A training step of the network; it returns the loss."""
    parameters, x, labels = problem(name)
    gradients_of = {
        "mlp": mlp_gradients,
        "cnn": cnn_gradients,
        "lstm": lstm_gradients,
        "block": block_gradients,
    }[name]
    lr = np.float32(LEARNING_RATE[name])
    averages = {
        key: (np.zeros_like(p), np.zeros_like(p))
        for key, p in parameters.items()
    }
    count = 0

    def step():
        nonlocal count
        count += 1
        loss, gradients = gradients_of(parameters, x, labels)
        for key, grad in gradients.items():
            if name in ("mlp", "cnn"):
                parameters[key] -= lr * grad
            else:
                change, averages[key] = adam(*averages[key], grad, count)
                parameters[key] -= lr * change
        return float(loss)

    return step


def adam(mean, square, grad, step, beta1=0.9, beta2=0.999, eps=1e-8):
    mean = beta1 * mean + (1 - beta1) * grad
    square = beta2 * square + (1 - beta2) * grad**2
    mean_hat = mean / (1 - beta1**step)
    square_hat = square / (1 - beta2**step)
    return mean_hat / (np.sqrt(square_hat) + eps), (mean, square)


def softmax(scores):
    exponentials = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def cross_entropy(logits, labels):
    rows = np.arange(len(labels))
    probabilities = softmax(logits)
    loss = -np.log(probabilities[rows, labels]).mean()
    probabilities[rows, labels] -= 1
    return loss, probabilities / len(labels)


def mlp_gradients(p, x, labels):
    hidden = np.maximum(x @ p["weight1"] + p["bias1"], 0)
    logits = hidden @ p["weight2"] + p["bias2"]
    loss, grad = cross_entropy(logits, labels)
    grad_hidden = (grad @ p["weight2"].T) * (hidden > 0)
    return loss, {
        "weight1": x.T @ grad_hidden, "bias1": grad_hidden.sum(axis=0),
        "weight2": hidden.T @ grad, "bias2": grad.sum(axis=0),
    }  # fmt: skip


def cnn_gradients(p, x, labels):
    windows = np.lib.stride_tricks.sliding_window_view(x, (3, 3), axis=(2, 3))
    columns = windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, 9)
    flat_kernels = p["kernels"].reshape(16, 9)
    sums = columns @ flat_kernels.T + p["bias1"]
    images = np.maximum(sums, 0).reshape(-1, 26, 26, 16).transpose(0, 3, 1, 2)
    blocks = images.reshape(-1, 16, 13, 2, 13, 2)
    pooled = blocks.max(axis=(3, 5))
    features = pooled.reshape(len(x), -1)
    logits = features @ p["weight2"] + p["bias2"]
    loss, grad = cross_entropy(logits, labels)
    grad_pooled = (grad @ p["weight2"].T).reshape(pooled.shape)
    won = blocks == pooled[:, :, :, None, :, None]
    grad_blocks = won * grad_pooled[:, :, :, None, :, None]
    grad_images = grad_blocks.reshape(images.shape) * (images > 0)
    grad_sums = grad_images.transpose(0, 2, 3, 1).reshape(-1, 16)
    return loss, {
        "kernels": (grad_sums.T @ columns).reshape(16, 1, 3, 3),
        "bias1": grad_sums.sum(axis=0),
        "weight2": features.T @ grad, "bias2": grad.sum(axis=0),
    }  # fmt: skip


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def lstm_gradients(p, x, labels):
    steps, batch, _ = x.shape
    h = c = np.zeros((batch, 128), np.float32)
    remembered = []
    for t in range(steps):
        sums = x[t] @ p["weight_x"] + h @ p["weight_h"]
        i, f = sigmoid(sums[:, :128]), sigmoid(sums[:, 128:256])
        g, o = np.tanh(sums[:, 256:384]), sigmoid(sums[:, 384:])
        h_before, c_before = h, c
        c = f * c + i * g
        shown = np.tanh(c)
        h = o * shown
        remembered.append((x[t], h_before, c_before, i, f, g, o, shown))
    loss, grad = cross_entropy(h @ p["weight"] + p["bias"], labels)
    gradients = {key: np.zeros_like(array) for key, array in p.items()}
    gradients["weight"], gradients["bias"] = h.T @ grad, grad.sum(axis=0)
    grad_h, grad_c = grad @ p["weight"].T, np.zeros_like(c)
    for x_t, h_before, c_before, i, f, g, o, shown in reversed(remembered):
        grad_c = grad_c + grad_h * o * (1 - shown**2)
        grad_sums = np.concatenate(
            [
                grad_c * g * i * (1 - i),
                grad_c * c_before * f * (1 - f),
                grad_c * i * (1 - g**2),
                grad_h * shown * o * (1 - o),
            ],
            axis=1,
        )
        gradients["weight_x"] += x_t.T @ grad_sums
        gradients["weight_h"] += h_before.T @ grad_sums
        grad_h = grad_sums @ p["weight_h"].T
        grad_c = grad_c * f
    return loss, gradients


def layer_norm(x, scale, shift):
    centered = x - x.mean(axis=-1, keepdims=True)
    variance = (centered**2).mean(axis=-1, keepdims=True)
    normal = centered / np.sqrt(variance + 1e-5)
    return normal * scale + shift, (normal, 1 / np.sqrt(variance + 1e-5))


def layer_norm_gradients(grad, scale, cache):
    normal, factor = cache
    inner = grad * scale
    mean = inner.mean(axis=-1, keepdims=True)
    along = (inner * normal).mean(axis=-1, keepdims=True)
    grad_x = (inner - mean - normal * along) * factor
    return grad_x, (grad * normal).sum(axis=(0, 1)), grad.sum(axis=(0, 1))


def block_gradients(p, x, labels):
    batch, places, size = x.shape
    depth = size // HEADS
    factor = np.float32(1 / math.sqrt(depth))
    future = np.triu(np.full((places, places), -1e9, np.float32), 1)

    def rows(array):
        return array.reshape(batch * places, -1)

    normal1, cache1 = layer_norm(x, p["scale1"], p["shift1"])
    qkv = (normal1 @ p["weight_qkv"]).reshape(batch, places, 3, HEADS, depth)
    q, k, v = qkv.transpose(2, 0, 3, 1, 4)
    weights = softmax(q @ k.swapaxes(-1, -2) * factor + future)
    seen = (weights @ v).transpose(0, 2, 1, 3).reshape(batch, places, size)
    x1 = x + seen @ p["weight_out"]
    normal2, cache2 = layer_norm(x1, p["scale2"], p["shift2"])
    hidden = np.maximum(normal2 @ p["weight1"] + p["bias1"], 0)
    x2 = x1 + hidden @ p["weight2"] + p["bias2"]
    loss, grad = cross_entropy(rows(x2 @ p["weight"] + p["bias"]), labels)
    grads = {"weight": rows(x2).T @ grad, "bias": grad.sum(axis=0)}
    grad_x2 = (grad @ p["weight"].T).reshape(x.shape)
    grads["weight2"] = rows(hidden).T @ rows(grad_x2)
    grads["bias2"] = grad_x2.sum(axis=(0, 1))
    grad_hidden = (grad_x2 @ p["weight2"].T) * (hidden > 0)
    grads["weight1"] = rows(normal2).T @ rows(grad_hidden)
    grads["bias1"] = grad_hidden.sum(axis=(0, 1))
    grad_x1, grads["scale2"], grads["shift2"] = layer_norm_gradients(
        grad_hidden @ p["weight1"].T, p["scale2"], cache2
    )
    grad_x1 += grad_x2
    grads["weight_out"] = rows(seen).T @ rows(grad_x1)
    grad_seen = (grad_x1 @ p["weight_out"].T).reshape(
        batch, places, HEADS, depth
    )
    grad_seen = grad_seen.transpose(0, 2, 1, 3)
    grad_v = weights.swapaxes(-1, -2) @ grad_seen
    grad_weights = grad_seen @ v.swapaxes(-1, -2)
    shared = (grad_weights * weights).sum(axis=-1, keepdims=True)
    grad_scores = weights * (grad_weights - shared) * factor
    grad_q = grad_scores @ k
    grad_k = grad_scores.swapaxes(-1, -2) @ q
    grad_qkv = np.stack([grad_q, grad_k, grad_v]).transpose(1, 3, 0, 2, 4)
    grad_qkv = grad_qkv.reshape(batch, places, 3 * size)
    grads["weight_qkv"] = rows(normal1).T @ rows(grad_qkv)
    _, grads["scale1"], grads["shift1"] = layer_norm_gradients(
        grad_qkv @ p["weight_qkv"].T, p["scale1"], cache1
    )
    return loss, {key: grads[key] for key in p}
