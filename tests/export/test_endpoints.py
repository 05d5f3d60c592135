"""What an export offers follows from the game's controls, and so do its refusals."""

import itertools

import numpy as np
import pytest
import tensorflow as tf

from kgan.data import Field
from kgan.data.kinds import Points
from kgan.errors import UserError
from kgan.export.endpoints import endpoints
from kgan.export.saved_model import export_generator
from kgan.models import CGAN, GAN, InfoGAN
from kgan.networks import mlp, points
from tests.conformance import games

SHAPE = (8, 8, 1)


def conditional():
    return CGAN(
        mlp.generator(5, SHAPE, classes=2, width=2),
        mlp.discriminator(SHAPE, classes=2, width=2),
        classes=("cat", "dog"),
    )


def informed():
    return InfoGAN(
        mlp.generator(9, SHAPE, width=2),
        mlp.discriminator(SHAPE, width=2, heads={"category_0": 3, "continuous": 2}),
        categories=(3,),
        continuous=2,
    )


def of_points():
    game = GAN(points.generator(), points.discriminator())
    game.fields = {"real": Field((2,), "float32", Points())}
    return game


@pytest.mark.parametrize(
    ("build", "names"),
    [
        (conditional, ["label", "truncation"]),
        (informed, ["category", "continuous", "truncation"]),
        (of_points, ["truncation"]),
    ],
)
def test_an_endpoint_for_each_control(build, names):
    offered = endpoints(build())
    assert ("generate" in offered) == (len(names) > 1)
    for count in range(len(names) + 1):
        for some in itertools.combinations(names, count):
            name = (
                "generate" if 1 < count == len(names) else "_".join(["sample", *some])
            )
            assert list(offered.pop(name)[1]) == ["n", "seed", *some]
    assert list(offered) == ["serving_default"]


WRONG = [
    (conditional, "sample_label", {"label": 2}),
    (conditional, "sample_label", {"label": -1}),
    (conditional, "serving_default", {"z": np.zeros((2, 5), "f"), "label": [0, 7]}),
    (informed, "sample_category", {"category": 3}),
    (informed, "sample_continuous", {"continuous": [0.0, 1.5]}),
    (informed, "sample_truncation", {"truncation": 0.0}),
    (
        informed,
        "generate",
        {"category": 0, "continuous": [0.0, -9.0], "truncation": 1.0},
    ),
]


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A function: build -> what a client of the export loads."""
    found = {}

    def of(build):
        if build not in found:
            path = tmp_path_factory.mktemp("export") / build.__name__
            export_generator(build(), path)
            found[build] = tf.saved_model.load(str(path))
        return found[build]

    return of


@pytest.mark.parametrize(("build", "name", "given"), WRONG)
def test_a_value_out_of_range_is_refused_in_the_graph(exported, build, name, given):
    given = {k: tf.constant(v) for k, v in given.items()}
    if name != "serving_default":
        given |= {"n": tf.constant(2), "seed": tf.constant(0)}
    for call in (getattr(exported(build), name), exported(build).signatures[name]):
        with pytest.raises(tf.errors.InvalidArgumentError, match="label|c[ao]|trunc"):
            call(**given)


@pytest.mark.parametrize(
    ("build", "given", "words"),
    [
        (conditional, {"label": 2}, "label=2: takes 0 to 1: cat, dog"),
        (conditional, {"label": "bird"}, "label=bird: takes"),
        (informed, {"label": 1}, "no such control; there are category, continuous"),
        (informed, {"continuous": [0.0, 1.5]}, "takes 2 numbers between -1 and 1"),
    ],
)
def test_and_in_python(build, given, words):
    with pytest.raises(UserError, match=words):
        build().generate(2, **given)


def test_a_name_does_for_a_number():
    game = conditional()
    np.testing.assert_array_equal(
        game.generate(3, seed=1, label="dog"), game.generate(3, seed=1, label=1)
    )


def test_points_leave_as_points(exported):
    drawn = exported(of_points).sample(n=3, seed=0)
    assert list(drawn) == ["points"] and drawn["points"].shape == (3, 2)


def test_a_game_that_makes_nothing_is_not_exported(tmp_path):
    with pytest.raises(UserError, match="Product: makes no samples"):
        export_generator(games.build("product"), tmp_path / "x")
    assert not (tmp_path / "x").exists()
