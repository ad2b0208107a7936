"""Upsampling as a module, under torch's name."""

from tutorial_kernels import functional as F  # noqa: N812
from tutorial_kernels.autograd import Tensor
from tutorial_kernels.kernels.upsampling import Scales
from tutorial_kernels.kernels.windows import Sizes
from tutorial_kernels.nn.module import Module


class Upsample(Module):
    """Make signals or images larger by copying their pixels."""

    def __init__(
        self,
        size: Sizes | None = None,
        scale_factor: Scales | None = None,
        mode: str = "nearest",
    ) -> None:
        """Set the new size, or how many times larger."""
        if mode != "nearest":
            raise ValueError(
                "Upsample: mode must be 'nearest', the only one there is "
                f"here, got {mode!r}"
            )
        if isinstance(scale_factor, tuple):
            scale_factor = tuple(float(factor) for factor in scale_factor)
        elif scale_factor is not None:
            scale_factor = float(scale_factor)
        self.size = size
        self.scale_factor = scale_factor
        self.mode = mode

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, ...) to (B, C, the new size)."""
        return F.interpolate(x, self.size, self.scale_factor, self.mode)

    def extra_repr(self) -> str:
        """What was given."""
        if self.scale_factor is None:
            return f"size={self.size!r}, mode={self.mode!r}"
        return f"scale_factor={self.scale_factor!r}, mode={self.mode!r}"
