"""Where random numbers come from: first values, dropout.

All draws come from one generator, so one `manual_seed` makes them repeat.
"""

import numpy as np

generator = np.random.default_rng()


def manual_seed(seed: int) -> np.random.Generator:
    """Start the generator of all random numbers anew, from `seed`."""
    if not isinstance(seed, int | np.integer) or seed < 0:
        raise ValueError(
            f"manual_seed: seed must be an integer, at least 0, got {seed!r}"
        )
    generator.bit_generator.state = np.random.default_rng(
        seed
    ).bit_generator.state
    return generator
