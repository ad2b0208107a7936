"""Kernels: pairs of pure functions, forward and backward, in NumPy alone.

See `tutorial_kernels.kernels.contract` for what every pair promises.
"""

from tutorial_kernels.kernels.activations import (
    log_softmax_backward,
    log_softmax_forward,
    relu_backward,
    relu_forward,
    sigmoid_backward,
    sigmoid_forward,
    softmax_backward,
    softmax_forward,
    softmin_backward,
    softmin_forward,
    tanh_backward,
    tanh_forward,
)
from tutorial_kernels.kernels.adaptive_pooling import (
    adaptive_avg_pool1d_backward,
    adaptive_avg_pool1d_forward,
    adaptive_avg_pool2d_backward,
    adaptive_avg_pool2d_forward,
    adaptive_max_pool1d_backward,
    adaptive_max_pool1d_forward,
    adaptive_max_pool2d_backward,
    adaptive_max_pool2d_forward,
)
from tutorial_kernels.kernels.arithmetic import (
    add_backward,
    add_forward,
    divide_backward,
    divide_forward,
    exp_backward,
    exp_forward,
    log_backward,
    log_forward,
    matmul_backward,
    matmul_forward,
    mean_backward,
    mean_forward,
    multiply_backward,
    multiply_forward,
    negative_backward,
    negative_forward,
    power_backward,
    power_forward,
    sqrt_backward,
    sqrt_forward,
    subtract_backward,
    subtract_forward,
    sum_backward,
    sum_forward,
)
from tutorial_kernels.kernels.attention import (
    scaled_dot_product_attention_backward,
    scaled_dot_product_attention_forward,
)
from tutorial_kernels.kernels.average_pooling import (
    avg_pool1d_backward,
    avg_pool1d_forward,
    avg_pool2d_backward,
    avg_pool2d_forward,
)
from tutorial_kernels.kernels.batch_normalization import (
    batch_norm_backward,
    batch_norm_forward,
    batch_norm_statistics,
)
from tutorial_kernels.kernels.broadcasting import unbroadcast
from tutorial_kernels.kernels.classification_losses import (
    cross_entropy_backward,
    cross_entropy_forward,
    nll_loss_backward,
    nll_loss_forward,
)
from tutorial_kernels.kernels.contract import Array
from tutorial_kernels.kernels.convolution import (
    conv1d_backward,
    conv1d_forward,
    conv2d_backward,
    conv2d_forward,
)
from tutorial_kernels.kernels.dropout import (
    dropout_backward,
    dropout_forward,
)
from tutorial_kernels.kernels.embedding import (
    embedding_backward,
    embedding_forward,
)
from tutorial_kernels.kernels.extremes import (
    amax_backward,
    amax_forward,
    amin_backward,
    amin_forward,
    max_backward,
    max_forward,
    min_backward,
    min_forward,
)
from tutorial_kernels.kernels.indexing import index_backward, index_forward
from tutorial_kernels.kernels.joining import (
    cat_backward,
    cat_forward,
    stack_backward,
    stack_forward,
)
from tutorial_kernels.kernels.linear import linear_backward, linear_forward
from tutorial_kernels.kernels.losses import (
    gaussian_nll_loss_backward,
    gaussian_nll_loss_forward,
    huber_loss_backward,
    huber_loss_forward,
    l1_loss_backward,
    l1_loss_forward,
    mse_loss_backward,
    mse_loss_forward,
    smooth_l1_loss_backward,
    smooth_l1_loss_forward,
)
from tutorial_kernels.kernels.masking import (
    masked_fill_backward,
    masked_fill_forward,
    where_backward,
    where_forward,
)
from tutorial_kernels.kernels.normalization import (
    group_norm_backward,
    group_norm_forward,
    layer_norm_backward,
    layer_norm_forward,
    rms_norm_backward,
    rms_norm_forward,
)
from tutorial_kernels.kernels.padding import (
    pad_backward,
    pad_forward,
)
from tutorial_kernels.kernels.pooling import (
    max_pool1d_backward,
    max_pool1d_forward,
    max_pool2d_backward,
    max_pool2d_forward,
)
from tutorial_kernels.kernels.probability_losses import (
    binary_cross_entropy_backward,
    binary_cross_entropy_forward,
    binary_cross_entropy_with_logits_backward,
    binary_cross_entropy_with_logits_forward,
    kl_div_backward,
    kl_div_forward,
)
from tutorial_kernels.kernels.ranking import (
    cumsum_backward,
    cumsum_forward,
    topk_backward,
    topk_forward,
)
from tutorial_kernels.kernels.rectifiers import (
    elu_backward,
    elu_forward,
    hardtanh_backward,
    hardtanh_forward,
    leaky_relu_backward,
    leaky_relu_forward,
    relu6_backward,
    relu6_forward,
    selu_backward,
    selu_forward,
)
from tutorial_kernels.kernels.recurrent import (
    gru_backward,
    gru_forward,
    lstm_backward,
    lstm_forward,
    rnn_backward,
    rnn_forward,
)
from tutorial_kernels.kernels.recurrent_cells import (
    gru_cell_backward,
    gru_cell_forward,
    lstm_cell_backward,
    lstm_cell_forward,
    rnn_cell_backward,
    rnn_cell_forward,
)
from tutorial_kernels.kernels.shaping import (
    expand_backward,
    expand_forward,
    flatten_backward,
    flatten_forward,
    permute_backward,
    permute_forward,
    reshape_backward,
    reshape_forward,
    squeeze_backward,
    squeeze_forward,
    transpose_backward,
    transpose_forward,
    unflatten_backward,
    unflatten_forward,
    unsqueeze_backward,
    unsqueeze_forward,
)
from tutorial_kernels.kernels.smooth_activations import (
    gelu_backward,
    gelu_forward,
    mish_backward,
    mish_forward,
    silu_backward,
    silu_forward,
    softplus_backward,
    softplus_forward,
)
from tutorial_kernels.kernels.through_time import gradient_through_time
from tutorial_kernels.kernels.transposed_convolution import (
    conv_transpose1d_backward,
    conv_transpose1d_forward,
    conv_transpose2d_backward,
    conv_transpose2d_forward,
)
from tutorial_kernels.kernels.upsampling import (
    interpolate_backward,
    interpolate_forward,
)

