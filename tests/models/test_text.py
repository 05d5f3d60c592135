"""The GAN of text: its draws, its likelihood, its terms, its data, its samples."""

import numpy as np
import pytest
import tensorflow as tf

import kgan
from kgan.configs import text as variant
from kgan.data.sources import oracle
from kgan.errors import UserError
from kgan.experiments.papers import text_oracle
from kgan.models.round import Round
from kgan.networks import text
from tests import specs
from tests.oracle_weights import saved

SIZES = 3, 3  # length, symbols


def game(**rules):
    made = kgan.Text(
        text.writer(*SIZES, width=4), text.discriminator(*SIZES, width=4), **rules
    )
    made.compile(max_optimizer="sgd", min_optimizer="sgd")
    for weight in made.generator.trainable_variables:
        weight.assign(
            3.0 * tf.random.stateless_normal(weight.shape, (0, len(weight.shape)))
        )
    return made


@pytest.fixture(scope="module")
def sharp():
    return game()


def probabilities(sharp, temperature=1.0):
    """log p of all 27 rows of symbols, of which those with symbols after an end are 0."""
    lines = oracle.every_line(3, 3)
    log_p = np.asarray(sharp.log_likelihood(lines, temperature), float).sum(1)
    ended = (np.cumsum(lines == 0, 1)[:, :-1] > 0) & (lines[:, 1:] > 0)
    return lines, np.where(ended.any(1), 0.0, np.exp(log_p))


def test_the_likelihood_is_that_of_the_network_that_draws():
    averaged, plain = game(ema=0.9), game()  # whose average is where G began
    plain.generator.set_weights(averaged.ema_generator.get_weights())
    lines = oracle.every_line(3, 3)
    found = np.asarray(averaged.log_likelihood(lines))
    np.testing.assert_array_equal(found, plain.log_likelihood(lines))
    for weight in averaged.generator.trainable_variables:
        weight.assign(0.0 * weight)
    np.testing.assert_array_equal(found, averaged.log_likelihood(lines))


@pytest.mark.parametrize("temperature", [1.0, 0.5])
def test_lines_are_drawn_as_often_as_their_likelihood_says(sharp, temperature):
    _, p = probabilities(sharp, temperature)
    assert p.sum() == pytest.approx(1.0, abs=1e-5)
    given = {} if temperature == 1.0 else {"temperature": temperature}
    drawn = sharp.generate(8000, seed=0, **given)
    found = np.bincount(drawn @ [9, 3, 1], minlength=27) / 8000
    assert np.ptp(p) > 0.05, "not all alike"
    assert np.abs(found - p).max() < 0.02
    assert drawn.dtype == np.int32


def test_symbols_are_rows_of_0_and_one_1_with_a_gradient(sharp):
    latent = sharp.latents(16, (0, 1))
    weights = sharp.generator.trainable_variables
    with tf.GradientTape() as tape:
        made = sharp.generator(latent)
        total = tf.reduce_sum(made * tf.range(3.0))
    np.testing.assert_allclose(np.sort(made, -1), [[[0, 0, 1]] * 3] * 16, atol=1e-6)
    assert all(tf.reduce_any(g != 0) for g in tape.gradient(total, weights))


def played(of, lines, scores):
    """A round of real lines, all of the first symbol, and of fakes with given scores."""
    one_hot = tf.one_hot(lines, 3)
    found = Round({"real": tf.one_hot(tf.zeros_like(lines), 3)}, {}, one_hot, None)
    found.answer = {"score": tf.constant(scores)}
    return found


def test_the_score_function_by_hand():
    made = game(estimator="score", objective=kgan.objectives.Hinge())
    lines = tf.constant([[1, 2, 1], [2, 1, 0]])
    policy = made.min_terms(played(made, lines, [3.0, 1.0]))["policy"]
    log_p = np.asarray(made.log_likelihood(lines))
    # The reward is the score; the baseline of each line is that of the other.
    np.testing.assert_allclose(policy, [-2.0 * log_p[0], 2.0 * log_p[1]], rtol=1e-5)


def test_the_score_function_is_the_gradient_of_the_mean_reward():
    """Against the exact gradient, by all lines, of a reward that D would give."""
    made, reward = game(estimator="score"), np.linspace(-1, 1, 27)
    lines, _ = probabilities(made)
    bias = made.writer.head.bias
    with tf.GradientTape() as tape:
        log_p = tf.reduce_sum(made.log_likelihood(lines), 1)
        _, p = probabilities(made)
        valid = tf.constant(p > 0, tf.float32)
        exact = tf.reduce_sum(valid * tf.exp(log_p) * reward)
    expected = tape.gradient(exact, bias)
    with tf.GradientTape() as tape:
        fake = tf.stop_gradient(made.generator(made.latents(20_000, (0, 2))))
        ids = tf.argmax(fake, -1).numpy()
        one = Round({}, {}, fake, None)
        loss = -tf.gather(tf.constant(reward, tf.float32), ids @ [9, 3, 1])
        terms = made._policy(one, loss)
        total = tf.reduce_mean(tf.reduce_sum(terms, 1))
    np.testing.assert_allclose(-tape.gradient(total, bias), expected, atol=0.02)


