from itertools import pairwise

import numpy as np


def first_logits(x, sizes, seed):
    z = x
    return z
