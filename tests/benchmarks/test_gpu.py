"""The prepared measurement of a GPU: its rows are measured, and its networks are the same."""

import numpy as np
import pytest

from benchmarks import gpu
from kgan.networks import r3gan

try:
    import torch

    from benchmarks.peers import torch_r3gan

    torch.set_num_threads(1)
except ImportError:
    torch = None

needs_torch = pytest.mark.skipif(torch is None, reason="PyTorch is not installed")


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(gpu, "SIDE", 8)
    monkeypatch.setattr(gpu, "BATCH", 4)
    monkeypatch.setattr(gpu, "STEPS", 1)
    monkeypatch.setattr(gpu, "MEASURED", 0.01)
    monkeypatch.setattr(gpu, "R3GAN", {"width": 2, "widest": 4, "blocks": 1})


def test_a_row_of_kgan_begins_and_is_measured_when_told(small, tmp_path):
    row = {"framework": "kgan", "case": "r3gan", "precision": "float32", "xla": False}
    turn = gpu.Turn(tmp_path / "0")
    turn.told.touch()
    found = gpu.measured(row, turn)
    assert turn.begun.exists()
    assert found["images_per_second"] == pytest.approx(4e3 / found["step_milliseconds"])
    assert found["first_call_seconds"] > 0


def test_a_row_that_fails_or_is_late_is_named(tmp_path):
    wrong = {"framework": "other", "case": "r3gan"}
    late = {"framework": "kgan", "case": "r3gan", "precision": "float32", "xla": False}
    found = gpu.in_turns((wrong, late), tmp_path, 3)
    assert found[0]["missed"] == "failed"
    assert "KeyError: 'other'" in found[0]["said"][-1]
    assert found[1]["missed"] == "had not taken its first steps after 3 s"


@needs_torch
@pytest.mark.parametrize("precision", ["float32", "mixed_bfloat16"])
def test_a_row_of_torch(small, precision):
    row = {"framework": "torch", "case": "r3gan", "precision": precision}
    assert gpu.measured(row | {"compiled": False})["images_per_second"] > 0


@needs_torch
def test_torch_answers_as_kgan_from_the_same_weights():
    given = {"width": 4, "widest": 16, "blocks": 2}
    shape = (32, 32, 3)
    ours = r3gan.generator(64, shape, **given), r3gan.discriminator(shape, **given)
    widths = r3gan.widths(shape, 4, 16)
    theirs = torch_r3gan.networks(widths, 32, blocks=2)
    random = np.random.default_rng(0)
    for network, module in zip(ours, theirs, strict=True):
        pairs = zip(network.trainable_variables, module.parameters(), strict=True)
        for weight, parameter in pairs:
            value = random.normal(size=weight.shape).astype("f4") * 0.1
            weight.assign(value)
            axes = {1: (0,), 2: (1, 0), 3: (2, 0, 1), 4: (3, 2, 0, 1)}[value.ndim]
            parameter.data.copy_(torch.from_numpy(value.transpose(axes).copy()))
    z = random.normal(size=(2, 64)).astype("f4")
    x = ours[0]({"z": z})
    with torch.no_grad():
        found = theirs[0](torch.from_numpy(z))
        scores = theirs[1](found).numpy()
    assert found.movedim(1, -1).numpy() == pytest.approx(x.numpy(), rel=1e-3, abs=1e-5)
    assert scores == pytest.approx(ours[1](x).numpy(), rel=1e-3, abs=1e-5)
