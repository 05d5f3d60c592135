"""The penalty of G that keeps predicted frames sharp."""

from typing import TYPE_CHECKING, Any

from keras import ops

from kgan.penalties.gradient import register
from kgan.typing import Tensor

if TYPE_CHECKING:
    from kgan.models.round import Round


@register
class GradientDifference:
    """The loss of image gradients of Mathieu 2015, Eq. 6, a penalty of G.

    It is weight * (||d_y y| - |d_y G(x)||^alpha + ||d_x y| - |d_x G(x)||^alpha) / 2, a
    mean over pixels, where d_y and d_x are differences of neighbouring pixels. Blurred
    edges cost as much as ones that are not there.

    Args:
        weight: of the term.
        power: alpha, 1 or 2.
    """

    name = "gradient_difference"

    def __init__(self, weight: float = 1.0, power: float = 1.0) -> None:
        self.weight, self.power = weight, power

    def __call__(self, played: "Round") -> Tensor:
        """Returns the term of a round of images (n, H, W, C), one value each, (n,)."""
        made = ops.cast(played.fake, "float32")
        wanted = ops.cast(played.batch["real"], "float32")
        terms = [
            ops.mean(ops.abs(a - b) ** self.power, axis=(1, 2, 3))
            for a, b in zip(_slopes(wanted), _slopes(made), strict=True)
        ]
        return self.weight * 0.5 * (terms[0] + terms[1])

    def get_config(self) -> dict[str, Any]:
        return {"weight": self.weight, "power": self.power}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> "GradientDifference":
        return cls(**config)


def _slopes(x):
    """The lengths of the differences to the pixel below and to the one at the right."""
    down, right = x[:, 1:] - x[:, :-1], x[:, :, 1:] - x[:, :, :-1]
    return ops.abs(down), ops.abs(right)
