"""The mistakes that people make, and the sentences they meet: two tables.

In the first table, the code of a user raises; the sentence says who complains,
what came and what was expected. In the second, wrong code runs without a word,
here as in PyTorch, and the table says what is true afterwards.
"""

from __future__ import annotations

import numpy as np

IMAGES = np.zeros((2, 1, 8, 8), np.float32)
ROWS = np.zeros((3, 4), np.float32)
LOGITS = np.zeros((2, 3), np.float32)

MISTAKES: dict[str, tuple[str, str]] = {
    # Shapes
    "features that do not fit": (
        "nn.Linear(5, 2)(Tensor(ROWS))",
        "ValueError: linear: weight has 5 input features, x has 4",
    ),
    "features counted wrongly behind a convolution": (
        "nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(100, 10))(Tensor(IMAGES))",
        "ValueError: linear: weight has 100 input features, x has 72",
    ),
    "a division that gives a float": (
        "nn.Linear(28 * 28 / 4, 10)",
        "ValueError: Parameter: every size must be an integer, at least 0, got 196.0",
    ),
    "images as (B, height, width, C)": (
        "nn.Conv2d(1, 8, 3)(Tensor(IMAGES.transpose(0, 2, 3, 1)))",
        "ValueError: conv2d: the channels of x must be its second axis, they seem to be the last, got shape (2, 8, 8, 1)",
    ),
    "images without an axis of channels": (
        "nn.Conv2d(1, 8, 3)(Tensor(IMAGES[:, 0]))",
        "ValueError: conv2d: weight has 1 input channels, x has 2",
    ),
    "one image without batch and channels": (
        "nn.Conv2d(1, 8, 3)(Tensor(IMAGES[0, 0]))",
        "ValueError: conv2d: x must be (B, C, height, width) or (C, height, width), got shape (8, 8)",
    ),
    "a kernel larger than the image": (
        "nn.Conv2d(1, 8, 9)(Tensor(IMAGES))",
        "ValueError: conv2d: the kernel reaches over (9, 9) places, the padded x has (8, 8)",
    ),
    "pooling until nothing is left": (
        "nn.MaxPool2d(9)(Tensor(IMAGES))",
        "ValueError: max_pool2d: the window reaches over 9 places, the padded x has 8",
    ),
    "batch norm of a batch of one": (
        "nn.BatchNorm1d(4)(Tensor(ROWS[:1]))",
        "ValueError: batch_norm: a channel in training needs more than one number, x has shape (1, 4)",
    ),
    "the batch norm of images for rows": (
        "nn.BatchNorm2d(4)(Tensor(ROWS))",
        "ValueError: BatchNorm2d: x must have 4 dimensions, got shape (3, 4)",
    ),
    "layer norm over the wrong axis": (
        "nn.LayerNorm(3)(Tensor(ROWS))",
        "ValueError: layer_norm: x must end in normalized_shape (3,), got shape (3, 4)",
    ),
    "a matrix product the wrong way round": (
        "Tensor(ROWS) @ Tensor(ROWS)",
        "ValueError: matmul: x of shape (3, 4) ends in 4, y of shape (3, 4) expects 3",
    ),
    "shapes that do not stretch": (
        "Tensor(ROWS) + Tensor(ROWS[:2])",
        "ValueError: add: shapes (3, 4) and (2, 4) cannot be broadcast together",
    ),
    "comparing tensors of different shapes": (
        "Tensor(ROWS) == Tensor(ROWS[:2])",
        "ValueError: equal: shapes (3, 4) and (2, 4) cannot be broadcast together",
    ),
    "a reshape that loses numbers": (
        "Tensor(ROWS).reshape(3, 5)",
        "ValueError: reshape: 12 elements of shape (3, 4) do not fill shape (3, 5)",
    ),
    "softmax over an axis that is not there": (
        "F.softmax(Tensor(LOGITS), dim=2)",
        "ValueError: softmax: dim must be from -2 to 1 for an array of 2 dimensions, got 2",
    ),
    # Dtypes
    "integers into a linear layer": (
        "nn.Linear(4, 2)(Tensor(ROWS.astype(int)))",
        "TypeError: linear: weight is float32, x is int64",
    ),
    "pixels as bytes": (
        "nn.Conv2d(1, 8, 3)(Tensor(IMAGES.astype(np.uint8)))",
        "TypeError: conv2d: weight is float32, x is uint8",
    ),
    "NumPy's float64": (
        "nn.Linear(4, 2)(Tensor(np.zeros((3, 4))))",
        "TypeError: linear: weight is float32, x is float64",
    ),
    "a list in the place of a tensor": (
        "nn.Linear(4, 2)([[1.0, 2.0, 3.0, 4.0]])",
        "TypeError: linear: x must be an array, got a list",
    ),
    "words as floats": (
        "nn.Embedding(10, 3)(Tensor(np.array([3.0, 1.0])))",
        "TypeError: embedding: x must hold integers, got float64",
    ),
    "a word beyond the vocabulary": (
        "nn.Embedding(10, 3)(Tensor(np.array([3, 10])))",
        "IndexError: embedding: 10 is not one of the 10 rows 0 to 9",
    ),
    "integers that require gradients": (
        "Tensor([1, 2], requires_grad=True)",
        "RuntimeError: Tensor: only floating-point data can require gradients, got int64",
    ),
    "a device": (
        'nn.Linear(4, 2).to("cuda")',
        "TypeError: Linear.to: dtype must be a floating-point type of NumPy, got 'cuda'",
    ),
    # Losses
    "labels as one-hot integers": (
        "F.cross_entropy(Tensor(LOGITS), np.array([[0, 1, 0], [1, 0, 0]]))",
        "ValueError: cross_entropy: labels are class numbers of shape (2,), or floating-point probabilities, "
        "got int64 of shape (2, 3), which may be one-hot: take its argmax",
    ),
    "labels that count from 1": (
        "F.cross_entropy(Tensor(LOGITS), np.array([1, 3]))",
        "ValueError: cross_entropy: label 3 is not one of the 3 classes 0 to 2",
    ),
    "labels as a column": (
        "F.cross_entropy(Tensor(LOGITS), np.array([[1], [0]]))",
        "ValueError: cross_entropy: logits of shape (2, 3) need labels of shape (2,), got (2, 1)",
    ),
    "labels as floats": (
        "F.cross_entropy(Tensor(LOGITS), np.array([1.0, 0.0]))",
        "TypeError: cross_entropy: labels must be integers, got float64",
    ),
    "logits and labels swapped": (
        "F.cross_entropy(np.array([1, 0]), Tensor(LOGITS))",
        "TypeError: cross_entropy: logits must be floating point (B, V), got int64 of shape (2,)",
    ),
    "scores where probabilities belong": (
        "F.binary_cross_entropy(Tensor([2.0, -1.0]), Tensor([1.0, 0.0]))",
        "ValueError: binary_cross_entropy: x must be probabilities from 0 to 1, got 2.0",
    ),
    "a column of predictions, a row of targets": (
        "F.binary_cross_entropy_with_logits(Tensor([[2.0], [1.0]]), Tensor([1.0, 0.0]))",
        "ValueError: binary_cross_entropy_with_logits: x has shape (2, 1), target has (2,)",
    ),
    "the class called with data": (
        "nn.CrossEntropyLoss(Tensor(LOGITS), np.array([1, 0]))",
        "TypeError: CrossEntropyLoss.__init__() takes from 1 to 2 positional arguments but 3 were given",
    ),
    "a reduction of another library": (
        'nn.MSELoss(reduction="average")',
        "ValueError: MSELoss: reduction must be 'mean', 'sum' or 'none', got 'average'",
    ),
    # Models
    "a list in the place of modules": (
        "nn.Sequential([nn.Linear(4, 2), nn.ReLU()])",
        "TypeError: Sequential: 0 must be a Module, got list",
    ),
    "a class in the place of a module": (
        "nn.Sequential(nn.Linear(4, 2), nn.ReLU)",
        "TypeError: Sequential: 1 must be a Module, got type",
    ),
    "a recurrent layer in a Sequential": (
        "nn.Sequential(nn.LSTM(4, 2), nn.Linear(2, 1))(Tensor(ROWS))",
        "TypeError: linear: x must be an array, got a tuple",
    ),
    "one state for an LSTM": (
        "nn.LSTM(4, 2)(Tensor(ROWS), Tensor(np.zeros((1, 2), np.float32)))",
        "TypeError: LSTM: hx must be the pair (h0, c0), got a Tensor",
    ),
    "sequences of another size": (
        "nn.GRU(3, 2)(Tensor(ROWS))",
        "ValueError: GRU: input_size is 3, x has shape (3, 4)",
    ),
    "an argument in the wrong place": (
        'nn.LSTM(4, 2, 1, "relu")',
        "TypeError: LSTM: bias must be True or False, got 'relu'",
    ),
    "a forward that is spelled wrongly": (
        "class Net(nn.Module):\n"
        "    def forwrad(self, x):\n"
        "        return x\n"
        "Net()(Tensor(ROWS))",
        "NotImplementedError: Net: a module needs a method forward",
    ),
    "a layer that was never made": (
        "class Net(nn.Module):\n"
        "    def forward(self, x):\n"
        "        return self.fc(x)\n"
        "Net()(Tensor(ROWS))",
        "AttributeError: 'Net' object has no attribute 'fc'",
    ),
    "an array set where a parameter was": (
        "model = nn.Linear(4, 2)\nmodel.weight = np.ones((2, 4))",
        "TypeError: Linear: weight is a Parameter and must stay one or become None, got ndarray",
    ),
    "Keras's way to train": (
        "nn.Linear(4, 2).train(ROWS)",
        "ValueError: Linear.train: mode must be True or False, got ndarray",
    ),
    "a probability above one": (
        "nn.Dropout(50)",
        "ValueError: Dropout: p must be from 0 to 1, got 50",
    ),
    # The way back
    "backward twice": (
        "loss = (Tensor([1.0], requires_grad=True) * 2).sum()\n"
        "loss.backward()\n"
        "loss.backward()",
        "RuntimeError: backward: the record of sum was used up by an earlier backward; "
        "give that one retain_graph=True",
    ),
    "backward of many numbers": (
        "nn.Linear(4, 2)(Tensor(ROWS)).backward()",
        "RuntimeError: backward: only a single number can do without a gradient, this tensor has shape (3, 2)",
    ),
    "backward without parameters": (
        "Tensor(ROWS).sum().backward()",
        "RuntimeError: backward: this tensor was not computed from any tensor that requires gradients",
    ),
    "backward of what was computed under no_grad": (
        "with no_grad():\n"
        "    loss = nn.Linear(4, 2)(Tensor(ROWS)).sum()\n"
        "loss.backward()",
        "RuntimeError: backward: this tensor was not computed from any tensor that requires gradients",
    ),
    "a gradient of another shape": (
        "nn.Linear(4, 2)(Tensor(ROWS)).backward(np.ones((2, 3)))",
        "RuntimeError: backward: the gradient must have shape (3, 2), got (2, 3)",
    ),
    "writing into a tensor": (
        "x = Tensor([1.0, 2.0], requires_grad=True)\nx[0] = 3.0",
        "TypeError: 'Tensor' object does not support item assignment",
    ),
    "many numbers as a condition": (
        "if Tensor([1.0, 2.0]): print()",
        "ValueError: bool: only a tensor of one element is true or false, this one has shape (2,); "
        "ask its .data for any() or all()",
    ),
    "explaining a module": (
        "explain(nn.Linear(4, 2))",
        "TypeError: explain: expected a tensor, got a Linear",
    ),
    "a backward kernel without its cache": (
        "kernels.linear_backward(ROWS)",
        "TypeError: linear_backward() missing 1 required positional argument: 'cache'",
    ),
    # Optimizers
    "the model in the place of its parameters": (
        "optim.SGD(nn.Linear(4, 2))",
        "TypeError: SGD: params must be an iterable of tensors or of groups, "
        "such as model.parameters(), got a Linear",
    ),
    "one generator for two optimizers": (
        "params = nn.Linear(4, 2).parameters()\n"
        "optim.SGD(params), optim.SGD(params)",
        "ValueError: SGD: params is empty; an iterator such as model.parameters() gives its items only once",
    ),
    "layers hidden in a list": (
        "class Net(nn.Module):\n"
        "    def __init__(self):\n"
        "        self.layers = [nn.Linear(4, 2)]\n"
        "optim.Adam(Net().parameters())",
        "ValueError: Adam: params is empty; an iterator such as model.parameters() gives its items only once",
    ),
    "named parameters": (
        "optim.SGD(nn.Linear(4, 2).named_parameters())",
        "TypeError: SGD: params must be tensors, got tuple",
    ),
    "a parameter in two groups": (
        'w = nn.Parameter(ROWS)\noptim.SGD([{"params": [w]}, {"params": [w]}])',
        "ValueError: SGD: a parameter appears twice",
    ),
    "a parameter that was computed": (
        "optim.SGD([nn.Parameter(ROWS) * 2])",
        "ValueError: SGD: only leaf tensors can be optimized, got the result of multiply",
    ),
    "a negative learning rate": (
        "optim.SGD([nn.Parameter(ROWS)], lr=-0.1)",
        "ValueError: SGD: lr must be at least 0, got -0.1",
    ),
    "a learning rate read from a file": (
        'optim.SGD([nn.Parameter(ROWS)], lr="0.1")',
        "TypeError: SGD: lr must be a number, got a str",
    ),
    "a momentum for Adam": (
        "optim.Adam([nn.Parameter(ROWS)], 0.1, 0.9)",
        "ValueError: Adam: betas must be two numbers, got 0.9",
    ),
    "Nesterov without momentum": (
        "optim.SGD([nn.Parameter(ROWS)], nesterov=True)",
        "ValueError: SGD: nesterov needs a momentum and no dampening, got momentum 0.0 and dampening 0.0",
    ),
    "the loss given to the step": (
        "optim.SGD([nn.Parameter(ROWS)]).step(0.3)",
        "TypeError: SGD.step: closure must be a function or None, got a float",
    ),
    "a model's state for an optimizer": (
        "optim.SGD([nn.Parameter(ROWS)]).load_state_dict(nn.Linear(4, 2).state_dict())",
        "ValueError: SGD.load_state_dict: expected the keys state and param_groups, got weight, bias",
    ),
    "an optimizer's state of another model": (
        "big = optim.SGD([nn.Parameter(ROWS), nn.Parameter(ROWS)])\n"
        "optim.SGD([nn.Parameter(ROWS)]).load_state_dict(big.state_dict())",
        "ValueError: SGD.load_state_dict: expected groups of [1] parameters, got [2]",
    ),
    "a schedule of the model": (
        "optim.lr_scheduler.StepLR(nn.Linear(4, 2), 3)",
        "TypeError: StepLR: expected an optimizer, got Linear",
    ),
    "a plateau without its measure": (
        "optim.lr_scheduler.ReduceLROnPlateau(optim.SGD([nn.Parameter(ROWS)])).step()",
        "TypeError: ReduceLROnPlateau.step() missing 1 required positional argument: 'metrics'",
    ),
    "clipping the model": (
        "nn.utils.clip_grad_norm_(nn.Linear(4, 2), 1.0)",
        "TypeError: clip_grad_norm_: parameters must be tensors, such as model.parameters(), got a Linear",
    ),
    # States and files
    "the weights of another size": (
        "nn.Linear(4, 2).load_state_dict(nn.Linear(3, 2).state_dict())",
        "RuntimeError: Linear.load_state_dict: weight: expected shape (2, 4), got (2, 3)",
    ),
    "the weights of another model": (
        "nn.Linear(4, 2).load_state_dict(nn.Sequential(nn.Linear(4, 2)).state_dict())",
        "RuntimeError: Linear.load_state_dict: missing keys: weight, bias; unexpected keys: 0.weight, 0.bias",
    ),
    "a path in the place of the weights": (
        'nn.Linear(4, 2).load_state_dict("model.safetensors")',
        "TypeError: Linear.load_state_dict: expected a mapping, got str",
    ),
    "the model in the place of its weights": (
        'write_safetensors("model.safetensors", nn.Linear(4, 2))',
        "TypeError: write_safetensors: tensors must be a dict of arrays, such as model.state_dict(), got a Linear",
    ),
    "a pickle as weights": (
        'with open("model.safetensors", "wb") as file:\n'
        '    pickle.dump({"weight": ROWS}, file)\n'
        'read_safetensors("model.safetensors")',
        "SafetensorsError: model.safetensors: no safetensors file but a pickle, which could run code",
    ),
    "a seed that is no number": (
        'manual_seed("42")',
        "ValueError: manual_seed: seed must be an integer, at least 0, got '42'",
    ),
}  # fmt: skip

