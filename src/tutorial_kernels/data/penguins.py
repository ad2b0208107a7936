"""Palmer penguins: four measures of a bird, and which species it is."""

from __future__ import annotations

import csv
import io
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tutorial_kernels.data.assets import read_asset

PENGUIN_MEASURES = (
    "bill_length_mm",
    "bill_depth_mm",
    "flipper_length_mm",
    "body_mass_g",
)
PENGUIN_SPECIES = ("Adelie", "Chinstrap", "Gentoo")
_TEST_SIZE = 100


class Penguins(NamedTuple):
    """Some penguins: what was measured, and the species as a class index."""

    measures: NDArray[np.float32]
    species: NDArray[np.int64]


def penguins() -> tuple[Penguins, Penguins]:
    """Load the 342 fully measured Palmer penguins.

    The file is sorted by species, so the rows are shuffled once with a fixed
    seed; the last 100 are kept for testing. Measures are as recorded, in
    millimetres and grams: scaling them is left to the caller, who must look
    at the training birds only.

    Shapes:
        measures: (B, 4), float32, columns in the order of PENGUIN_MEASURES
        species: (B,), int64, indices into PENGUIN_SPECIES

    Returns:
        242 penguins to train on and 100 to test with.

    Raises:
        ValueError: the table names another column or another species.

    Source:
        Gorman, Williams & Fraser (2014), PLoS ONE 9(3): e90081. CC0.
    """
    measures, species = _parse(read_asset("data/penguins.csv"))
    order = np.random.default_rng(0).permutation(len(species))
    train, test = order[:-_TEST_SIZE], order[-_TEST_SIZE:]
    return (
        Penguins(measures[train], species[train]),
        Penguins(measures[test], species[test]),
    )


def _parse(
    table: bytes,
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Read the measures and the class indices out of the CSV file."""
    header, *rows = csv.reader(io.StringIO(table.decode("utf-8")))
    expected = [*PENGUIN_MEASURES, "species"]
    if header != expected:
        message = f"penguins: the columns are {header}, expected {expected}"
        raise ValueError(message)
    unknown = {row[-1] for row in rows} - set(PENGUIN_SPECIES)
    if unknown:
        message = (
            f"penguins: unknown species {sorted(unknown)},"
            f" expected {list(PENGUIN_SPECIES)}"
        )
        raise ValueError(message)
    measures = np.array([row[:-1] for row in rows], dtype=np.float32)
    species = [PENGUIN_SPECIES.index(row[-1]) for row in rows]
    return measures, np.array(species, dtype=np.int64)
