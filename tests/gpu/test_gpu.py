"""What holds on a CPU holds on a GPU; skipped where TensorFlow sees none.

python -m pytest -m gpu -n 0 tests/gpu
"""

import random

import numpy as np
import pytest
import tensorflow as tf

from tests.conformance import games, inputs
from tests.durability import kills

pytestmark = pytest.mark.gpu


@pytest.fixture(autouse=True)
def exact():
    """Skips without a GPU; else float32 is float32 there, not TF32."""
    if not tf.config.list_physical_devices("GPU"):
        pytest.skip("TensorFlow sees no GPU")
    tf.config.experimental.enable_tensor_float_32_execution(False)
    yield
    tf.config.experimental.enable_tensor_float_32_execution(True)


@pytest.mark.parametrize("jit", [False, True], ids=["graph", "xla"])
@pytest.mark.parametrize("name", games.GAMES)
def test_a_gpu_plays_as_a_cpu_does(name, jit):
    (weights, losses), (others, found) = (
        games.played(
            name, tf.distribute.OneDeviceStrategy(device), jit_compile=compiled
        )
        for device, compiled in (("CPU:0", False), ("GPU:0", jit))
    )
    for key, loss in losses.items():
        assert found[key] == pytest.approx(loss, rel=1e-3, abs=1e-4), key
    for one, other in zip(weights, others, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("precision", ["mixed_bfloat16", "mixed_float16"])
@pytest.mark.parametrize("name", ["gan-dcgan", "infogan", "pix2pix", "cyclegan"])
def test_mixed_precision_under_xla(name, precision, policy):
    policy(precision)
    game = games.build(name, jit_compile=True)
    before = games.weights(game)
    # float16 looks for a scale meanwhile, and a gradient's norm may overflow.
    logs = game.fit(inputs.batches(8), verbose=0).history
    assert np.isfinite([logs[f"{side}/loss"] for side in game.sides]).all()
    after = games.weights(game)
    assert all(np.isfinite(one).all() for one in after)
    assert any((one != other).any() for one, other in zip(before, after, strict=True))


def test_killed_and_started_again_is_the_same(tmp_path):
    """With --deterministic; XLA picks its kernels anew at each start."""
    chance, extra = random.Random(1), ["--deterministic"]
    for kill, odd in kills.trials("dcgan", ["steps"], tmp_path, chance, extra):
        assert kill.landed and odd == [], (kill, odd)
