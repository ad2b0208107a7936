"""Rebuild `digits.npz` and its record from the package scikit-learn.

Run `python docs/assets/data/make_digits.py` from anywhere.
"""

import gzip
import io

import numpy as np

from making import member_of, packed, write

PACKAGE, VERSION = "scikit-learn", "1.9.1"
MEMBER = "sklearn/datasets/data/digits.csv.gz"
MEMBER_SHA256 = (
    "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22"
)


def main() -> None:
    """Keep every image as it is, as bytes instead of text."""
    table = gzip.decompress(member_of(PACKAGE, VERSION, MEMBER, MEMBER_SHA256))
    rows = np.loadtxt(io.BytesIO(table), delimiter=",").astype(np.uint8)
    arrays = {
        "images": rows[:, :-1].reshape(-1, 8, 8),
        "labels": rows[:, -1],
    }
    record = {
        "title": "Handwritten digits, 8 x 8 pixels of 17 shades",
        "rows": len(rows),
        "source": f"PyPI package {PACKAGE} {VERSION}, file {MEMBER}; it is the "
        "test half (optdigits.tes) of UCI's Optical Recognition of "
        "Handwritten Digits",
        "source_version": VERSION,
        "source_sha256": MEMBER_SHA256,
        "changes": "none but the form: bytes instead of text",
        "split": "in the order of the file: the first 898 to train on, the "
        "last 899 to test with",
        "license": "CC-BY-4.0",
        "license_url": "https://creativecommons.org/licenses/by/4.0/",
        "citation": "Alpaydin E, Kaynak C (1998). Optical Recognition of "
        "Handwritten Digits. UCI Machine Learning Repository. "
        "https://archive.ics.uci.edu/dataset/80/"
        "optical+recognition+of+handwritten+digits",
    }
    write("digits.npz", packed(arrays), record)


if __name__ == "__main__":
    main()
