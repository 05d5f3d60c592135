"""Whole runs of games on every kind of data: shown, watched, resumed and exported."""

import dataclasses

import keras
import numpy as np
import pytest
import tensorflow as tf

import kgan
from kgan.configs import gan, mocogan
from kgan.configs import music as music_config
from kgan.data import arrays
from kgan.data.kinds import Frames, Poses, Roll
from kgan.experiments.theory.nash import Bilinear
from tests.durability.kills import remains, unlike

PIXELS = np.random.default_rng(0).integers(0, 256, (40, 8, 8, 1), np.uint8)
OPTIONS = {"checkpoint_every": "3steps", "health_every": 5, "steps_per_execution": 1}
SMALL = {"width": 2, "batch_size": 8}


def images(workdir, epochs, **options):
    data = arrays.images(PIXELS, name="noise")
    return kgan.train("gan", data, workdir, epochs=epochs, **SMALL, **options)


def points(workdir, epochs, **options):
    config = gan.Config(width=2, batch_size=1280)
    return kgan.train(config, "ring", workdir, epochs=epochs, **options)


def with_others(name, array, kind):
    """A data set, the last eight rows of which are held out."""
    parts = array[:-8], array[-8:]
    data, held_out = (arrays.one_group(name, {"real": (p, kind)}) for p in parts)
    return dataclasses.replace(data, held_out=held_out)


def frames(workdir, epochs, **options):
    data = with_others("clips", PIXELS.reshape(10, 4, 8, 8, 1).repeat(4, 0), Frames())
    fields = {"context": 2, "rollout": 1, "frames": 4, "decay": 0.0} | SMALL
    return kgan.train("next_frame", data, workdir, epochs=epochs, **fields, **options)


def music(workdir, epochs, **options):
    kind = Roll((60, 50, 40), 9)
    steps = np.random.default_rng(0).integers((60, 50, 40), (69, 59, 49), (40, 8, 3))
    data = with_others("rolls", steps.astype(np.uint8), kind)
    config = music_config.Config(voices=3, steps=8, discriminator_steps=1, **SMALL)
    return kgan.train(config, data, workdir, epochs=epochs, **options)


def motion(workdir, epochs, **options):
    poses = np.random.default_rng(0).normal(size=(40, 6, 43)).astype(np.float32)
    fields = {"context": 2, "rollout": 2, "frames": 6} | SMALL
    data = with_others("poses", poses, Poses())
    return kgan.train("next_pose", data, workdir, epochs=epochs, **fields, **options)


def video(workdir, epochs, **options):
    data = with_others("clips", PIXELS.reshape(10, 4, 8, 8, 1).repeat(4, 0), Frames())
    config = mocogan.Config(frames=4, motion=2, latent=3, decay=0.0, **SMALL)
    return kgan.train(config, data, workdir, epochs=epochs, **options)


def product(workdir, epochs, **options):
    """V = x y learns from nothing and makes nothing."""
    game = Bilinear()
    game.compile(
        max_optimizer=keras.optimizers.SGD(0.2), min_optimizer=keras.optimizers.SGD(0.2)
    )
    settings = {"batch_size": 1, "epochs": 5 * epochs, "grids": 1}
    return kgan.train(game, None, workdir, **settings, **options)


RUNS = {"images": images, "points": points, "product": product}
LONG = {"frames": frames, "music": music, "motion": motion, "video": video}
RUNS |= LONG
SHAPES = {"images": (8, 8, 1), "points": (2,), "music": (8, 3), "video": (4, 8, 8, 1)}
PLURALS = {"music": "rolls", "video": "clips"}  # where these are not the run's name
# What starts from data: the endpoint of its export, and the shape of what it is given.
STARTS = {"frames": ("clips", (2, 8, 8, 1)), "motion": ("motions", (2, 43))}


@pytest.fixture(
    scope="module",
    params=[pytest.param(n, marks=pytest.mark.slow) if n in LONG else n for n in RUNS],
)
def whole(request, tmp_path_factory):
    """A run that nobody interrupted: (its name, its folder, the game, what was said)."""
    folder, said = tmp_path_factory.mktemp("runs") / request.param, []
    run = RUNS[request.param](folder, 4, log=said.append, **OPTIONS)
    return request.param, folder, run.game, said


def test_it_is_watched(whole):
    name, folder, _, said = whole
    assert (folder / "health.csv").read_text().count("\n") > 2
    assert (folder / "history.csv").read_text().count("\n") == 5 + 16 * (
        name == "product"
    )
    assert any(line.startswith("health: ") for line in said)
    assert list((folder / "tensorboard" / "train").iterdir())


def test_it_goes_on_bit_by_bit(whole, tmp_path):
    """In two calls, the second of which finds what the first has left."""
    name, folder, _, _ = whole
    for epochs in (2, 4):
        RUNS[name](tmp_path, epochs, log=lambda line: None, **OPTIONS)
    odd = set(unlike(remains(tmp_path), remains(folder)))
    # The first call drew a picture at its own end, and noted its own length.
    assert odd <= {
        *("samples/epoch-00002.png", "samples/training.gif", "train samples"),
        *("train config", "train _hparams_/session_start_info"),
        *("samples/epoch-00002.gif", "samples/epoch-00002.wav"),
    }


def test_what_it_shows_and_exports(whole):
    name, folder, _, _ = whole
    makes = name != "product"
    assert (folder / "samples" / "training.gif").exists() == makes
    assert (folder / "generator").exists() == makes
    if name in STARTS:
        plural, shape = STARTS[name]
        model = tf.saved_model.load(str(folder / "generator"))
        given = tf.zeros((5, *shape), "uint8" if name == "frames" else "float32")
        assert model.predict(**{plural: given})[plural].shape == (5, 1, *shape[1:])
    elif makes:
        model = tf.saved_model.load(str(folder / "generator"))
        drawn = model.sample(n=5, seed=0)[PLURALS.get(name, name)]
        assert drawn.shape == (5, *SHAPES[name])


def test_it_is_loaded(whole):
    name, folder, game, _ = whole
    own = {}
    if name == "product":
        own["game"] = Bilinear(start=(0.0, 0.0))
        own["game"].compile(
            max_optimizer=keras.optimizers.SGD(0.2),
            min_optimizer=keras.optimizers.SGD(0.2),
        )
    again = kgan.load(folder, **own)
    for one, other in zip(game.state, again.state, strict=True):
        np.testing.assert_array_equal(one, other)
    if name in SHAPES:
        np.testing.assert_array_equal(game.generate(3, 1), again.generate(3, seed=1))
    elif name == "product":
        with pytest.raises(NotImplementedError, match="makes no samples"):
            again.generate(3)


def test_another_run_is_refused(whole):
    name, folder, _, _ = whole
    with pytest.raises(kgan.UserError, match="holds another run .seed: 0 -> 1"):
        RUNS[name](folder, 4, seed=1, **OPTIONS)
