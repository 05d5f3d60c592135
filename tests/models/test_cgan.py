"""Both players know the label."""

import numpy as np
import pytest
import tensorflow as tf

from kgan.models import CGAN
from kgan.models.cgan import MOST_ROWS
from kgan.networks import mlp
from kgan.networks.blocks import attribute_heads

SHAPE = (8, 8, 1)


def build(classes=3, pack=1):
    game = CGAN(
        mlp.generator(5, SHAPE, classes=classes, width=4),
        mlp.discriminator(SHAPE, classes=classes, pack=pack, width=4),
        classes=classes,
        pack=pack,
    )
    game.compile(max_optimizer="sgd", min_optimizer="sgd")
    return game


@pytest.mark.parametrize("pack", [1, 2])
def test_both_players_are_told_the_label(pack, monkeypatch):
    game = build(pack=pack)
    batch = {"real": tf.zeros((4, *SHAPE)), "label": tf.constant([2, 0, 1, 1])}
    shown = []
    told = game.discriminator_inputs
    monkeypatch.setattr(
        game, "discriminator_inputs", lambda x, b: shown.append(told(x, b)) or shown[-1]
    )
    played = game.forward(batch)
    game.max_terms(played)
    assert played.latent["label"].numpy().tolist() == [2, 0, 1, 1]
    packs = np.reshape([2, 0, 1, 1], (-1, pack)).tolist()
    (one,) = shown  # fakes and real ones in turns, in one pass
    both = [label for label in packs for _ in range(2)]
    assert one["label"].numpy().tolist() == both
    assert one["x"].shape == (8 // pack, 8, 8, pack)


def test_latents_have_every_label():
    game = build()
    latent = game.latents(300, (0, 1))
    counts = np.bincount(latent["label"])
    assert latent["label"].dtype == tf.int32 and len(counts) == 3
    assert counts.min() > 70
    again = game.latents(300, (0, 1))
    np.testing.assert_array_equal(latent["label"], again["label"])
    np.testing.assert_array_equal(latent["z"], again["z"])


def test_showcase_has_a_row_per_class():
    """Within a column z stays, so that only the label changes."""
    latent, rows, columns = build().preview_latents((0, 1))
    assert (rows, columns) == (3, 10)
    label = latent["label"].numpy().reshape(rows, columns)
    assert label.tolist() == [[0] * 10, [1] * 10, [2] * 10]
    z = latent["z"].numpy().reshape(rows, columns, 5)
    assert (z == z[:1]).all()
    assert len(np.unique(z[0], axis=0)) == columns


def test_showcase_of_many_classes_stays_readable():
    latent, rows, columns = build(classes=100).preview_latents((0, 1))
    assert rows == MOST_ROWS and len(latent["label"]) == rows * columns


def test_d_reads_the_options_that_a_combination_is_made_of():
    """Combination 4 of 2 shapes and 3 colours is shape 1, colour 1."""
    sizes = 2, 3
    game = CGAN(
        mlp.generator(5, SHAPE, classes=sizes, width=4),
        mlp.discriminator(SHAPE, classes=sizes, heads=attribute_heads(sizes), width=4),
        classes=6,
        label_weight=0.5,
    )
    game.compile(max_optimizer="sgd", min_optimizer="sgd")
    images = tf.random.stateless_normal((3, *SHAPE), (0, 1))
    played = game.forward({"real": images, "label": tf.constant([4, 0, 5])})
    for terms, answer in (
        (game.max_terms(played), played.real_answer),
        (game.min_terms(played), played.answer),
    ):
        logits = [tf.nn.log_softmax(answer[f"attribute_{k}"]).numpy() for k in (0, 1)]
        rows = np.arange(3)
        told = logits[0][rows, [1, 0, 1]] + logits[1][rows, [1, 0, 2]]
        np.testing.assert_allclose(terms["classes"], -0.5 * told, rtol=1e-5)
    plain = set(build().max_terms(build().forward(batch_of(3))))
    assert set(game.max_terms(played)) == plain | {"classes"}
    mute = mlp.discriminator(SHAPE, classes=sizes, width=4)
    with pytest.raises(ValueError, match="outputs are score and attribute_0"):
        CGAN(game.generator, mute, classes=6, label_weight=1.0)
    with pytest.raises(ValueError, match="label_weight needs pack=1, got pack=2"):
        CGAN(game.generator, game.discriminator, classes=6, label_weight=1.0, pack=2)


def batch_of(n):
    return {"real": tf.zeros((n, *SHAPE)), "label": tf.zeros((n,), tf.int32)}
