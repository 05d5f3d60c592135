"""Names for annotations. Importing this module loads neither TensorFlow nor Keras."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import tensorflow as tf
    from numpy.typing import ArrayLike

    Tensor: TypeAlias = tf.Tensor
    Seed: TypeAlias = ArrayLike | tf.Tensor
else:
    Tensor = Seed = Any

Number: TypeAlias = float | Tensor
Tensors: TypeAlias = dict[str, Tensor]
PathLike: TypeAlias = str | os.PathLike[str]
Log: TypeAlias = Callable[[str], Any]
