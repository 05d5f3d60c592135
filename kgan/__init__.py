"""kgan: generative adversarial networks for Keras 3 on TensorFlow.

Import what you need from its packages: `from kgan.models import InfoGAN`.
This file stays light, so that a wrong command is answered before TensorFlow
is loaded.
"""

__version__ = "0.1.0"
