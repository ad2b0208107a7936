"""Where random numbers come from: first values, dropout.

All draws come from one generator, so one `manual_seed` makes them repeat.
"""

import numpy as np

generator = np.random.default_rng()


def manual_seed(seed: int) -> np.random.Generator:
    """Start the generator of all random numbers anew, from `seed`."""
    generator.bit_generator.state = np.random.default_rng(
        seed
    ).bit_generator.state
    return generator
