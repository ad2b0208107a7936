# %% [markdown]
# # Train the GRU, beside three others
#
# One set of signals, four architectures. A linear classifier, a feedforward
# network, a convolutional network and a GRU learn to tell the ten kinds of
# signal in MNIST-1D apart. Then the 40 positions of every signal are put into
# another order, the same for all, and they learn once more. What a network
# took for granted about neighbors is worth nothing the second time.
#
# This page is a program. From a checkout with `pip install -e ".[torch]"`:
#
# ```text
# python docs/offline/train_gru.py --device auto --out runs/mnist1d
# ```
#
# It needs no download: the signals come with the course. With `--resume` it
# goes on where it was cut short.

# %%
import json
from dataclasses import replace
from functools import partial
from statistics import mean, stdev

from tutorial_kernels import training
from tutorial_kernels.durable import write_whole
from tutorial_kernels.page import plot

# %% [markdown]
# ## Settings
#
# All four get the same: AdamW with long steps to the end, and an average of
# the weights over the last hundred steps. Only the feedforward network gets
# weight decay, too: 3,600 signals are few for what it could learn by heart.

# %%
config = training.read_command_line(
    "Train four architectures on MNIST-1D.",
    make=partial(training.TrainConfig, **training.RACE),
)
with training.plain_errors():
    training.choose_device(config.device)
    folder = training.prepare_folder(config.out)
for reader, (network, arguments) in training.READERS.items():
    print(f"{reader:7} {network(**arguments)}")

# %% [markdown]
# ## Training: eight tasks, three seeds each
#
# The last 400 of the 4,000 training signals choose the best weights, and the
# 1,000 test signals are looked at once per run. The weights of the first seed
# are rounded to float16 before their test, since that is what is kept.

# %%
SEEDS = range(config.seed, config.seed + 3)


def race(reader, shuffled, seed):
    run = replace(config, seed=seed, **training.OWN[reader])
    task = training.signals(reader, run, shuffled)
    own = folder / f"{task.name}_{seed}"
    reports = training.train(task, run, lambda report: None, own)
    training.round_to_half(task.network)
    accuracy = training.evaluate(task, task.test)
    if seed == config.seed:
        training.export_weights(
            task.network, folder, task.name, run, reports, half=True,
            arguments=dict(task.arguments), shuffled=shuffled,
            test_accuracy=accuracy,
        )  # fmt: skip
    return accuracy, reports


rows = []
for shuffled in (False, True):
    for reader in training.READERS:
        results = [race(reader, shuffled, seed) for seed in SEEDS]
        found = [accuracy for accuracy, _ in results]
        took = [sum(r.seconds for r in reports) for _, reports in results]
        rows.append({
            "reader": reader, "shuffled": shuffled, "seeds": list(SEEDS),
            "test_accuracies": found, "mean": mean(found),
            "standard_deviation": stdev(found), "seconds": mean(took),
        })  # fmt: skip
        print(
            f"{reader:7} {'shuffled' if shuffled else 'as made':8} "
            f"{mean(found):.3f} ± {stdev(found):.3f}   {mean(took):.0f} s"
        )
        steps, curve = zip(*((r.step, r.value) for r in results[0][1]),
                           strict=True)  # fmt: skip
        title = "shuffled" if shuffled else "as made"
        plot(steps, title=title, y_label="validation accuracy",
             **{reader: curve})  # fmt: skip
table = json.dumps({"rows": rows}, indent=2) + "\n"
write_whole(folder / "mnist1d.json", [table.encode()])

# %% [markdown]
# ## What to expect
#
# Test accuracy in percent, as published by the authors of
# [MNIST-1D](https://github.com/greydanus/mnist1d#comparing-mnist-and-mnist-1d),
# Greydanus and Kobak:
#
# | | linear | MLP | CNN | GRU |
# |---|---|---|---|---|
# | published, as made | 32 | 68 | 94 | 91 |
# | ours, as made | 32.1 ± 0.4 | 65.9 ± 0.3 | 91.2 ± 0.9 | 90.7 ± 1.6 |
# | ours, all, as made | 33.1 ± 0.4 | 68.4 ± 0.6 | 92.9 ± 1.3 | 90.7 ± 1.3 |
# | published, shuffled | 32 | 68 | 56 | 57 |
# | ours, shuffled | 32.2 ± 0.9 | 65.3 ± 0.5 | 62.6 ± 0.9 | 56.0 ± 1.5 |
# | ours, all, shuffled | 33.1 ± 0.1 | 66.2 ± 1.4 | 63.7 ± 1.8 | 58.2 ± 1.5 |
#
# The rows "ours" are this program's, mean and standard deviation of three
# seeds: 400 signals are kept back, to choose by. The authors keep none back. So
# for the rows "ours, all" the four readers learned once more with the same
# settings, from all 4,000 signals, and the weights at the end were taken, as
# nothing is left to choose by. `docs/assets/results/make_mnist1d.py` makes
# those rows. The GRU's are within one standard deviation of what is published,
# as made and shuffled.
#
# The weights in the course are those of seed 0 on another processor. There the
# four ended with 31.6, 67.2, 91.1 and 91.3: a seed says where a run begins, and
# sums that are rounded in another order are enough to end elsewhere.
#
# The authors' table does not say how its 94 for the CNN was taken. The run that
# is printed in
# [their notebook](https://github.com/greydanus/mnist1d/tree/master/notebooks)
# looks at the test signals every thousand steps. There the CNN ends with 92.3,
# which is also the most it reaches, and with 58.7 where the positions are
# shuffled. Their recipe, taken over whole, gives their figure: with their
# own order of positions, 8,000 steps on batches in the order of the file, and
# nothing averaged, three seeds end with 56.3 ± 2.4.
# `docs/assets/results/make_mnist1d_order.py` draws that order again from the
# seed of their set. So our 63.7 comes of another order of positions and of a
# shorter training, of mixed batches and averaged weights.
#
# Ours took seconds to three minutes each, on one core of an AMD EPYC that
# others used too. By the validation signals neither 160 epochs (0.90, no better
# after the 55th) nor weight decay (0.88 with 0.3, 0.69 with 1.0, after 60
# epochs) lifts the CNN from its 0.90.
