"""The Fréchet distance, against closed forms."""

import tracemalloc

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st

from kgan.errors import UserError
from kgan.metrics import InceptionScore, Moments, frechet_distance
from kgan.metrics.frechet import MOST, most_samples


def with_moments(mean, covariance, count=64, seed=0):
    """Moments of samples that have exactly this mean and covariance."""
    mean, covariance = np.asarray(mean, float), np.asarray(covariance, float)
    samples = np.random.default_rng(seed).normal(size=(count, len(mean)))
    samples -= samples.mean(axis=0)
    # White samples first: those drawn have a covariance of their own.
    own = np.linalg.cholesky(np.cov(samples, rowvar=False))
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0))
    return Moments().add(mean + samples @ np.linalg.inv(own).T @ root.T)


def test_moments_by_hand():
    moments = Moments().add([[0, 0], [2, 0], [4, 6]])
    assert moments.count == 3
    np.testing.assert_allclose(moments.mean, [2, 2])
    # Deviations (-2, -2), (0, -2), (2, 4); products over N - 1 = 2.
    np.testing.assert_allclose(moments.covariance, [[4, 6], [6, 12]])


def test_normal_distributions_of_four_dimensions_are_8_apart():
    # |1|^2 = 4 and Tr(I + 4 I - 2 * 2 I) = 4.
    standard = with_moments(np.zeros(4), np.eye(4))
    wide = with_moments(np.ones(4), 4 * np.eye(4), seed=1)
    assert frechet_distance(standard, wide) == pytest.approx(8, abs=1e-10)
    assert frechet_distance(wide, standard) == pytest.approx(8, abs=1e-10)


def test_identical_sets_are_0_apart_also_far_from_the_origin():
    features = np.random.default_rng(0).normal(size=(500, 16)) + 1e3
    moments = Moments().add(features)
    assert 0 <= frechet_distance(moments, moments) < 1e-10


def test_singular_covariances_that_do_not_commute():
    # Lines along e1 and along (e1 + e2) / sqrt 2 with variances 4 and 9:
    # Tr (S1 S2)^1/2 = sqrt(4 * 9) |cos 45|, so 13 - 12 / sqrt 2.
    line = with_moments([0, 0], [[4, 0], [0, 0]])
    diagonal = with_moments([0, 0], [[4.5, 4.5], [4.5, 4.5]], seed=1)
    expected = 13 - 12 / np.sqrt(2)
    assert frechet_distance(line, diagonal) == pytest.approx(expected, abs=1e-9)


def test_fewer_samples_than_dimensions_and_no_variance_at_all():
    features = np.random.default_rng(0).normal(size=(10, 100))
    moments = Moments().add(features)
    assert 0 <= frechet_distance(moments, moments) < 1e-10
    still = Moments().add(np.zeros((5, 100)))
    assert frechet_distance(still, still) == 0
    expected = np.sum(moments.mean**2) + np.trace(moments.covariance)
    assert frechet_distance(moments, still) == pytest.approx(expected)
    # As many as dimensions and more: the scatter is all zeros.
    none = Moments().add(np.zeros((5, 3)))
    assert frechet_distance(none, none) == 0


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_agrees_with_the_matrix_square_root_of_scipy(size, seed):
    generator = np.random.default_rng(seed)
    features = [
        generator.normal(size=(40, size)) @ generator.normal(size=(size, size))
        + np.eye(40, size)
        for _ in range(2)
    ]
    first, second = (Moments().add(part) for part in features)
    means = [part.mean(axis=0) for part in features]
    covariances = [np.cov(part, rowvar=False).reshape(size, size) for part in features]
    root = scipy.linalg.sqrtm(covariances[0] @ covariances[1])
    expected = np.sum((means[0] - means[1]) ** 2)
    expected += np.trace(covariances[0] + covariances[1] - 2 * np.real(root))
    # sqrtm of a nearly singular product is the less exact of the two.
    assert frechet_distance(first, second) == pytest.approx(expected, abs=1e-5)


def direct(first, second):
    """The distance of two arrays (N, d) by its formula, with the root's eigenvalues."""
    means = [part.mean(axis=0) for part in (first, second)]
    covariances = [np.cov(part, rowvar=False) for part in (first, second)]
    values = scipy.linalg.eigvals(covariances[0] @ covariances[1]).real
    overlap = np.sqrt(np.maximum(values, 0)).sum()
    apart = np.sum((means[0] - means[1]) ** 2)
    return apart + np.trace(covariances[0] + covariances[1]) - 2 * overlap


@settings(max_examples=40, deadline=None)
@given(
    st.integers(2, 30),
    st.integers(2, 30),
    st.integers(2, 24),
    st.integers(1, 40),
    st.integers(0, 2**32 - 1),
)
def test_fewer_samples_than_dimensions_have_the_distance_of_the_formula(
    first, second, size, batch, seed
):
    """The Gram matrix, one of either side, or two covariances: one value."""
    generator = np.random.default_rng(seed)
    mixed = generator.normal(size=(size, size))
    parts = [generator.normal(size=(count, size)) @ mixed for count in (first, second)]
    parts[1] += 0.5
    moments = []
    for part in parts:
        moments.append(Moments())
        for start in range(0, len(part), batch):
            moments[-1].add(part[start : start + batch])
    expected = direct(*parts)
    scale = sum(one.variance for one in moments)
    assert frechet_distance(*moments) == pytest.approx(expected, abs=1e-5 * scale)
    for one, part in zip(moments, parts, strict=True):
        covariance = np.cov(part, rowvar=False)
        np.testing.assert_allclose(one.covariance, covariance, atol=1e-9 * scale)
        np.testing.assert_allclose(one.root() @ one.root().T, covariance, atol=1e-6)
        assert one.variance == pytest.approx(np.trace(covariance))


