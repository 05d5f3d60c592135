"""Alice, Bob and Eve: their terms, their channel, their data, and who reads along."""

import keras
import numpy as np
import pytest
import tensorflow as tf

import kgan
from kgan.applications import cryptanalysis
from kgan.configs import crypto as variant
from kgan.data import batches, load
from kgan.data.sources.messages import draw, messages
from kgan.errors import UserError
from kgan.models import crypto
from kgan.networks import crypto as networks
from tests import specs

BITS = 4


def players(bits=BITS, kind="released"):
    names = "alice", "bob", "eve"
    return {one: getattr(networks, one)(bits, kind) for one in names}


def player(takes, values):
    """A network that returns `values` of what it takes."""
    inputs = {name: keras.Input((BITS,), name=name) for name in takes}
    return keras.Model(inputs, values(inputs))


def test_terms_by_hand():
    """Of 4 bits Bob reads all, Eve 3; and once Bob none, and Eve guesses."""
    message = tf.constant([[1.0, 1, 1, 1], [1, 1, -1, -1]])
    bob = tf.constant([[1.0, 1, 1, 1], [-1, -1, 1, 1]])
    eve = tf.constant([[1.0, 1, 1, -1], [0, 0, 0, 0]])
    played = {"message": message, "bob": bob, "eve": eve}
    game = kgan.Crypto(**players())
    game.compile()
    assert crypto.wrong_bits(message, eve).numpy().tolist() == [1.0, 2.0]
    assert game.max_terms(played)["reconstruction"].numpy().tolist() == [1.0, 2.0]
    terms = {
        name: term.numpy().tolist() for name, term in game.min_terms(played).items()
    }
    assert terms == {"bob": [0.0, 1.0], "secrecy": [0.25, 0.0]}
    assert float(game.means()["Bob signs"]) == 2.0


@pytest.mark.parametrize("kind", variant.PLAYERS)
def test_networks(kind):
    bits = 16
    weights = {"released": (1071, 1071, 559), "paper": (1111, 1111, 599)}[kind]
    made = players(bits, kind)
    assert tuple(one.count_params() for one in made.values()) == weights
    inputs = dict.fromkeys(("message", "key"), np.ones((3, bits), "float32"))
    assert made["alice"](inputs).shape == (3, bits)


def test_the_channel():
    one = np.full((2, BITS), 0.5, "float32")
    parts = players() | {"alice": player(("message", "key"), lambda x: x["message"])}
    sent = kgan.Crypto(**parts, rounding=True).encrypt(one, one, (0, 0))
    assert sent.numpy().tolist() == np.ones((2, BITS)).tolist()
    noisy = kgan.Crypto(**parts, noise=0.1)
    first, again, other = (noisy.encrypt(one, one, (0, s)).numpy() for s in (1, 1, 2))
    assert (first == again).all() and (first != other).all()
    with tf.GradientTape() as tape:
        x = tf.constant(one)
        tape.watch(x)
        sent = kgan.Crypto(**parts, rounding=True).encrypt(x, x, (0, 0))
    assert (tape.gradient(sent, x).numpy() == 1).all(), "straight through"


def test_messages():
    data = load("messages32", log=lambda line: None)
    assert data.describe() == (
        "messages32: random messages and keys of 32 bits, drawn as they are needed"
    )
    batch = next(iter(batches(data, 256, seed=0)))
    assert batch["real"].shape == batch["key"].shape == (256, 32)
    both = np.hstack([batch["real"], batch["key"]])
    assert np.abs(np.corrcoef(both, rowvar=False) - np.eye(64)).max() < 0.4
    assert 0.4 < both.mean() < 0.6
    first, again = draw(8, 5, (0, 1)), draw(8, 5, (0, 1))
    np.testing.assert_array_equal(first["key"], again["key"])


def test_other_data_are_refused():
    with pytest.raises(UserError, match="no keys.*messages16"):
        variant.build(variant.Config(), specs.images((8, 8, 1)))
    with pytest.raises(
        UserError, match="image_size=8: messages16 holds rows, no images"
    ):
        load("messages16", image_size=8)


@pytest.fixture(scope="module")
def naked():
    """A game that learned nothing, and whose Alice sends the key and a bit of the message."""
    alice = player(("message", "key"), lambda x: 0.8 * x["key"] + 0.1 * x["message"])
    parts = players() | {"alice": alice}
    parts["bob"] = player(
        ("ciphertext", "key"), lambda x: 10 * (x["ciphertext"] - 0.8 * x["key"])
    )
    return kgan.Crypto(**parts)


def test_attacks_on_who_sends_the_key(naked):
    of_key, of_message = cryptanalysis.correlations(naked, 0)
    assert of_key == pytest.approx(0.992, abs=0.002)  # .8 / sqrt(.8^2 + .1^2)
    assert of_message == pytest.approx(0.124, abs=0.03)
    assert cryptanalysis.known_networks(naked, 0) == (0.0, 0.0)
    assert cryptanalysis.reused_key(naked, 32, 0) < 0.01


@pytest.mark.slow
def test_the_strong_eve_reads_what_a_fresh_one_cannot(naked):
    before = [w.numpy() for w in naked.eve.weights]
    (fresh,) = cryptanalysis.fresh_eve(naked, 300, 0)
    (strong,) = cryptanalysis.strong_eve(naked, 300, 0)
    assert strong < 1.3, "of 4; 2 is guessing"
    assert 1.7 < fresh < 2.1
    for old, new in zip(before, naked.eve.weights, strict=True):
        np.testing.assert_array_equal(old, new)


def test_who_sends_noise_is_not_read(naked):
    alice = player(("message", "key"), lambda x: 0.0 * x["key"])
    silent = kgan.Crypto(**players() | {"alice": alice}, noise=1.0)
    _, message = cryptanalysis.known_networks(silent, 0)
    assert message == pytest.approx(2, abs=0.1)
    assert cryptanalysis.reused_key(silent, 32, 0) == pytest.approx(2, abs=0.1)


def test_a_run_has_no_pictures_and_no_export(tmp_path):
    small = {"batch_size": 8, "epochs": 1, "log": lambda line: None}
    run = kgan.train("crypto", messages(16, 64), tmp_path / "run", **small)
    assert {"Bob bits", "Eve bits"} < run.history.keys()
    assert run.picture is None and not (run.workdir / "generator").exists()
    with pytest.raises(NotImplementedError, match="Crypto makes no samples"):
        kgan.load(run.workdir).generate(1)