# fmt: off
__all__ = [
    "Array", "adaptive_avg_pool1d_backward", "adaptive_avg_pool1d_forward",
    "adaptive_avg_pool2d_backward", "adaptive_avg_pool2d_forward",
    "adaptive_max_pool1d_backward", "adaptive_max_pool1d_forward",
    "adaptive_max_pool2d_backward", "adaptive_max_pool2d_forward",
    "add_backward", "add_forward", "amax_backward", "amax_forward",
    "amin_backward", "amin_forward", "avg_pool1d_backward",
    "avg_pool1d_forward", "avg_pool2d_backward", "avg_pool2d_forward",
    "batch_norm_backward", "batch_norm_forward", "batch_norm_statistics",
    "binary_cross_entropy_backward", "binary_cross_entropy_forward",
    "binary_cross_entropy_with_logits_backward",
    "binary_cross_entropy_with_logits_forward", "cat_backward", "cat_forward",
    "conv1d_backward", "conv1d_forward", "conv2d_backward", "conv2d_forward",
    "conv_transpose1d_backward", "conv_transpose1d_forward",
    "conv_transpose2d_backward", "conv_transpose2d_forward",
    "cross_entropy_backward", "cross_entropy_forward", "cumsum_backward",
    "cumsum_forward", "divide_backward", "divide_forward", "dropout_backward",
    "dropout_forward", "elu_backward", "elu_forward", "embedding_backward",
    "embedding_forward", "exp_backward", "exp_forward", "expand_backward",
    "expand_forward", "flatten_backward", "flatten_forward",
    "gaussian_nll_loss_backward", "gaussian_nll_loss_forward", "gelu_backward",
    "gelu_forward", "gradient_through_time", "group_norm_backward",
    "group_norm_forward", "gru_backward", "gru_cell_backward",
    "gru_cell_forward", "gru_forward", "hardtanh_backward", "hardtanh_forward",
    "huber_loss_backward", "huber_loss_forward", "index_backward",
    "index_forward", "interpolate_backward", "interpolate_forward",
    "kl_div_backward", "kl_div_forward", "l1_loss_backward", "l1_loss_forward",
    "layer_norm_backward", "layer_norm_forward", "leaky_relu_backward",
    "leaky_relu_forward", "linear_backward", "linear_forward", "log_backward",
    "log_forward", "log_softmax_backward", "log_softmax_forward",
    "lstm_backward", "lstm_cell_backward", "lstm_cell_forward", "lstm_forward",
    "masked_fill_backward", "masked_fill_forward", "matmul_backward",
    "matmul_forward", "max_backward", "max_forward", "max_pool1d_backward",
    "max_pool1d_forward", "max_pool2d_backward", "max_pool2d_forward",
    "mean_backward", "mean_forward", "min_backward", "min_forward",
    "mish_backward", "mish_forward", "mse_loss_backward", "mse_loss_forward",
    "multiply_backward", "multiply_forward", "negative_backward",
    "negative_forward", "nll_loss_backward", "nll_loss_forward",
    "pad_backward", "pad_forward", "permute_backward", "permute_forward",
    "power_backward", "power_forward", "relu6_backward", "relu6_forward",
    "relu_backward", "relu_forward", "reshape_backward", "reshape_forward",
    "rms_norm_backward", "rms_norm_forward", "rnn_backward",
    "rnn_cell_backward", "rnn_cell_forward", "rnn_forward",
    "scaled_dot_product_attention_backward",
    "scaled_dot_product_attention_forward", "selu_backward", "selu_forward",
    "sigmoid_backward", "sigmoid_forward", "silu_backward", "silu_forward",
    "smooth_l1_loss_backward", "smooth_l1_loss_forward", "softmax_backward",
    "softmax_forward", "softmin_backward", "softmin_forward",
    "softplus_backward", "softplus_forward", "sqrt_backward", "sqrt_forward",
    "squeeze_backward", "squeeze_forward", "stack_backward", "stack_forward",
    "subtract_backward", "subtract_forward", "sum_backward", "sum_forward",
    "tanh_backward", "tanh_forward", "topk_backward", "topk_forward",
    "transpose_backward", "transpose_forward", "unbroadcast",
    "unflatten_backward", "unflatten_forward", "unsqueeze_backward",
    "unsqueeze_forward", "where_backward", "where_forward",
]
# fmt: on
