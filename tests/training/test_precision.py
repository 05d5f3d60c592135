"""A run that leaves its precision to kgan: what is measured, chosen and kept."""

import pytest

import kgan
from kgan.configs import gan
from kgan.errors import UserError
from kgan.training import precision, timing
from kgan.training.options import Options
from kgan.training.record import Record
from kgan.training.run import Variant

SMALL = {"width": 4, "latent": 4, "batch_size": 512, "epochs": 1, "grids": 1}


@pytest.fixture(autouse=True)
def own_policy(policy):
    """What a run has set is not left to other tests."""
    policy("float32")


@pytest.fixture
def times(monkeypatch):
    """The seconds of a step in each precision, in place of a measurement."""
    found = {"float32": 0.02, "mixed_bfloat16": 0.01}

    def step_time(variant, config, data, options, enough=None):
        return found[options.precision]

    monkeypatch.setattr(timing, "step_time", step_time)
    monkeypatch.setattr(precision, "has_bfloat16", lambda: True)
    monkeypatch.setattr(kgan.training.trainer.Trainer, "_export", lambda self: None)
    return found


def trained(workdir, **settings):
    told = []
    fields = SMALL | {"precision": "auto"} | settings
    kgan.train("gan", "digits", workdir, log=told.append, **fields)
    return "\n".join(told), Record.read(workdir).precision


def test_the_faster_one_is_taken_said_and_kept(tmp_path, times):
    told, taken = trained(tmp_path / "run")
    assert taken == "mixed_bfloat16" and ", mixed_bfloat16, XLA" in told
    assert (
        "precision=auto: mixed_bfloat16, as a step takes 0.02 s in float32, 0.01 s in "
        "mixed_bfloat16" in told
    )
    times["mixed_bfloat16"] = 1.0
    told, taken = trained(tmp_path / "run", epochs=2)
    assert taken == "mixed_bfloat16" and "precision=auto" not in told
    told, taken = trained(tmp_path / "run", fresh=True)
    assert taken == "float32" and "precision=auto: float32, as a step takes" in told


def test_a_run_by_hours_takes_the_faster_one(tmp_path, times):
    asked = {"precision": None, "epochs": 0, "hours": 0.02 / 3600}
    told, taken = trained(tmp_path / "run", **asked)
    assert taken == "mixed_bfloat16" and "precision=auto: mixed_bfloat16, as" in told
    asked["precision"] = "float32"
    told, taken = trained(tmp_path / "exact", **asked)
    assert taken == "float32" and "precision=auto" not in told


def test_a_run_by_default_is_exact_and_one_that_goes_on_keeps_its_own(tmp_path, times):
    told, taken = trained(tmp_path / "exact", precision=None)
    assert taken == "float32" and "precision=auto" not in told
    trained(tmp_path / "short", precision="mixed_bfloat16")
    told, taken = trained(tmp_path / "short", precision=None, epochs=2)
    assert taken == "mixed_bfloat16"
    assert len((tmp_path / "short" / "history.csv").read_text().splitlines()) == 3
    with pytest.raises(UserError, match="precision"):
        trained(tmp_path / "short", precision="float32", epochs=3)


def test_hours_that_cannot_be_measured_are_said_to_be_the_reason(tmp_path):
    asked = gan.Config(), None, tmp_path, Options(hours=1.0), 2
    with pytest.raises(UserError, match="hours: several workers would each"):
        precision.decided(Variant.of("gan", gan), *asked)


def test_a_little_faster_is_not_enough(tmp_path, times):
    times["mixed_bfloat16"] = 0.0195
    assert trained(tmp_path / "run")[1] == "float32"


def test_a_machine_without_bfloat16_is_not_measured(tmp_path, times, monkeypatch):
    monkeypatch.setattr(precision, "has_bfloat16", lambda: False)
    times.clear()
    told, taken = trained(tmp_path / "run")
    assert taken == "float32" and "does not compute in bfloat16 by itself" in told


def test_a_game_that_refuses_bfloat16_takes_float32(tmp_path, monkeypatch):
    """By a real measurement; half precision would lose what this penalty takes."""
    monkeypatch.setattr(timing, "STEPS", 1)
    monkeypatch.setattr(precision, "has_bfloat16", lambda: True)
    told, taken = trained(
        tmp_path / "run",
        network="infogan",
        discriminator_norm="none",
        penalty="r1_approximate",
    )
    assert taken == "float32" and "does not take bfloat16: the difference" in told


def test_what_cannot_be_measured_is_refused(tmp_path):
    spec = kgan.data.load("digits", log=lambda line: None).spec
    game = gan.build(gan.Config(width=4), spec)
    with pytest.raises(UserError, match="precision=auto: the game is compiled already"):
        kgan.train(game, "digits", tmp_path / "run", precision="auto")
    asked = gan.Config(), None, tmp_path, Options(precision="auto"), 2
    with pytest.raises(UserError, match="several workers would each measure"):
        precision.decided(Variant.of("gan", gan), *asked)


@pytest.mark.parametrize("known, has", [("fma avx512_bf16", True), ("fma avx2", False)])
def test_what_a_processor_says_of_itself(known, has, monkeypatch):
    monkeypatch.setattr(precision.tf.config, "list_physical_devices", lambda kind: [])
    monkeypatch.setattr(
        precision.Path, "read_text", lambda path: f"flags\t\t: {known} sse\n"
    )
    assert precision.has_bfloat16() is has
