# %% [markdown]
# # Train the CNN offline
#
# In the page, `SimpleCNN` learns from 2,000 images and gets a little over 80 %
# of the test images right. Here its PyTorch twin learns from all of
# Fashion-MNIST and gets 90 %. The weights go back into the page as they are:
# same names, same layouts, no conversion.
#
# This page is a program. From a checkout with `pip install -e ".[torch]"`:
#
# ```text
# python docs/offline/train_cnn.py --epochs 10 --device auto --out runs/cnn
# ```
#
# It is also a notebook: Jupyter (with jupytext) and most editors run the
# cells below one by one.

# %%
import torch

from tutorial_kernels import training
from tutorial_kernels.data import fashion_mnist_excerpt
from tutorial_kernels.torch_models.cnn import SimpleCNN
from tutorial_kernels.weights import read_safetensors

# %% [markdown]
# ## Settings
#
# Each one is an option of the command line; `--help` lists them. In a
# notebook, write `config = training.TrainConfig(epochs=3)` instead.
#
# A device that is not there or a folder that cannot be written is found here,
# not after the training.

# %%
config = training.read_command_line("Train SimpleCNN on Fashion-MNIST.")
with training.plain_errors():
    device = training.choose_device(config.device)
    folder = training.prepare_folder(config.out)

# %% [markdown]
# ## Data
#
# The four official files come from the folder given as `--data`, from the
# Debian package `dataset-fashion-mnist`, or, with `--download`, from the
# authors' repository; their sha256 is checked. `--data excerpt` takes the
# page's 2,500 images and needs nothing.
#
# The last 5,000 training images are kept for validation: the best epoch is
# chosen by them, so that the test set is looked at once, at the very end.

# %%
with training.plain_errors():
    images = training.load_splits(config)
for name, part in images._asdict().items():
    print(f"{name:10} {len(part.labels):6} images")

# %% [markdown]
# ## Training
#
# Adam, a learning rate that falls to zero along half a cosine, bfloat16 on a
# GPU and float32 on a CPU. The loop is in `tutorial_kernels/training/loop.py`.
# One seed gives one result on one machine; another machine may differ in the
# last digits, and so may the accuracy.

# %%
torch.manual_seed(config.seed)
print(model := SimpleCNN())
task = training.classification("cnn", model, *images)
reports = training.train(task, config)

# %% [markdown]
# Our run, seed 0, 6 to 8 seconds an epoch on one core of a CPU:
#
# ```text
# epoch   1   loss 0.4372   validation accuracy 0.8846
# epoch   2   loss 0.3091   validation accuracy 0.8930
# epoch   3   loss 0.2739   validation accuracy 0.9032
# epoch  10   loss 0.1849   validation accuracy 0.9116
# ```
#
# ## The test, once
#
# Ours printed `test accuracy 0.9035 of 10000 images`, a little below the
# validation accuracy that the epoch was chosen by: that is what the test set
# is for.

# %%
model.cpu()  # a GPU would round its products to TF32
accuracy = training.evaluate(task, images.test)
on_excerpt = training.evaluate(task, fashion_mnist_excerpt()[1])
print(f"test accuracy {accuracy:.4f} of {len(images.test.labels)} images")

# %% [markdown]
# ## Export
#
# `cnn.safetensors` holds the four arrays in float32. `cnn.json` says how they
# came about: settings, seed, versions, commit, accuracy, sha256.

# %%
results = {
    "training_examples": len(images.training.labels),
    "test_examples": len(images.test.labels),
    "test_accuracy": accuracy,
    "excerpt_test_accuracy": on_excerpt,
}
path = training.export_weights(model, folder, "cnn", config, reports, **results)
for name, weight in read_safetensors(path).items():
    print(f"{name:13} {weight.dtype} {weight.shape}")
print(f"written: {path} and {path.with_suffix('.json').name}")

# %% [markdown]
# ## A deeper network
#
# `tutorial-kernels train cnn --preset small` trains `DeepCNN`: two
# convolutions with batch normalization, twice the numbers. Images are mirrored
# and shifted by a pixel at random, and what is judged is an average of the
# weights over the last thousand steps or so. Our run was stopped after 12 of
# its 25 epochs, before the learning rate had fallen far; a whole one should
# do better. `deep_cnn.safetensors` holds its best weights, of epoch 11, in
# float16.
#
# [The curve](index.md#how-they-learned) stands beside the others.
#
# | Network | Learns from | Parameters | Test accuracy |
# |---|---|---|---|
# | `SimpleCNN` | 2,000 images | 27,210 | about 0.84 |
# | `SimpleCNN` | 55,000 images | 27,210 | 0.9035 |
# | `DeepCNN` | 55,000 images | 56,762 | 0.9119 |
# | two convolutions, pooling | all 60,000 | not said | 0.916 |
# | two convolutions | all 60,000 | below 100,000 | 0.925 |
# | people | | | 0.835 |
#
# The first row is from [the course](../chapters/architecture.md), in seconds;
# the second is this program, about a minute on one core.
# `DeepCNN` took eleven, on a core of an AMD EPYC that others used too; 10
# seconds an epoch where they did not. The last three rows are from
# [the list](https://github.com/zalandoresearch/fashion-mnist#benchmark) of the
# authors of Fashion-MNIST, which says that not all of it was checked.
