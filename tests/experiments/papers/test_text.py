"""The table of captions: its games play, and real images are its ceiling."""

import numpy as np
import pytest

from kgan.configs import stackgan
from kgan.data import load
from kgan.experiments.papers import text


@pytest.fixture(scope="module")
def data():
    return load("coloured_digits", image_size=16, log=lambda line: None)


GAMES = [row for row in text.TABLE.rows if not {"real", "enlarged"} & set(row.options)]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(one, marks=pytest.mark.slow if i else (), id=one.name)
        for i, one in enumerate(GAMES)
    ],
)
def test_a_step(data, row):
    config = text.configured(row, 0, quick=True)
    game = stackgan.build(config, data.spec)
    game.fields = dict(data.fields)
    batch = {name: array[:8] for name, array in data.groups[0].items()}
    logs = game.train_step(game.as_inputs(batch))
    assert np.isfinite([float(value) for value in logs.values()]).all()
    assert ("D/matching" in logs) == row.options.get("matching", True)
    assert ("D/contrast" in logs) == bool(row.options.get("contrastive_weight", 1.0))


def test_a_game_enlarged(data):
    game = stackgan.build(text.configured(GAMES[0], 0, quick=True), data.spec)
    game.fields = dict(data.fields)
    large = text.Enlarged(text.captioned(game, data), data, (32, 32))
    asked = large.text.field.kind.examples[:2]
    ((images, _),) = large.asked(np.array(asked), 0)
    assert images.shape == (2, 32, 32, 3) and images.dtype == np.uint8
    small = game.generate(2, 0, caption=asked)
    assert abs(images.mean() - small.mean()) < 10


def test_real_images_in_the_place_of_samples(data):
    few = data.part(slice(0, 5))
    source = text.Real(data, few)
    asked = few.fields["caption"].kind.decode(few["caption"])
    ((images, _),) = source.asked(asked[::-1], 0)
    np.testing.assert_array_equal(images, few["real"][::-1])
    assert next(source.batches(7, 0))[0].shape == (7, 16, 16, 3)
    assert source.knows(["anything"]).all()


def test_the_goals_are_of_rows_and_columns_that_there_are():
    rows = {row.name for row in text.TABLE.rows}
    for target in text.TABLE.targets:
        assert target.row in rows and target.column in text.TABLE.columns
    assert set(text.SHARES) < set(text.COLUMNS) and text.percent(0.5) == "50.0 %"