# Code that runs although it is wrong, and what is true afterwards.
SILENT: dict[str, tuple[str, str]] = {
    "a step before backward changes nothing": (
        "model = nn.Linear(4, 2)\n"
        "before = model.state_dict()\n"
        "optim.SGD(model.parameters(), lr=1.0).step()",
        "all((before[key] == array).all() for key, array in model.state_dict().items())",
    ),
    "without zero_grad, gradients add up": (
        "w = Tensor([1.0], requires_grad=True)\n"
        "for _ in range(3):\n"
        "    (w * 2).sum().backward()",
        "w.grad == 6",
    ),
    "softmax before cross-entropy flattens the loss": (
        "logits = Tensor([[9.0, 0.0, 0.0]])\n"
        "right = F.cross_entropy(logits, [0]).item()\n"
        "twice = F.cross_entropy(F.softmax(logits, dim=1), [0]).item()",
        "right < 0.001 and twice > 0.5",
    ),
    "evaluation without eval() draws": (
        "layer, x = nn.Dropout(0.5), Tensor(np.ones(1000))\n"
        "one, other = layer(x).data, layer(x).data",
        "(one != other).any()",
    ),
    "a module needs no super().__init__() here, in torch it does": (
        "class Net(nn.Module):\n"
        "    def __init__(self):\n"
        "        self.fc = nn.Linear(4, 2)\n"
        "model = Net()",
        'list(model.state_dict()) == ["fc.weight", "fc.bias"]',
    ),
}  # fmt: skip
