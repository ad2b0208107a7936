"""The pairs that slide over a signal or an image: convolution, pooling."""

import torch.nn.functional as F  # noqa: N812

from site_tests.kernels.case import Case, normal

TRANSPOSED = {
    "stride": 2,
    "padding": 1,
    "output_padding": 1,
    "groups": 2,
    "dilation": 2,
}

CONVOLUTIONS = [
    Case(
        "conv1d",
        lambda r: (normal(r, 2, 3, 7), normal(r, 4, 3, 3), normal(r, 4)),
        F.conv1d,
    ),
    Case(
        "conv1d",
        lambda r: (normal(r, 3, 7), normal(r, 4, 3, 3)),
        F.conv1d,
        {},
        "unbatched",
    ),
    Case(
        "conv1d",
        lambda r: (normal(r, 2, 4, 9), normal(r, 6, 2, 3), normal(r, 6)),
        F.conv1d,
        {"stride": 2, "padding": 1, "dilation": 2, "groups": 2},
        "options",
    ),
    Case(
        "conv1d",
        lambda r: (normal(r, 2, 2, 6), normal(r, 3, 2, 4)),
        F.conv1d,
        {"padding": "same"},
        "same",
    ),
    Case(
        "conv_transpose1d",
        lambda r: (normal(r, 2, 3, 5), normal(r, 3, 4, 3), normal(r, 4)),
        F.conv_transpose1d,
    ),
    Case(
        "conv_transpose1d",
        lambda r: (normal(r, 3, 5), normal(r, 3, 4, 3)),
        F.conv_transpose1d,
        {},
        "unbatched",
    ),
    Case(
        "conv_transpose1d",
        lambda r: (normal(r, 2, 4, 5), normal(r, 4, 3, 3), normal(r, 6)),
        F.conv_transpose1d,
        TRANSPOSED,
        "options",
    ),
    Case(
        "conv_transpose2d",
        lambda r: (normal(r, 2, 3, 4, 5), normal(r, 3, 4, 3, 2), normal(r, 4)),
        F.conv_transpose2d,
    ),
    Case(
        "conv_transpose2d",
        lambda r: (normal(r, 3, 4, 5), normal(r, 3, 4, 3, 2)),
        F.conv_transpose2d,
        {},
        "unbatched",
    ),
    Case(
        "conv_transpose2d",
        lambda r: (normal(r, 2, 4, 3, 4), normal(r, 4, 3, 3, 2), normal(r, 6)),
        F.conv_transpose2d,
        TRANSPOSED,
        "options",
    ),
]

POOLINGS = [
    Case(
        "max_pool1d",
        lambda r: (normal(r, 2, 3, 8),),
        F.max_pool1d,
        {"kernel_size": 2},
    ),
    Case(
        "max_pool1d",
        lambda r: (normal(r, 3, 8),),
        F.max_pool1d,
        {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True},
        "unbatched",
    ),
    Case(
        "max_pool1d",
        lambda r: (normal(r, 2, 3, 9),),
        F.max_pool1d,
        {"kernel_size": 3, "stride": 1, "dilation": 2},
        "overlapping",
    ),
    *[
        Case(
            f"avg_pool{len(size)}d",
            lambda r, size=size: (normal(r, 2, 3, *size),),
            reference,
            {"kernel_size": 3, **options},
            note,
        )
        for reference, size in ((F.avg_pool1d, (8,)), (F.avg_pool2d, (7, 8)))
        for note, options in {
            "": {},
            "overlapping": {"stride": 1, "padding": 1},
            "frame not counted": {
                "stride": 2,
                "padding": 1,
                "count_include_pad": False,
            },
            "over the edge": {"stride": 2, "padding": 1, "ceil_mode": True},
        }.items()
    ],
    Case(
        "avg_pool2d",
        lambda r: (normal(r, 3, 6, 7),),
        F.avg_pool2d,
        {"kernel_size": (2, 3), "stride": (1, 2), "divisor_override": 5},
        "unbatched",
    ),
    *[
        Case(
            f"adaptive_{kind}_pool{len(size)}d",
            lambda r, size=size: (normal(r, 2, 3, *size),),
            getattr(F, f"adaptive_{kind}_pool{len(size)}d"),
            {"output_size": wanted},
            note,
        )
        for kind in ("avg", "max")
        for size in ((7,), (6, 7))
        for note, wanted in {
            "": 3,
            "one window": 1,
            "more windows than pixels": 9,
        }.items()
    ],
    *[
        Case(
            f"adaptive_{kind}_pool2d",
            lambda r: (normal(r, 3, 6, 7),),
            getattr(F, f"adaptive_{kind}_pool2d"),
            {"output_size": (None, 4)},
            "unbatched",
        )
        for kind in ("avg", "max")
    ],
]

PADDINGS = [
    Case(
        "pad",
        lambda r: (normal(r, 2, 3, 4, 5),),
        F.pad,
        {"pad": (1, 2, -1, 3, 1, 0), "value": 2.5},
        "constant",
    ),
    *[
        Case(
            "pad",
            lambda r: (normal(r, 2, 3, 4, 5),),
            F.pad,
            {"pad": (1, 3, 2, -1), "mode": mode},
            mode,
        )
        for mode in ("reflect", "replicate", "circular")
    ],
]

UPSAMPLINGS = [
    Case(
        "interpolate",
        lambda r: (normal(r, 2, 3, 4, 5),),
        F.interpolate,
        {"scale_factor": 2},
    ),
    Case(
        "interpolate",
        lambda r: (normal(r, 2, 3, 4, 5),),
        F.interpolate,
        {"size": (7, 3)},
        "size",
    ),
]

WINDOWS = [*CONVOLUTIONS, *POOLINGS, *PADDINGS, *UPSAMPLINGS]
