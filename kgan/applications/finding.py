"""Ways of finding directions: by attributes, in closed form, by principal components."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import keras
import numpy as np
from sklearn.decomposition import PCA
from sklearn.svm import LinearSVC

from kgan.applications import sampling
from kgan.applications.attributes import reader_of_run
from kgan.applications.directions import Directions
from kgan.applications.inversion import check_game
from kgan.errors import UserError
from kgan.keras_private import layers_within
from kgan.typing import Log, PathLike

if TYPE_CHECKING:
    from kgan.models import GAN
    from kgan.training.record import Record

METHODS = ("svm", "sefa", "pca")
COUNT = 10  # directions of "sefa" and "pca"
SAMPLES, SHARE, TRAINED = 10_000, 0.02, 0.7
NONLINEAR = (keras.layers.ReLU, keras.layers.LeakyReLU, keras.layers.Activation)


def sefa(game: "GAN", count: int = COUNT) -> Directions:
    """Finds the directions that move G's first layer most (Shen & Zhou 2021, Eq. 7).

    They are the eigenvectors of A^T A with the largest eigenvalues, where A is what the
    first dense layer does to z: in closed form, without data and without samples.
    """
    weights = np.asarray(_first_dense(game).kernel)[: game.noise_width]
    values, vectors = np.linalg.eigh(weights @ weights.T)
    order = np.argsort(values)[::-1][:count]
    return _numbered(game, "sefa", vectors.T[order], values[order] / values.sum())


def pca(game: "GAN", count: int = COUNT, seed: int = 0) -> Directions:
    """Finds the principal components of G's first activations (Härkönen 2020, section 3).

    Of many samples, each component is regressed on z; with the first layer alone, which
    is linear, it would be `sefa`.
    """
    layer = _first_nonlinear(game)
    inner = keras.Model(game.sampler.inputs, layer.output)
    latent = game.latents(SAMPLES // 5, (0, seed))
    inputs = [latent[one.name] for one in game.sampler.inputs]
    hidden = np.asarray(inner.predict(inputs, batch_size=sampling.BATCH, verbose=0))
    hidden = hidden.reshape(len(hidden), -1)
    found = PCA(min(count, *hidden.shape), random_state=seed)
    along = found.fit_transform(hidden)
    along /= along.std(0)
    z = np.asarray(latent["z"])[:, : game.noise_width]
    vectors, *_ = np.linalg.lstsq(along, z - z.mean(0), rcond=None)
    return _numbered(game, "pca", vectors, found.explained_variance_ratio_)


def svm(
    game: "GAN",
    reader: Callable[[np.ndarray], Mapping[str, np.ndarray]],
    *,
    samples: int = SAMPLES,
    share: float = SHARE,
    seed: int = 0,
) -> Directions:
    """Finds a direction for each attribute that a reader sees (Shen 2020, InterFaceGAN).

    Of many codes, the share with the highest and the share with the lowest score is
    taken. A linear SVM learns to tell 70 % of both apart, and is tested on the rest; the
    normal of its plane is the direction.

    Args:
        game: a game that makes images from noise.
        reader: images, uint8 (n, H, W, C) -> name of an attribute -> scores (n,), of
            which higher ones say that the picture has it.
        samples: codes.
        share: taken at each end, in (0, 0.5].
        seed: of the codes and the parts.
    """
    latent = game.latents(samples, (0, seed))
    parts: dict[str, list] = {}
    for images, _ in sampling.batches(game, latent):
        for name, scores in reader(images).items():
            parts.setdefault(name, []).append(scores)
    z = np.asarray(latent["z"])[:, : game.noise_width]
    most = max(10, round(share * samples))
    vectors, accuracies = [], []
    for scores in parts.values():
        order = np.argsort(np.concatenate(scores), kind="stable")
        ends = np.concatenate([order[:most], order[-most:]])
        has = np.repeat([0, 1], most)
        mixed = np.random.default_rng(seed).permutation(len(ends))
        fit, test = np.split(mixed, [round(TRAINED * len(ends))])
        separator = LinearSVC(C=1e-2, random_state=seed).fit(z[ends[fit]], has[fit])
        accuracies.append(separator.score(z[ends[test]], has[test]))
        vectors.append(separator.coef_[0])
    return _unit(game, tuple(parts), np.stack(vectors), np.array(accuracies))


def find(
    game: "GAN",
    record: "Record",
    method: str = "sefa",
    *,
    attributes: Sequence[str] = (),
    count: int = COUNT,
    samples: int = SAMPLES,
    dataset: str | None = None,
    seed: int = 0,
    cache: PathLike | None = None,
    log: Log = print,
) -> Directions:
    """Finds directions of the game of a run: `svm`, `sefa` or `pca`.

    Args:
        game: the trained game of the run.
        record: of the run.
        method: of `METHODS`.
        attributes: for "svm", columns of the table of the run's folder, or "class".
        count: directions of "sefa" and "pca".
        samples: codes for "svm".
        dataset: the images that the run learned from, if they lie elsewhere now.
        seed: of the samples.
        cache: folder for trained classifiers, or None.
        log: called with a line about the data.
    """
    if method not in METHODS:
        raise UserError(f"method={method}", f"there are {', '.join(METHODS)}")
    if method != "svm" and attributes:
        raise UserError(f"attributes={','.join(attributes)}", "goes with `method=svm`")
    check_game(game)
    if method == "sefa":
        return sefa(game, count)
    if method == "pca":
        return pca(game, count, seed)
    if not attributes:
        raise UserError("attributes", "say which, for `method=svm`")
    reader = reader_of_run(record, attributes, dataset, cache=cache, log=log)
    return svm(game, reader, samples=samples, seed=seed)


def _width(game):
    return game.generator.input["z"].shape[-1]


def _first_dense(game):
    """G's first dense layer, which takes z and then, if any, the label."""
    for layer in layers_within(game.sampler):
        if isinstance(layer, keras.layers.Dense):
            if layer.kernel.shape[0] >= _width(game):
                return layer
            break
    raise UserError(
        "method=sefa", "G has no dense layer that takes z", "use pca or svm"
    )


def _first_nonlinear(game):
    for layer in layers_within(game.sampler):
        if isinstance(layer, NONLINEAR):
            return layer
    raise UserError("method=pca", "G has no layer to look into", "use svm")


def _numbered(game, name, vectors, scores):
    names = tuple(f"{name}-{number + 1}" for number in range(len(vectors)))
    return _unit(game, names, vectors, scores)


def _unit(game, names, vectors, scores):
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
    # What z holds after its noise, such as codes, is asked for by name.
    unit = np.pad(unit, ((0, 0), (0, _width(game) - unit.shape[1])))
    return Directions(names, unit, np.asarray(scores), int(game.iterations))
