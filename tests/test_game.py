"""The loop itself, played with games of one weight."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers, ops

from kgan.game import Game


def player():
    return keras.Sequential(
        [keras.Input((1,)), layers.Dense(1, use_bias=False, kernel_initializer="ones")]
    )


class Toy(Game):
    """max: y E[r], min: x E[r], for data r. Keeps what each play saw."""

    tracked = ("max/rise", "min/fall")

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.x, self.y = player(), player()
        self.seen = []

    def max_players(self):
        return [self.y]

    def min_players(self):
        return [self.x]

    def forward(self, batch, generated=None):
        self.seen.append(
            batch["real"].numpy().tolist() if tf.executing_eagerly() else ()
        )
        one = ops.ones((1, 1))
        share = batch["real"]
        x, y = (ops.cast(ops.squeeze(p(one)), "float32") for p in (self.x, self.y))
        return share * x, share * y

    def max_terms(self, played):
        return {"rise": -played[1]}

    def min_terms(self, played):
        return {"fall": played[0]}

    def value(self, name):
        return float(np.squeeze(getattr(self, name).get_weights()[0]))


def build(kind=Toy, rate=1.0, **kwargs):
    game = kind(**kwargs)
    game.compile(
        max_optimizer=keras.optimizers.SGD(rate),
        min_optimizer=keras.optimizers.SGD(rate),
    )
    return game


REAL = tf.constant([1.0, 2.0, 3.0, 6.0])


def test_a_step_by_hand():
    """E[r] = 3: y climbs from 1 to 4, x falls from 1 to -2."""
    game = build()
    logs = game.train_step(REAL)
    assert (game.value("y"), game.value("x")) == (4.0, -2.0)
    assert {name: float(value) for name, value in logs.items()} == pytest.approx(
        {
            "max/loss": -3.0,
            "max/rise": -3.0,
            "max/gradient_norm": 3.0,
            "min/loss": 3.0,
            "min/fall": 3.0,
            "min/gradient_norm": 3.0,
        }
    )


def test_further_descents_see_fresh_data():
    """D on the first half, G on it and then on the second: 1 - 1.5 - 4.5."""
    game = build(min_steps=2)
    game.train_step(REAL)
    assert game.seen == [[1.0, 2.0], [1.0, 2.0], [3.0, 6.0]]
    assert (game.value("y"), game.value("x")) == (2.5, -5.0)
    assert game.get_config()["min_steps"] == 2


def test_each_ascent_sees_fresh_data_and_the_descent_the_last():
    game = build(max_steps=2)
    game.train_step({"real": REAL})
    assert game.seen == [[1.0, 2.0], [3.0, 6.0], [3.0, 6.0]]
    assert game.value("y") == 1 + 1.5 + 4.5
    assert game.value("x") == 1 - 4.5


def test_other_keys_are_divided_alongside():
    class Labelled(Toy):
        def forward(self, batch, generated=None):
            self.seen.append(batch["label"].numpy().tolist())
            return Toy.forward(self, batch)

    game = build(Labelled, max_steps=2)
    game.train_step({"real": REAL, "label": tf.constant([5, 6, 7, 8])})
    assert game.seen[::2] == [[5, 6], [7, 8], [7, 8]]


def test_a_batch_that_cannot_be_divided_is_an_error():
    with pytest.raises(Exception, match="(?i)split|divi"):
        build(max_steps=3).train_step(REAL)


def test_simultaneous_plays_once():
    game = build(simultaneous=True)
    game.train_step(REAL)
    assert len(game.seen) == 1
    assert (game.value("y"), game.value("x")) == (4.0, -2.0)


def test_simultaneous_has_one_ascent():
    with pytest.raises(ValueError, match="one ascent per descent; got max_steps=2"):
        Toy(simultaneous=True, max_steps=2)


def test_a_scalar_term_is_an_error():
    """Its mean over replicas and its share of the batch would be guesswork."""

    class Scalar(Toy):
        def max_terms(self, played):
            return {"rise": ops.mean(played[1])}

    with pytest.raises(ValueError, match="'rise' must be per example.*got a scalar"):
        build(Scalar).train_step(REAL)


def test_an_undeclared_name_is_an_error():
    class Undeclared(Toy):
        tracked = ("min/fall",)

    with pytest.raises(KeyError, match="Undeclared tracks 'max/rise'.*`tracked`"):
        build(Undeclared).train_step(REAL)


class Two(Toy):
    """Has a second term on the max side."""

    tracked = (*Toy.tracked, "max/patches")

    def max_terms(self, played):
        # (batch, 2): a term may have one value per patch.
        patches = ops.stack([played[1], 3 * played[1]], axis=1)
        return super().max_terms(played) | {"patches": -patches}


def test_losses_are_added_in_one_order():
    """TensorFlow orders a chain of additions anew in each process."""
    step = tf.function(build(Two, max_steps=3).train_step)
    graph = step.get_concrete_function(tf.zeros((6,))).graph
    added = [
        one
        for one in graph.get_operations()
        if one.type in ("Add", "AddV2", "AddN")
        and one.outputs[0].shape.rank == 0
        and one.outputs[0].dtype == tf.float32
    ]
    assert not [one for one in added if {i.op for i in one.inputs} & {*added}]


def test_terms_add_up_and_keep_their_means():
    game = build(Two)
    logs = game.train_step(REAL)
    assert float(logs["max/patches"]) == -6.0
    assert float(logs["max/loss"]) == -9.0
    assert game.value("y") == 1 + 9


def test_logs_are_means_over_the_epoch():
    game = build(rate=0.0)
    game.train_step(REAL)
    assert float(game.train_step(3 * REAL)["min/fall"]) == pytest.approx(6.0)
    game.reset_metrics()
    assert float(game.train_step(3 * REAL)["min/fall"]) == pytest.approx(9.0)


def test_the_loss_is_divided_by_the_replicas(monkeypatch):
    """Optimizers sum over replicas; what is logged stays the whole mean."""

    class Four:
        num_replicas_in_sync = 4

    game = build()
    played = game.forward({"real": REAL})
    with monkeypatch.context() as patch:
        patch.setattr(tf.distribute, "get_strategy", Four)
        assert float(game._loss(game.min_side, played)) == pytest.approx(3 / 4)
    assert float(game.means()["min/loss"]) == 3.0


def test_seeds_are_new_each_time_and_the_same_for_equal_games():
    first, again, other = build(seed=3), build(seed=3), build(seed=4)
    draws = [tuple(first.fresh_seed().numpy()) for _ in range(5)]
    assert len(set(draws)) == 5
    assert draws == [tuple(again.fresh_seed().numpy()) for _ in range(5)]
    assert draws[0] != tuple(other.fresh_seed().numpy())


def test_float16_scales_the_loss_of_both_sides(policy):
    """Keras would wrap `self.optimizer` alone, which a game does not have."""
    policy("mixed_float16")
    game = build(rate=0.25)
    for optimizer in (game.max_optimizer, game.min_optimizer):
        assert isinstance(optimizer, keras.optimizers.LossScaleOptimizer)
    logs = game.train_step(REAL / 6)  # half of 2^15 fits into float16
    assert float(logs["max/gradient_norm"]) == pytest.approx(0.5, rel=1e-2)
    assert game.value("y") == pytest.approx(1.125, rel=1e-2)


def test_sides_have_an_optimizer_each():
    game = Toy()
    game.compile(
        max_optimizer=keras.optimizers.SGD(0.5), min_optimizer=keras.optimizers.SGD(2.0)
    )
    game.train_step(REAL)
    assert (game.value("y"), game.value("x")) == (2.5, -5.0)
    assert game.optimizer is None
