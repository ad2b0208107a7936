"""Rebuild `mnist1d.npz` and its record with the package mnist1d.

Run `python docs/assets/data/make_mnist1d.py` from anywhere. The package makes
the set from ten templates and a seed; it runs in an environment of its own,
with the versions named below.
"""

import hashlib
import io
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

import numpy as np

from making import packed, write

PACKAGE, VERSION = "mnist1d", "0.0.2.post1"
WITH = ["numpy==2.4.3", "scipy==1.17.1", "matplotlib", "requests"]
PROGRAM = """
import sys
import numpy as np
from mnist1d.data import get_dataset_args, make_dataset

made = make_dataset(get_dataset_args())
wanted = ("x", "y", "x_test", "y_test")
np.savez(sys.argv[1], **{key: made[key] for key in wanted})
"""


def generate() -> dict[str, np.ndarray]:
    """Run the package's generator with its own settings, seed 42."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        bin_folder = "Scripts" if sys.platform == "win32" else "bin"
        python = str(Path(folder) / bin_folder / "python")
        wanted = [f"{PACKAGE}=={VERSION}", *WITH]
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", *wanted], check=True
        )
        path = Path(folder) / "made.npz"
        subprocess.run([python, "-c", PROGRAM, str(path)], check=True)
        with np.load(io.BytesIO(path.read_bytes())) as made:
            return dict(made)


def main() -> None:
    """Keep the signals in float16: three digits are more than the noise."""
    made = generate()
    arrays = {
        "train_signals": made["x"].astype(np.float16),
        "train_labels": made["y"].astype(np.uint8),
        "test_signals": made["x_test"].astype(np.float16),
        "test_labels": made["y_test"].astype(np.uint8),
    }
    record = {
        "title": "MNIST-1D: ten kinds of signal with 40 values each",
        "rows": len(made["y"]) + len(made["y_test"]),
        "source": f"made with the PyPI package {PACKAGE} {VERSION} and "
        f"{' and '.join(WITH[:2])}, its own settings: make_dataset("
        "get_dataset_args())",
        "source_version": VERSION,
        "source_sha256": hashlib.sha256(made["x"].tobytes()).hexdigest(),
        "changes": "signals rounded to float16; not compared with the file "
        "that the authors publish",
        "seed": 42,
        "split": "4,000 to train on, 1,000 to test with, as made",
        "license": "Apache-2.0",
        "license_url": "https://www.apache.org/licenses/LICENSE-2.0",
        "citation": "Greydanus S, Kobak D (2020). Scaling Down Deep Learning "
        "with MNIST-1D. arXiv:2011.14439. https://arxiv.org/abs/2011.14439",
    }
    write("mnist1d.npz", packed(arrays), record)


if __name__ == "__main__":
    main()
