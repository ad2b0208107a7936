"""Handwritten digits, 8 x 8 pixels: the smallest real images there are.

Alpaydin and Kaynak (1998), UCI Machine Learning Repository, CC BY 4.0.
"""

from tutorial_kernels.data.assets import read_asset
from tutorial_kernels.data.examples import Examples, labeled_images
from tutorial_kernels.data.npz import read_npz

_TRAINING = 898  # the split of scikit-learn's own example
_WHITE = 16


def digits() -> tuple[Examples, Examples]:
    """Loads the 1,797 digits, written by 13 people.

    They are split in the order of the file, so the test digits are by hands
    that the training digits hardly show.

    Returns:
        898 images of 8 x 8 pixels to train on and 899 to test with.

    Raises:
        FileNotFoundError: The asset is out of reach; see ``read_asset``.
        DataFileError: The asset is damaged.
    """
    arrays = read_npz(read_asset("data/digits.npz"))
    images, labels = labeled_images(arrays["images"], arrays["labels"], _WHITE)
    return (
        Examples(images[:_TRAINING], labels[:_TRAINING]),
        Examples(images[_TRAINING:], labels[_TRAINING:]),
    )
