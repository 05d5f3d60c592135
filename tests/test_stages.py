"""A run of two stages in one workdir, from one call."""

import json

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import kgan
from kgan import variants
from kgan.data.halved import halved
from kgan.errors import UserError
from kgan.training import run
from kgan.training.options import Options
from kgan.training.run import FIRST_STAGE, Variant
from tests import specs

SMALL = {"stages": 2, "width": 2, "epochs": 2, "batch_size": 32, "condition_size": 4}


@pytest.fixture(scope="module")
def data():
    found = kgan.data.load("coloured_digits", image_size=16)
    return found.part(slice(0, 64))


class Killed(Exception):
    pass


class Kill(keras.callbacks.Callback):
    """Ends the program, as it were, at an epoch of the run in a folder."""

    def __init__(self, stage, epoch):
        super().__init__()
        self.stage, self.at = stage, epoch

    def on_epoch_end(self, epoch, logs=None):
        size = self.model.real_field.shape[0]
        if (size, epoch) == (8 * self.stage, self.at):
            raise Killed


def train(data, workdir, **settings):
    return kgan.train("stackgan", data, workdir, **(SMALL | settings))


def weights(run):
    return [np.asarray(v) for v in run.game.variables]


@pytest.fixture(scope="module")
def undisturbed(data, tmp_path_factory):
    return train(data, tmp_path_factory.mktemp("stages") / "run")


@pytest.mark.slow
def test_one_call_trains_both_stages(undisturbed):
    first = kgan.load(undisturbed.workdir / FIRST_STAGE)
    assert first.generate(1).shape == (1, 8, 8, 3)
    assert undisturbed.generate(1).shape == (1, 16, 16, 3)
    painter = undisturbed.game.sampler.get_layer("painter").get_layer("painter")
    trained = first.sampler.get_layer("painter")
    for one, other in zip(painter.weights, trained.weights, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.slow
@pytest.mark.parametrize(("stage", "epoch"), [(1, 0), (1, 1), (2, 0)])
def test_killed_in_either_stage_it_goes_on_with_the_same_bits(
    data, undisturbed, tmp_path, stage, epoch
):
    every = {"checkpoint_every": "1steps"}
    with pytest.raises(Killed):
        train(data, tmp_path / "run", callbacks=(Kill(stage, epoch),), **every)
    again = train(data, tmp_path / "run", **every)
    for one, other in zip(weights(again), weights(undisturbed), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.slow
def test_a_trained_second_stage_needs_no_first(undisturbed, data, tmp_path):
    told = []
    train(data, undisturbed.workdir, log=told.append)
    assert any("all 2 epochs are done" in line for line in told)
    assert not any("stage 1" in line for line in told)


@pytest.mark.slow
def test_the_export_draws_captions(undisturbed):
    exported = kgan.load(undisturbed.workdir / "generator")
    assert exported.generate(2, caption="a red seven on blue").shape == (2, 16, 16, 3)
    expected = undisturbed.generate(2, seed=3, caption="a red seven on blue")
    found = exported.generate(2, seed=3, caption="a red seven on blue")
    np.testing.assert_array_equal(found, expected)
    with pytest.raises(UserError, match="did you mean 'seven'"):
        exported.generate(2, caption="a red sevn on blue")
    model = tf.saved_model.load(str(undisturbed.workdir / "generator"))
    call = {"n": tf.constant(1), "seed": tf.constant(0)}
    drawn = model.sample_caption(**call, caption=tf.constant("A red seven, on blue!"))
    assert drawn["images"].shape == (1, 16, 16, 3)
    assert drawn["caption"].numpy() == [b"a red seven on blue"]
    for wrong in ("a red sevn", "", " ".join(["red"] * 40)):
        with pytest.raises(tf.errors.InvalidArgumentError, match="caption takes"):
            model.sample_caption(**call, caption=tf.constant(wrong))
    z = tf.zeros((2, *model.signatures["serving_default"].inputs[1].shape[1:]))
    captions = tf.constant(["a red seven", "on blue"])
    made = model.serving_default(z=tf.zeros((2, z.shape[-1])), caption=captions)
    assert made["images"].shape == (2, 16, 16, 3)


@pytest.mark.slow
def test_the_record_names_the_words(undisturbed):
    record = json.loads((undisturbed.workdir / "run.json").read_text())
    assert "seven" in record["fields"]["caption"]["vocabulary"]


def test_halved_is_the_mean_of_four_pixels(data):
    half = halved(data)
    assert half.spec.shape == (8, 8, 3)
    mean = data["real"].reshape(-1, 8, 2, 8, 2, 3).mean((2, 4))
    np.testing.assert_allclose(half["real"], mean, atol=0.5)
    np.testing.assert_array_equal(half["caption"], data["caption"])


def test_every_variant_of_two_stages_trains_the_first():
    """DF-GAN's recipe takes StackGAN's networks as well, and their two stages."""
    module = variants.load("dfgan")
    config = module.Config(network="stackgan", stages=2)
    earlier = Variant.of("dfgan", module).earlier
    assert earlier is not None
    assert earlier(config, specs.images((16, 16, 3), captions=["a two"])).stages == 1


def test_shards_are_refused_before_anything_is_written(tmp_path):
    """They hold pictures of one size."""
    Image.new("RGB", (16, 16)).save(tmp_path / "a.png")
    Image.new("RGB", (16, 16), "red").save(tmp_path / "b.png")
    (tmp_path / "captions.csv").write_text("file,caption\na.png,dark\nb.png,red\n")
    shards = tmp_path / "shards"
    kgan.data.prepare(tmp_path, shards, image_size=16, captions=True)
    with pytest.raises(
        UserError, match="stages=2: .*shards holds pictures of one size"
    ):
        train(shards, tmp_path / "run", batch_size=2)
    assert not (tmp_path / "run").exists()


def test_the_first_stage_starts_from_that_of_the_run_that_is_named(tmp_path):
    for name, found in (("two", str(tmp_path / "two" / FIRST_STAGE)), ("one", None)):
        (tmp_path / name / (FIRST_STAGE if found else "")).mkdir(parents=True)
        assert run._first_stage(Options(init_from=tmp_path / name)) == found
    assert run._first_stage(Options()) is None


def test_pictures_that_have_no_half(tmp_path):
    with pytest.raises(UserError, match="image_size=12"):
        train("coloured_digits", tmp_path, image_size=12)


def test_data_without_captions(tmp_path):
    with pytest.raises(UserError, match="has no captions"):
        kgan.train("stackgan", "digits", tmp_path)
