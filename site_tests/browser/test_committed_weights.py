"""Committed weights, loaded in Chromium: what NumPy says there, torch says."""

import json
import shutil
from importlib import import_module

import numpy as np
import torch

from tutorial_kernels.data import read_asset
from tutorial_kernels.weights import read_safetensors

FILES = {
    "cnn": "cnn",
    "deep_cnn": "cnn",
    "autoencoder": "autoencoder",
    "vae": "vae",
}
CELL = """\
import json
from importlib import import_module
import numpy as np
from tutorial_kernels import Tensor, no_grad
from tutorial_kernels.data import read_asset
from tutorial_kernels.weights import read_safetensors

images = np.random.default_rng(0).random((4, 784), np.float32)
found = {}
for name, file in FILES.items():
    record = json.loads(read_asset(f"weights/{name}.json"))
    module = import_module(f"tutorial_kernels.models.{file}")
    model = getattr(module, record["model"])(**record.get("arguments", {}))
    weights = read_safetensors(read_asset(f"weights/{name}.safetensors"))
    model.load_state_dict(weights)
    model.eval()
    x = images.reshape(-1, 1, 28, 28) if file == "cnn" else images
    noise = [Tensor(images[:, :2])] if file == "vae" else []
    with no_grad():
        out = model(Tensor(x), *noise)
    out = out[0] if isinstance(out, tuple) else out
    found[name] = out.data.astype(float).round(6).tolist()
print(json.dumps(found))
"""


def torchs(name: str, file: str) -> np.ndarray:
    """What the twin says, in float32."""
    record = json.loads(read_asset(f"weights/{name}.json"))
    module = import_module(f"tutorial_kernels.torch_models.{file}")
    twin = getattr(module, record["model"])(**record.get("arguments", {}))
    weights = read_safetensors(read_asset(f"weights/{name}.safetensors"))
    twin.load_state_dict({k: torch.from_numpy(w) for k, w in weights.items()})
    images = np.random.default_rng(0).random((4, 784), np.float32)
    x = images.reshape(-1, 1, 28, 28) if file == "cnn" else images
    noise = [torch.from_numpy(images[:, :2])] if file == "vae" else []
    with torch.inference_mode():
        out = twin.eval()(torch.from_numpy(x), *noise)
    return np.asarray(out[0] if isinstance(out, tuple) else out)


def test_every_network_says_the_same_in_the_page(cells, root, small_site):
    shutil.copytree(
        root / "docs/assets/weights",
        small_site / "assets/weights",
        dirs_exist_ok=True,
    )
    text = cells.run("numbers", CELL.replace("FILES", repr(FILES)))
    assert cells.state("numbers") == "done", text
    found = json.loads(text)
    assert found.keys() == FILES.keys()
    for name, file in FILES.items():
        expected = torchs(name, file)
        assert np.abs(np.array(found[name]) - expected).max() < 1e-4, name