def test_rows_and_a_covariance_of_the_same_samples_are_0_apart():
    """The same samples as deviations and, with each of them twice, as a scatter."""
    features = np.random.default_rng(0).normal(size=(12, 20)).astype(np.float32)
    few, many = Moments().add(features), Moments().add(np.repeat(features, 2, axis=0))
    scaled = np.sqrt(few.variance / many.variance)
    apart = frechet_distance(few, many)
    assert apart == pytest.approx(few.variance * (1 - 1 / scaled) ** 2, abs=1e-9)


def test_the_images_of_a_camera_take_no_matrix_of_their_pixels():
    """20 images of 128x128x3: a matrix of 18 GiB once, and less than 100 MB now."""
    generator = np.random.default_rng(0)
    tracemalloc.start()
    real, fake = (
        Moments().add(generator.random((count, 49152), dtype=np.float32))
        for count in (40, 20)
    )
    found = frechet_distance(real, fake)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100e6
    # The 19 directions of the 20 are almost perpendicular to those of the 40.
    assert found == pytest.approx(real.variance + fake.variance, rel=0.1)


def test_more_samples_of_many_dimensions_are_refused_in_one_line():
    assert most_samples(MOST) == np.inf and most_samples(49152) == 192
    moments = Moments().add(np.zeros((2, 49152)))
    with pytest.raises(UserError, match="193 samples of 49,152 dimensions") as error:
        moments.add(np.zeros((191, 49152)))
    assert "\n" not in str(error.value) and moments.count == 2
    with pytest.raises(UserError, match="194 samples"):
        moments.merge(Moments().add(np.zeros((192, 49152))))


@pytest.mark.parametrize("batch", [1, 7, 999, 1000, 1001, 2500])
def test_batches_give_the_moments_of_the_whole(batch):
    features = np.random.default_rng(0).normal(size=(2500, 3)) * [1, 10, 0.1] + 1e4
    whole, streamed = Moments().add(features), Moments()
    for start in range(0, len(features), batch):
        streamed.add(features[start : start + batch])
    for moments in (whole, streamed):
        assert moments.count == 2500
        np.testing.assert_allclose(moments.mean, features.mean(axis=0), rtol=1e-14)
        expected = np.cov(features, rowvar=False)
        np.testing.assert_allclose(moments.covariance, expected, rtol=1e-8, atol=1e-8)


def test_merged_moments_are_those_of_both_and_leave_the_other_alone():
    features = np.random.default_rng(0).normal(size=(30, 4))
    second = Moments().add(features[10:])
    merged = Moments().merge(Moments()).merge(second).merge(Moments())
    merged.add(features[:10])
    np.testing.assert_allclose(merged.mean, features.mean(axis=0))
    np.testing.assert_allclose(merged.covariance, np.cov(features, rowvar=False))
    np.testing.assert_allclose(second.mean, features[10:].mean(axis=0))
    assert second.count == 20
    twice = Moments().merge(second).merge(second)
    np.testing.assert_allclose(twice.mean, second.mean)
    assert twice.count == 40 and twice.merge(twice).count == 80


def test_few_merged_moments_are_those_of_both():
    features = np.random.default_rng(0).normal(size=(12, 8))
    for cut in (3, 6, 9):
        merged = Moments().add(features[:cut]).merge(Moments().add(features[cut:]))
        np.testing.assert_allclose(merged.covariance, np.cov(features, rowvar=False))
        assert merged.count == 12


def test_what_moments_give_is_not_theirs_to_change():
    moments = Moments().add(np.eye(3))
    moments.mean[:] = 7
    moments.covariance[:] = 7
    np.testing.assert_allclose(moments.mean, 1 / 3)
    assert frechet_distance(moments, Moments().add(np.eye(3))) == pytest.approx(0)


@pytest.mark.parametrize(
    "features", [[[np.nan, 0]], [[np.inf, 0]], [0, 1], np.zeros((3, 0)), [[0, 1, 2]]]
)
def test_features_that_do_not_fit_are_refused_and_not_counted(features):
    moments = Moments().add([[0, 1], [2, 3]])
    with pytest.raises(ValueError):
        moments.add(features)
    assert moments.count == 2
    np.testing.assert_allclose(moments.mean, [1, 2])


def test_too_few_samples_other_lengths_and_overflow_are_refused():
    pair, one = Moments().add([[0], [1]]), Moments().add([[0]])
    with pytest.raises(ValueError, match="1 samples; at least 2"):
        frechet_distance(pair, one)
    with pytest.raises(ValueError, match="0 samples; at least 1"):
        frechet_distance(Moments(), pair)
    with pytest.raises(ValueError, match="lengths"):
        frechet_distance(pair, Moments().add([[0, 0], [1, 1]]))
    with np.errstate(over="ignore"), pytest.raises(ValueError, match="not finite"):
        frechet_distance(pair, Moments().add([[-1e300], [1e300]]))


def peak_memory(count):
    """Bytes held at most while `count` features of 64 are drawn and counted."""
    generator = np.random.default_rng(0)
    moments, score = Moments(), InceptionScore()
    tracemalloc.start()
    for _ in range(0, count, 500):
        features = generator.random((500, 64), dtype=np.float32)
        moments.add(features)
        score.add(features / features.sum(axis=1, keepdims=True))
    frechet_distance(moments, moments)
    assert moments.count == score.count == count
    assert score.value > 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_number_of_samples():
    peak_memory(1000)  # What NumPy and SciPy allocate once.
    few, many = peak_memory(5000), peak_memory(50_000)
    assert many < few + 100_000
    assert many < 50_000 * 64 * 4 / 4
