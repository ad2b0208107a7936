"""Language models that only count: what a network for text has to beat."""

import numpy as np
from numpy.typing import NDArray


def ngram_nats(known: str, text: str, orders: int) -> list[float]:
    r"""Measures n-gram models on a text they have not seen.

    An n-gram model takes the n - 1 characters h before a character c. It
    mixes what it has counted with the shorter model, the more so the more
    kinds of characters K(h) have followed h (Witten and Bell):
    \( p_n(c \mid h) = (N(h, c) + K(h) \, p_{n-1}(c \mid h')) /
    (N(h) + K(h)) \), down to \( p_0 = 1 / V \).

    Args:
        known: The text to count in.
        text: The text to measure on; its characters are all in the known one.
        orders: The largest n.

    Returns:
        The nats per character of the models with n = 1, ..., orders.

    Source:
        Witten and Bell, "The zero-frequency problem", 1991.
    """
    alphabet = np.array(sorted(set(known)))
    count = len(alphabet)
    seen = np.searchsorted(alphabet, np.array(list(known)))
    asked = np.searchsorted(alphabet, np.array(list(text)))
    probability = np.full(len(asked), 1 / count)
    found = []
    for order in range(1, orders + 1):
        known_pairs, pairs = (_codes(x, order, count) for x in (seen, asked))
        kinds, times = np.unique(known_pairs, return_counts=True)
        contexts, first = np.unique(kinds // count, return_index=True)
        followers = np.diff(np.append(first, len(kinds)))
        totals = np.add.reduceat(times, first)
        # The first characters have fewer before them: the shorter models'.
        rest = slice(order - 1, None)
        both = _look_up(kinds, times, pairs)
        spread = _look_up(contexts, followers, pairs // count)
        total = _look_up(contexts, totals, pairs // count)
        mixed = both + spread * probability[rest]
        known_context = total > 0
        probability[rest][known_context] = (
            mixed[known_context] / (total + spread)[known_context]
        )
        found.append(float(-np.log(probability).mean()))
    return found


def _codes(
    numbers: NDArray[np.int64], order: int, count: int
) -> NDArray[np.int64]:
    """One number for each run of ``order`` characters."""
    runs = np.lib.stride_tricks.sliding_window_view(numbers, order)
    return runs @ (count ** np.arange(order - 1, -1, -1))


def _look_up(
    keys: NDArray[np.int64], values: NDArray[np.int64], of: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The value of each key, 0 where there is no such key."""
    places = np.searchsorted(keys, of).clip(max=len(keys) - 1)
    return np.where(keys[places] == of, values[places], 0)
