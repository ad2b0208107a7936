"""Texts: a play, first names, and sentences of movie reviews."""

import gzip
import os
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tutorial_kernels.data.assets import read_asset
from tutorial_kernels.data.full_set import FullSet

TINY_SHAKESPEARE = FullSet(
    title="Tiny Shakespeare",
    name="tinyshakespeare",
    files={
        "tinyshakespeare.txt": (
            1_115_394,
            "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed",
        )
    },
    address="https://raw.githubusercontent.com/karpathy/char-rnn/master/data/"
    "tinyshakespeare/input.txt",
)
_TENTH = 10


class Reviews(NamedTuple):
    """Sentences, and how they were meant.

    Shapes:
        ratings: (B,), float32, from -4 (very bad) to 4 (very good), never 0

    Attributes:
        texts: B sentences.
    """

    texts: list[str]
    ratings: NDArray[np.float32]

    @property
    def labels(self) -> NDArray[np.int64]:
        """1 for a good rating, 0 for a bad one."""
        return (self.ratings > 0).astype(np.int64)


def romeo_and_juliet() -> tuple[str, str]:
    """Loads Shakespeare's play, 141,753 characters.

    Returns:
        The first nine tenths to train on, and the rest to test with.

    Raises:
        FileNotFoundError: The asset is out of reach; see ``read_asset``.

    Source:
        Project Gutenberg's text; public domain.
    """
    return split_text(read_asset("data/romeo_and_juliet.txt").decode("ascii"))


def load_tiny_shakespeare(
    folder: str | os.PathLike[str] | None = None, download: bool = False
) -> tuple[str, str]:
    """Loads 1,115,394 characters out of Shakespeare's plays.

    The file ``tinyshakespeare.txt`` is looked for in ``folder``, in the folder
    that TUTORIAL_KERNELS_DATA names and in the user's cache. No package has
    it.

    Args:
        folder: A folder to look in first, and to download into.
        download: Whether to fetch the file (1 MB) when no folder has it.

    Returns:
        The first nine tenths to train on, and the rest to test with.

    Raises:
        FileNotFoundError: No folder has the file, and ``download`` is off.
        DataFileError: The file is not the known one.
        OSError: The download failed.

    Source:
        Karpathy, char-rnn (2015); the text is in the public domain.
    """
    (content,) = TINY_SHAKESPEARE.contents(folder, download)
    return split_text(content.decode("ascii"))


def split_text(text: str) -> tuple[str, str]:
    """Cuts a text: nine tenths to train on, one tenth to test with."""
    cut = int(len(text) * 0.9)
    return text[:cut], text[cut:]


def first_names() -> list[str]:
    """Loads 5,163 first names in small letters, sorted.

    Raises:
        FileNotFoundError: The asset is out of reach; see ``read_asset``.

    Source:
        United States Census of 1990; public domain.
    """
    return read_asset("data/first_names.txt").decode("ascii").split()


def movie_reviews() -> tuple[Reviews, Reviews]:
    """Loads 10,568 sentences of movie reviews with a rating each.

    At least twenty people rated every sentence. The 37 with a mean of
    exactly 0 are left out.

    Returns:
        Nine tenths to train on, every tenth to test with. The sentences come
        roughly the good ones first: shuffle them.

    Raises:
        FileNotFoundError: The asset is out of reach; see ``read_asset``.

    Source:
        Hutto and Gilbert (2014), VADER, ICWSM; the sentences: Pang and Lee
        (2005), "Seeing stars", ACL.
    """
    table = gzip.decompress(read_asset("data/movie_reviews.tsv.gz"))
    rows = [line.split("\t") for line in table.decode("utf-8").split("\n")[:-1]]
    parts: list[list[tuple[float, str]]] = [[], []]
    for index, (rating, text) in enumerate(rows):
        if float(rating) != 0:
            parts[index % _TENTH == 0].append((float(rating), text))
    train, test = (
        Reviews(
            [text for _, text in part],
            np.array([rating for rating, _ in part], np.float32),
        )
        for part in parts
    )
    return train, test
