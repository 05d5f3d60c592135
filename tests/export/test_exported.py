"""An export that kgan loads has the `generate` of its game: same calls, same samples."""

import itertools
import json

import numpy as np
import pytest
import tensorflow as tf

import kgan
from kgan import controls
from kgan.export.saved_model import OFFERED
from tests.conformance import games
from tests.export.test_endpoints import conditional, informed, of_points

GAMES = {
    "conditional": (conditional, {"label": "dog", "truncation": 0.5}),
    "informed": (
        informed,
        {"category": 2, "continuous": [0.5, -1.0], "truncation": 0.5},
    ),
    "points": (of_points, {"truncation": 0.5}),
}


@pytest.fixture(scope="module", params=GAMES)
def both(request, tmp_path_factory):
    """A game, its export, and a value for each of its controls."""
    build, values = GAMES[request.param]
    game, path = build(), tmp_path_factory.mktemp("exported") / "generator"
    kgan.export_generator(game, path)
    return game, kgan.load(path), values


def test_equal_calls_give_equal_samples(both):
    game, exported, values = both
    assert exported.controls() == game.controls()
    for count in range(len(values) + 1):
        for names in itertools.combinations(values, count):
            given = {name: values[name] for name in names}
            expected = game.generate(3, seed=5, **given)
            np.testing.assert_array_equal(exported.generate(3, 5, **given), expected)
    assert isinstance(expected, np.ndarray)


def test_numbers_of_numpy_are_numbers(both):
    game, exported, _ = both
    given = np.int64(2), np.int64(7)
    np.testing.assert_array_equal(exported.generate(*given), game.generate(2, seed=7))


def test_wrong_values_are_refused_in_one_line(both):
    _, exported, _ = both
    with pytest.raises(kgan.UserError, match="seed=2147483648: must be a whole number"):
        exported.generate(3, seed=2**31)
    with pytest.raises(kgan.UserError, match="colour=3: this game has no such control"):
        exported.generate(3, colour=3)
    with pytest.raises(kgan.UserError, match="truncation=-1: takes a number from"):
        exported.generate(3, truncation=-1)
    with pytest.raises(kgan.UserError, match="takes one value for all samples here"):
        exported.generate(2, truncation=[0.5, 0.6])


def test_a_translation(tmp_path):
    game = games.build("cyclegan")
    kgan.export_generator(game, tmp_path / "g")
    exported = kgan.load(tmp_path / "g")
    to_y, to_x = game.controls()
    for control in (to_y, to_x):
        given = {control.name: np.full((2, *control.field.shape), 90, np.uint8)}
        expected = game.generate(**given)
        np.testing.assert_array_equal(exported.generate(**given), expected)
        assert control.name in repr(exported)
    with pytest.raises(
        kgan.UserError, match="seed=5: an export that starts from targe"
    ):
        exported.generate(seed=5, **given)
    for wrong in ({}, {"source": given["target"], "target": given["target"]}):
        with pytest.raises(kgan.UserError, match="exactly one of source, target"):
            exported.generate(**wrong)


def test_controls_survive_as_json():
    every = [*conditional().controls(), *informed().controls()]
    every += games.build("cyclegan").controls()
    plain = json.loads(json.dumps(controls.as_plain(every), allow_nan=False))
    assert controls.from_plain(plain) == tuple(every)


def test_what_is_no_export_of_ours(tmp_path, both):
    tf.saved_model.save(tf.Module(), str(tmp_path / "theirs"))
    with pytest.raises(kgan.UserError, match="was not exported by this version"):
        kgan.load(tmp_path / "theirs")
    damaged = tmp_path / "damaged"
    kgan.export_generator(both[0], damaged)
    (damaged / OFFERED).write_text('{"makes": "images", "controls": [{"x": 1}]}')
    with pytest.raises(kgan.UserError, match="damaged") as error:
        kgan.load(damaged)
    assert error.value.exit_code == 1
