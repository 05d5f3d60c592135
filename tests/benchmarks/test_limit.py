import keras
import pytest
from keras import layers

from benchmarks import limit
from benchmarks.cases import Case


def test_forward_counts_two_for_each_product():
    network = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Conv2D(5, 4, strides=2, padding="same"),
            layers.Conv2DTranspose(2, 4, strides=2, padding="same"),
            layers.Flatten(),
            layers.Dense(7),
        ]
    )
    convolution = 2 * (4 * 4 * 3 * 5) * (4 * 4)
    transposed = 2 * (4 * 4 * 5 * 2) * (4 * 4)
    dense = 2 * (8 * 8 * 2) * 7
    assert limit.forward(network) == [convolution, transposed, dense]


def test_step_leaves_out_what_nobody_needs():
    # D: G forward 3; twice (D 11 forward, 11 for weights, 10 for inputs).
    # G: 3 forward, 3 for weights, 2 for inputs; D 11 forward, 11 for inputs.
    case = Case("any", "", batch=10)
    assert limit.of_step(case, [1, 2], [1, 10], [1, 10]) == 10 * (3 + 64 + 8 + 22)


def test_heads_count_where_they_are_asked_for():
    # Beside the former: the heads' 4 forward and twice 4 backward for D, 8 for G.
    case = Case("any", "", batch=10)
    assert limit.of_step(case, [1, 2], [1, 10], [1, 10, 4]) == 10 * (97 + 12 + 8)


def test_critic_adds_the_penalty():
    # Forward 11 and back to the image 11; that one's backward: 11 for weights, and
    # 1 on to the last layer but one.
    case = Case("any", "", batch=1, critic=True, critic_steps=2)
    ascent, descent = 3 + 64 + (22 + 11 + 1), 8 + 22
    assert limit.of_step(case, [1, 2], [1, 10], [1, 10]) == 2 * ascent + descent


def test_peak_is_of_the_best_product(monkeypatch):
    # When it begins; one product of 1 s and one of 0.5; not yet over; one of 2 s; over.
    times = iter([0.0, 1.0, 2.0, 2.0, 2.5, 4.0, 4.0, 6.0, 7.0])
    monkeypatch.setattr(limit.time, "perf_counter", lambda: next(times))
    found = limit.peak(lambda: None, seconds=5.0, least=2)
    assert found == pytest.approx(2 * limit.SIDE**3 / 0.5 / 1e9)


def test_busy_is_what_was_not_idle(monkeypatch):
    times = iter([(1000, 400), (1200, 550)])
    monkeypatch.setattr(limit, "_processor_times", lambda: next(times))
    assert limit.busy(0.0) == pytest.approx(0.25)


def test_translation_makes_its_images_once():
    # D: twice (3 x 11 - 1). G: 3 forward, 3 for weights, 2 for inputs; D 11 and 11.
    one_way = 2 * (33 - 1) + 8 + 22
    case = Case("any", "", kind="translation", batch=10, ways=1)
    assert limit.of_translation(case, [1, 2], [1, 10]) == 10 * one_way
    # And the way back: G 3 forward, 3 for weights, 3 for inputs; all of it twice.
    case = Case("any", "", kind="translation", batch=10, ways=2)
    assert limit.of_translation(case, [1, 2], [1, 10]) == 20 * (one_way + 9)