def test_the_warm_up_is_maximum_likelihood():
    made = game(warm_up=2, likelihood_weight=0.25)
    lines = tf.constant([[1, 2, 1], [2, 1, 0]])
    found = []
    for iteration in (0, 1, 2):
        made.iterations.assign(iteration)
        terms = made.min_terms(played(made, lines, [3.0, 1.0]))
        found.append(
            [float(tf.reduce_sum(terms[k])) for k in ("adversarial", "likelihood")]
        )
    exact = -np.asarray(made.log_likelihood(np.zeros((2, 3), int))).sum()
    assert found[0] == found[1] == pytest.approx([0.0, exact])
    assert found[2][0] > 0 and found[2][1] == pytest.approx(0.25 * exact)


def test_the_temperature_follows_its_schedule():
    made = game(temperature=kgan.schedules.Schedule(2.0, 1.0, 4))
    assert float(made.writer.temperature.value) == 2.0
    made.train_step(tf.one_hot(tf.ones((4, 3), tf.int32), 3))
    assert float(made.writer.temperature.value) == 1.75


def test_a_convolutional_g_makes_shares():
    made = text.generator(4, *SIZES, width=4)({"z": np.ones((2, 4), "float32")})
    assert made.shape == (2, 3, 3)
    np.testing.assert_allclose(np.sum(made, -1), 1.0, rtol=1e-5)


def test_the_oracle_is_what_it_draws():
    tiny = oracle.tiny()
    lines = oracle.every_line(8, 2)
    p = np.exp(tiny.log_likelihood(lines).sum(1))
    assert p.sum() == pytest.approx(1.0)
    drawn = tiny.draw(20_000, 2, seed=0) @ [8, 1]
    assert np.abs(np.bincount(drawn, minlength=64) / 20_000 - p).max() < 0.012


def test_published_weights_are_read(tmp_path):
    for name, array in saved(oracle.tiny()).items():
        with open(tmp_path / f"{name}.npz", "wb") as file:  # as it is published
            np.save(file, array)
    read = oracle.Oracle.read(tmp_path)
    lines = oracle.every_line(8, 2)
    same = oracle.tiny().log_likelihood(lines)
    np.testing.assert_array_equal(read.log_likelihood(lines), same)
    (tmp_path / "wo.npz").write_text("no array")
    with pytest.raises(UserError, match="wo.npz: holds no array"):
        oracle.Oracle.read(tmp_path)
    (tmp_path / "bc.npz").unlink()
    with pytest.raises(UserError, match="bc.npz: does not exist"):
        oracle.Oracle.read(tmp_path)


def test_divergences_by_hand():
    half, other = np.log([0.5, 0.5]), np.log([0.25, 0.75])
    found = text_oracle.divergences(half, other)
    assert found["KL(p‖q)"] == pytest.approx(0.5 * np.log(2) + 0.5 * np.log(2 / 3))
    assert found["KL(q‖p)"] == pytest.approx(0.25 * np.log(0.5) + 0.75 * np.log(1.5))
    assert found["NLL_oracle"] == pytest.approx(np.log(2) / oracle.LENGTH)
    same = text_oracle.divergences(half, half)
    assert same["KL(p‖q)"] == same["JSD"] == 0
    assert np.exp(text_oracle.bigrams()).sum() == pytest.approx(1.0)
    assert np.exp(text_oracle.uniform()).sum() == pytest.approx(1.0)


def test_other_data_are_refused():
    with pytest.raises(UserError, match="no lines of text.*NAME.txt"):
        variant.build(variant.Config(), specs.images((8, 8, 1)))
    with pytest.raises(UserError, match="temperature_end=0.5: has no effect"):
        variant.Config(temperature_end=0.5)


@pytest.mark.slow
def test_a_run_shows_and_exports_lines(tmp_path):
    said, folder = [], tmp_path / "run"
    small = {"width": 2, "batch_size": 8, "epochs": 1, "log": said.append}
    run = kgan.train("text", oracle.dataset(40), folder, warm_up=3, **small)
    lines = (folder / "samples" / "epoch-00001.txt").read_text().splitlines()
    assert len(lines) == 32 and {len(line) for line in lines} == {oracle.LENGTH}
    assert f"samples of epoch 1: {' | '.join(lines[:6])}" in said
    again = kgan.load(folder).generate(4, seed=3)
    np.testing.assert_array_equal(run.generate(4, seed=3), again)
    exported = kgan.load(folder / "generator")
    np.testing.assert_array_equal(exported.generate(4, seed=3), again)
