"""Names for annotations. Importing this module loads neither TensorFlow nor Keras."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import tensorflow as tf

    Tensor: TypeAlias = tf.Tensor
    Seed: TypeAlias = tuple[int | tf.Tensor, int | tf.Tensor] | np.ndarray | tf.Tensor
else:
    Tensor = Seed = Any

Dimensions: TypeAlias = tuple[int | Tensor, ...]
Number: TypeAlias = float | Tensor
Tensors: TypeAlias = dict[str, Tensor]
PathLike: TypeAlias = str | os.PathLike[str]
Log: TypeAlias = Callable[[str], Any]
