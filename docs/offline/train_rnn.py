# %% [markdown]
# # Train the RNN offline: the next character
#
# Four networks read Shakespeare and say after each character which one comes
# next. The first sees that one character alone. The others carry a state from
# character to character: a plain RNN, an LSTM and a GRU. They are compared
# with tables that only count, and with [a Transformer](train_transformer.py)
# that was given the same number of steps.
#
# This page is a program. From a checkout with `pip install -e ".[torch]"`:
#
# ```text
# python docs/offline/train_rnn.py --download --out runs/language
# ```
#
# `--download` fetches Tiny Shakespeare, 1 MB, if it is not there yet;
# `--data excerpt` takes *Romeo and Juliet*, which comes with the course. A run
# that was cut short goes on with `--resume`.

# %%
import math

import torch

from tutorial_kernels import training
from tutorial_kernels.page import plot
from tutorial_kernels.torch_models.transformer import sample

# %% [markdown]
# ## Settings and data
#
# The preset `small`: 2,000 steps of 12 windows of 64 characters, AdamW, and
# gradients that are cut to length 1. A window begins anywhere, with a state of
# zeros. The recurrent networks have 256 hidden units; the one with a table has
# nothing to set but its rate, which may be higher.

# %%
LADDER = ("bigram", "char_rnn", "char_lstm", "char_gru")
about = "Train four readers of text."
configs = {name: training.read_preset(name, "small", about) for name in LADDER}
config = configs["bigram"]
with training.plain_errors():
    training.choose_device(config.device)
    folder = training.prepare_folder(config.out)
    known, text = training.shakespeare(config)
print(f"{len(known):,} characters are known, {len(text):,} are asked for")

# %% [markdown]
# ## What has to be beaten
#
# An n-gram model counts which characters followed the last n - 1, and mixes in
# what followed fewer of them. It learns nothing else, and it is good.

# %%
counted = training.ngram_nats(known, text, orders=6)
for order, nats in enumerate(counted, 1):
    print(f"{order}-gram {nats:.4f} nats per character")

# %% [markdown]
# ## Training
#
# The first twentieth of what is known chooses the best step, and the test is
# made once, with the weights in float16 that are kept. Beside it stands the
# same number for a play that comes with the course. It is no test, since parts
# of that play may be in the training text: it lets a page check, without a
# download, that its network is this one.


# %%
def reader(name):
    with training.plain_errors():
        task = training.make_task(name, "small", configs[name])
    print(task.model)
    reports = training.train(task, configs[name], folder=folder / name)
    training.round_to_half(task.network.cpu())
    nats = training.evaluate(task, task.test)
    training.export_weights(
        task.network, folder, name, configs[name], reports, half=True,
        task=name, preset="small", arguments=dict(task.arguments),
        facts=dict(task.facts), training_examples=len(task.training[0]),
        test_examples=len(task.test[0]), test_nats_per_character=nats,
        play_nats_per_character=training.evaluate(
            task, training.play_windows(**task.facts)
        ),
    )  # fmt: skip
    print(f"{name}: {nats:.4f} nats per character, {nats / math.log(2):.2f}"
          f" bits, {sum(r.seconds for r in reports):.0f} s")  # fmt: skip
    plot([report.step for report in reports], title="validation",
         y_label="nats per character",
         **{name: [report.value for report in reports]})  # fmt: skip
    return task, nats


readers = {name: reader(name) for name in LADDER}

# %% [markdown]
# ## It writes
#
# A character is drawn from what the network says, and is what it sees next.
# The state is all that it keeps of what it wrote before.

# %%
task, _ = readers["char_gru"]
characters = task.facts["characters"]
uniform = torch.rand(300, generator=torch.Generator().manual_seed(0))
token, state, written = torch.tensor([[characters.index("\n")]]), None, ""
with torch.inference_mode():
    for number in uniform:
        logits, state = task.network.extend(token, state)
        token = sample(logits[:, -1], number[None], temperature=0.8)
        written += characters[token.item()]
print(written)

# %% [markdown]
# ## What our runs gave
#
# Nats per character on the last tenth of Tiny Shakespeare, 111,540 characters.
# The networks see windows of 64 side by side, so that the first characters of
# each have little before them; the tables always have all they want.
#
# | Model | Parameters | Nats | Seconds |
# |---|---|---|---|
# | 2-gram | | 2.4858 | |
# | bigram, learned | 4,225 | 2.4845 | 93 |
# | 4-gram | | 1.7738 | |
# | RNN | 103,297 | 1.7385 | 347 |
# | 5-gram, the best that counts | | 1.6688 | |
# | LSTM | 350,593 | 1.6678 | 181 |
# | GRU | 268,161 | 1.6427 | 263 |
# | [Transformer](train_transformer.py) | 818,176 | 1.7778 | 2,047 |
# | nanoGPT on a processor, published | | 1.88 | |
#
# One run each, of seed 0, on one core of an AMD EPYC that others used too: the
# seconds are those of a clock, and vary by what the others did. A bigram that
# is learned ends where counting pairs does, as it must. The LSTM draws level
# with the best of the tables, the GRU passes it. And with a million and a
# half characters read, both are ahead of the Transformer, which has to learn
# from the text what a recurrence knows by its make: that what came last
# matters most.
#
# The published figure is that of
# [nanoGPT's README](https://github.com/karpathy/nanoGPT#i-only-have-a-macbook)
# for a Transformer with the same steps and batches.
