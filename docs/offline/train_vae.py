# %% [markdown]
# # Train the VAE offline
#
# A variational autoencoder on all of Fashion-MNIST, with a code of two
# numbers: few enough to lay the whole code out as a map, and to walk on it.
#
# This page is a program. From a checkout with `pip install -e ".[torch]"`:
#
# ```text
# python docs/offline/train_vae.py --device auto
# ```

# %%
import numpy as np
import torch

from tutorial_kernels import training
from tutorial_kernels.data import fashion_mnist_excerpt
from tutorial_kernels.page import plot, show

# %% [markdown]
# ## Settings and data
#
# The preset `small`: 784 pixels, 96 units, clouds around 2 numbers, and back
# again. The last 5,000 training images choose the best epoch.

# %%
config = training.read_preset("vae", "small", "Train a VAE.")
with training.plain_errors():
    training.choose_device(config.device)
    folder = training.prepare_folder(config.out)
    task = training.make_task("vae", "small", config)
print(task.model)

# %% [markdown]
# ## What no code at all reaches
#
# A pixel is a coin. Whoever knows only how bright each pixel is on average
# needs this many nats for an image; a VAE whose code says nothing, one that
# has collapsed, ends there too.

# %%
known, test = (part[0].double().numpy() for part in (task.training, task.test))
p = known.mean(axis=0).clip(1e-6, 1 - 1e-6)
nats = -(test * np.log(p) + (1 - test) * np.log1p(-p)).sum(axis=1)
without_code = float(nats.mean())
print(f"without a code: {without_code:.1f} nats")

# %% [markdown]
# ## Training, and the test
#
# The loss is the negative ELBO: how badly an image is told from its code, plus
# what the code costs, the KL divergence of its cloud from N(0, 1).

# %%
reports = training.train(task, config, folder=folder)
training.round_to_half(task.network.cpu())
nats = training.evaluate(task, task.test)
excerpt = torch.from_numpy(fashion_mnist_excerpt()[1].images).flatten(1)
on_excerpt = training.evaluate(task, [excerpt])  # what a page can repeat
with torch.inference_mode():
    mean, log_variance = task.network.encode(task.test[0])
    parts = 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance)
kl = float(parts.sum(1).mean())
print(f"negative ELBO {nats:.1f} nats = {nats - kl:.1f} + {kl:.2f}")

# %% [markdown]
# The map: the images that codes from -2 to 2 stand for, 10 by 10.

# %%
axis = torch.linspace(-2, 2, 10)
codes = torch.cartesian_prod(axis, axis)
with torch.inference_mode():
    images = torch.sigmoid(task.network.decode(codes))
show(images.reshape(100, 28, 28).numpy(), columns=10)

# %% [markdown]
# ## Export, and the curve

# %%
path = training.export_weights(
    task.network, folder, "vae", config, reports, half=True,
    arguments=dict(task.arguments), test_negative_elbo_in_nats=nats,
    excerpt_negative_elbo_in_nats=on_excerpt, test_kl_in_nats=kl,
    without_a_code_in_nats=without_code,
)  # fmt: skip
print(f"written: {path}")
plot([report.epoch for report in reports], x_label="epoch",
     validation=[report.value for report in reports])  # fmt: skip

# %% [markdown]
# Our run, seed 0, 30 epochs of 2 to 3 seconds on one core of an AMD EPYC:
#
# [The curve](index.md#how-they-learned) stands beside the others.
#
# | An image of the test set | Nats |
# |---|---|
# | without a code | 385.0 |
# | `VAE`, negative ELBO | 262.5 |
# | of these, the pixels from the code | 256.0 |
# | and the code, KL | 6.4 |
#
# Gray pixels are no coins: even a perfect guess of every pixel's brightness
# leaves nats, so 0 is out of reach. And numbers of other data say nothing
# here: the example of [Keras](https://keras.io/examples/generative/vae/)
# reports 147 nats with a code of two numbers, for handwritten digits, which
# are mostly black.
