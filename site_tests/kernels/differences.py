"""How far the pairs are from torch: what a run sees, and what the site says.

Every comparison with torch is noted. None may differ more than the reference
page of its pair says; `make differences` runs the tests of the kernels and
writes down what they saw.
"""

import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import currently_in_test_context

from site_tests.counts import COUNTS, GENERATED

FILE = Path(__file__).parents[2] / "docs/assets/reference/differences.json"
KINDS = ("values", "gradients")
# No bound is smaller: another processor rounds exp and tanh another way, and
# a derivative such as 1 - tanh(x)^2 keeps few digits where tanh(x) is near 1.
# (Two processors gave 1e-15 and 4.5e-13 for the same examples of tanh.)
DTYPES = {"float64": 1e-11, "float32": 1e-5}


def bound(difference: float, dtype: str) -> float:
    """The power of ten that leaves room for ten times the difference.

    Hypothesis draws other examples when a line of the library changes, and
    another processor adds in another order; the room is for both.
    """
    exponent = math.ceil(math.log10(10 * max(difference, 1e-30)))
    return max(float(f"1e{exponent}"), DTYPES[dtype])


def at_least(cases: int) -> int:
    """Half of them, rounded down to one digit: other draws may be fewer."""
    half = max(cases // 2, 1)
    digit = 10 ** (len(str(half)) - 1)
    return half // digit * digit


class Differences:
    """The comparisons of a run, and the bounds they have to keep."""

    def __init__(self, bounds: dict[str, Any]) -> None:
        self.bounds = bounds
        self.recording = False
        self.cases: Counter[str] = Counter()
        self.generated: Counter[str] = Counter()
        self.largest: dict[tuple[str, str, str], float] = {}

    def count(self, pair: str, dtype: Any) -> None:
        """One more case of a pair."""
        if currently_in_test_context():  # hypothesis made it
            COUNTS[GENERATED] += 1
            self.generated[pair] += 1
        if str(dtype) in DTYPES:
            self.cases[pair] += 1

    def note(self, pair: str, dtype: Any, kind: str, difference: Any) -> None:
        """A relative difference; smaller than the page says, or it fails."""
        if str(dtype) not in DTYPES:
            return
        key = (pair, str(dtype), kind)
        difference = float(difference)
        self.largest[key] = max(self.largest.get(key, 0.0), difference)
        if self.recording or pair not in self.bounds:
            return
        allowed = self.bounds[pair][str(dtype)][kind]
        assert difference <= allowed, (
            f"{pair}: the {kind} in {dtype} differ from torch's by "
            f"{difference:.1e}, its reference page says {allowed}; if that is "
            "right, run `make differences`"
        )

    def summary(self) -> dict[str, Any]:
        """What the run saw, pair by pair, as the file holds it."""
        return {
            pair: {
                "cases": at_least(self.cases[pair]),
                **{dtype: self._bounds(pair, dtype) for dtype in DTYPES},
            }
            for pair in sorted(self.cases)
        }

    def _bounds(self, pair: str, dtype: str) -> dict[str, float]:
        return {
            kind: bound(self.largest.get((pair, dtype, kind), 0.0), dtype)
            for kind in KINDS
        }


def read(path: Path = FILE) -> dict[str, Any]:
    """The file; empty where there is none yet."""
    if not path.is_file():
        return {}
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def write(summary: dict[str, Any], path: Path = FILE) -> None:
    """One pair to a line, so that a change of one is a change of one line."""
    lines = [
        f"  {json.dumps(pair)}: {json.dumps(entry)}"
        for pair, entry in summary.items()
    ]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


SEEN = Differences(read())
