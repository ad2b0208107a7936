"""Writes tiny_shakespeare.json: language models side by side.

Run it in a checkout after training, where Tiny Shakespeare can be found:

    python docs/assets/results/make_shakespeare.py
"""

import json
import math
from pathlib import Path
from typing import Any

from tutorial_kernels.data import load_tiny_shakespeare, read_asset
from tutorial_kernels.training.counting import ngram_nats

RESULTS = Path(__file__).with_name("tiny_shakespeare.json")
NETWORKS = {
    "bigram, learned": "bigram",
    "RNN": "char_rnn",
    "LSTM": "char_lstm",
    "GRU": "char_gru",
    "Transformer, nanoGPT's CPU budget": "transformer",
    "Transformer, 4,000 steps of 16 windows of 128": "transformer_medium",
}
ORDERS = 6


def row(model: str, nats: float, **more: Any) -> dict[str, Any]:
    """A model's cross-entropy in three units."""
    return {
        "model": model,
        "nats_per_character": round(nats, 4),
        "bits_per_character": round(nats / math.log(2), 4),
        "perplexity": round(math.exp(nats), 3),
        **more,
    }


def results() -> dict[str, Any]:
    """All that the file says."""
    known, text = load_tiny_shakespeare()
    rows = [row("uniform", math.log(len(set(known + text))))]
    for order, nats in enumerate(ngram_nats(known, text, ORDERS), 1):
        rows.append(row(f"{order}-gram, Witten-Bell", nats))
    for name, weights in NETWORKS.items():
        record = json.loads(read_asset(f"weights/{weights}.json"))
        more = {
            "parameters": record["parameters"],
            "weights": record["file"],
            "seconds": round(sum(e["seconds"] for e in record["epochs"])),
        }
        rows.append(row(name, record["test_nats_per_character"], **more))
    return {
        "task": "the next character of Tiny Shakespeare",
        "protocol": (
            "The last tenth of the text, 111,540 characters, is asked for; "
            "nanoGPT calls it validation. The n-grams count in the nine "
            "tenths before it. The networks learn from those too, less their "
            "first twentieth, by which the best step is chosen. Networks see "
            "windows side by side, so that the first characters of a window "
            "have little before them; the n-grams always have all they want. "
            "All networks had the same steps and batches, 2,000 of 12 windows "
            "of 64, but the last: 4,000 of 16 windows of 128."
        ),
        "published": (
            "nanoGPT's README gives 1.88 for its CPU settings (4 layers, 4 "
            "heads, 128 channels, windows of 64, 2,000 steps of 12) and "
            "1.4697 for 6 layers of 384 channels on a GPU."
        ),
        "models": rows,
    }


if __name__ == "__main__":
    found = results()
    RESULTS.write_text(json.dumps(found, indent=2) + "\n")
    for one in found["models"]:
        print(f"{one['model']:36} {one['nats_per_character']:.4f} nats")
