"""Sources, what is kept of a stream, references, and files of scores."""

import dataclasses
import json

import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan import evaluation
from kgan.data import arrays, load
from kgan.errors import UserError
from kgan.evaluation import collected
from kgan.evaluation.collected import Collected
from kgan.evaluation.reference import Reference
from kgan.export.saved_model import export_generator
from kgan.metrics import PixelFeatures, Score
from kgan.models import GAN
from kgan.networks import points
from tests.conformance import games


def noise(count, seed=0, low=0, high=256):
    generator = np.random.default_rng(seed)
    return generator.integers(low, high, (count, 8, 8, 1), np.uint8)


@pytest.fixture
def real():
    """A reference of unlabelled noise, seen as pixels."""
    train, held_out = (arrays.images(noise(120, seed), name="noise") for seed in (1, 2))
    return Reference("noise", train, held_out, PixelFeatures(), None)


class Drawn(evaluation.Source):
    """A source that hands out the images it was given."""

    def __init__(self, images):
        self.images, self.shape = images, images.shape[1:]

    def batches(self, n, seed, labels=None):
        for start in range(0, n, 50):
            yield self.images[start : min(n, start + 50)], {}


def by_name(scores):
    return {score.name: score for score in scores}


def test_a_game_draws_what_its_latents_say():
    game = games.build("cgan-mlp")
    source = evaluation.GameSource(game)
    parts = list(source.batches(7, 3))
    images = np.concatenate([part for part, _ in parts])
    latent = game.latents(7, (0, 3))
    np.testing.assert_array_equal(images, game.samples(latent))
    assert source.shape == (8, 8, 1) and "label" in parts[0][1]


def test_batches_are_the_whole(monkeypatch):
    monkeypatch.setattr("kgan.applications.sampling.BATCH", 3)
    source = evaluation.GameSource(games.build("gan-mlp"))
    parts = [images for images, _ in source.batches(7, 0)]
    assert [len(part) for part in parts] == [3, 3, 1]


def saved(tmp_path, network):
    network.export(str(tmp_path / "model"), verbose=False)
    return tmp_path / "model"


def drawer(low, high):
    z = keras.Input((5,))
    x = keras.layers.Dense(64, activation="sigmoid")(z)
    x = keras.layers.Rescaling(high - low, low)(x)
    return keras.Model(z, keras.layers.Reshape((8, 8, 1))(x))


@pytest.mark.parametrize("low, high", [(-1.0, 1.0), (0.0, 1.0)])
def test_any_saved_model_that_maps_z_to_images(tmp_path, low, high):
    network, said = drawer(low, high), []
    source = evaluation.SavedModelSource(saved(tmp_path, network), said.append)
    assert source.shape == (8, 8, 1) and len(said) == 1 and f"[{low:g}, 1]" in said[0]
    first, again, other = (
        np.concatenate([images for images, _ in source.batches(600, seed)])
        for seed in (0, 0, 1)
    )
    assert first.shape == (600, 8, 8, 1) and first.dtype == np.uint8
    np.testing.assert_array_equal(first, again)
    assert (first != other).any() and (first[:500] != first[100:]).any()
    assert 100 < first.mean() < 156, "0.5 of either range is grey"


def test_saved_models_that_draw_nothing(tmp_path):
    with pytest.raises(UserError, match="^saved_model=.*nowhere: no SavedModel"):
        evaluation.SavedModelSource(tmp_path / "nowhere")
    image = keras.Input((8, 8, 1))
    path = saved(tmp_path, keras.Model(image, keras.layers.Flatten()(image)))
    with pytest.raises(UserError, match="must take one tensor z of shape"):
        evaluation.SavedModelSource(path)


def test_saved_model_of_numbers(tmp_path):
    z = keras.Input((5,))
    path = saved(tmp_path, keras.Model(z, keras.layers.Dense(3)(z)))
    with pytest.raises(UserError, match=r"draws shape \(2, 3\), not images"):
        evaluation.SavedModelSource(path)


def test_an_export_of_points_draws_no_images(tmp_path):
    network = points.generator(width=4)
    export_generator(GAN(network, points.discriminator(width=4)), tmp_path / "ring")
    with pytest.raises(UserError, match="^saved_model=.*ring: draws vectors, not"):
        evaluation.SavedModelSource(tmp_path / "ring")
    with pytest.raises(UserError, match="^ring: only images are measured"):
        evaluation.reference("ring", (2,))


def test_collected_keeps_the_moments_of_all_and_evenly_spaced_images(monkeypatch):
    """The first of a folder would be those of its first class."""
    monkeypatch.setattr(collected, "KEPT", 25)
    monkeypatch.setattr(collected, "AT_A_TIME", 20)
    images, labels = noise(100), np.repeat([0, 1, 2, 3], 25)
    found = Collected.of(PixelFeatures(), images, labels=labels)
    assert found.count == 100 and len(found.features) == 25
    np.testing.assert_array_equal(found.kept, np.linspace(0, 99, 25).round())
    np.testing.assert_array_equal(found.images, images[found.kept])
    np.testing.assert_array_equal(found.labels, labels[found.kept])
    np.testing.assert_array_equal(np.bincount(found.labels), [6, 6, 7, 6])
    flat = images.reshape(100, -1) / 255
    np.testing.assert_allclose(found.moments.mean, flat.mean(0), rtol=1e-6)
    odd = Collected.of(
        PixelFeatures(), images, labels=labels, rows=np.arange(1, 100, 2)
    )
    assert odd.count == 50
    np.testing.assert_array_equal(odd.images, images[1::2][odd.kept])
    np.testing.assert_array_equal(odd.labels, labels[1::2][odd.kept])


def test_real_images_score_as_real_ones(real):
    scores, details, closest = evaluation.measure(Drawn(noise(120, 3)), real, n=120)
    found = by_name(scores)
    assert details["floor"] == "120 test and 120 training images"
    assert len(closest) == 10 and "labels" not in details
    fid = found["FID-pixels"]
    assert fid.value == pytest.approx(fid.floor, rel=0.2)
    low, high = found["KID-pixels"].interval
    assert low < 0 < high
    assert found["memorisation-pixels"].value == pytest.approx(1.0, abs=0.05)
    assert found["variance_ratio-pixels"].value == pytest.approx(1.0, abs=0.1)
    assert fid.stamp["counts"] == {"real": 120, "held_out": 120, "generated": 120}
    assert details["floor_counts"] == [120, 120]
    assert fid.stamp["extractor"]["name"] == "pixels"


def test_bad_images_score_worse_and_copies_are_found(real):
    grey = by_name(evaluation.measure(Drawn(noise(120, 3, 100, 140)), real, n=120)[0])
    assert grey["FID-pixels"].value > 2 * grey["FID-pixels"].floor
    assert grey["variance_ratio-pixels"].value < 0.1
    assert grey["recall-pixels"].value < grey["recall-pixels"].floor
    scores, _, closest = evaluation.measure(Drawn(real.train["real"]), real, n=120)
    assert by_name(scores)["memorisation-pixels"].value < 0.1
    for generated, training in closest:
        np.testing.assert_array_equal(generated, training)


def test_copies_are_found_where_not_all_training_images_are_kept(real, monkeypatch):
    """A third of the copies have their original among those that are kept."""
    monkeypatch.setattr(collected, "KEPT", 40)
    scores, *_ = evaluation.measure(Drawn(real.train["real"]), real, n=120)
    assert by_name(scores)["memorisation-pixels"].value < 0.1


def test_the_distance_of_fewer_samples_names_how_many_they_are(real, monkeypatch):
    monkeypatch.setattr(collected, "KEPT", 40)
    _, details, _ = evaluation.measure(Drawn(noise(150, 3)), real, n=150)
    assert "FID-pixels of 40 samples" in details


def test_a_generator_of_another_split_is_compared_with_that():
    silent, given = {"log": lambda line: None}, {"extractor": "pixels", "updates": 20}
    found = evaluation.reference("digits", (8, 8, 1), split="test", **given, **silent)
    parts = [load("digits", split=one, **silent).digest() for one in ("test", "train")]
    assert [found.train.digest(), found.held_out.digest()] == parts


def test_without_held_out_images(real):
    alone = dataclasses.replace(real, held_out=None)
    scores, details, closest = evaluation.measure(Drawn(noise(60)), alone, n=60)
    assert details["floor"].startswith("60 and 60 images of the data, where the scores")
    assert "compare 60 and 120" in details["floor"] and closest == []
    assert not [name for name in by_name(scores) if name.startswith("memorisation")]


def test_distance_is_the_fid_of_the_whole(real):
    source = Drawn(noise(120, 3))
    name, value = evaluation.distance(source, real, n=120)
    scores = by_name(evaluation.measure(source, real, n=120)[0])
    assert scores[name].value == pytest.approx(value)


def test_written_read_and_compared(real, tmp_path):
    path = tmp_path / "scores.json"
    first, details, _ = evaluation.measure(Drawn(noise(60, 3)), real, n=60)
    evaluation.write(path, first, details)
    second = evaluation.measure(Drawn(noise(60, 4)), real, n=60, seed=5)[0]
    lines = evaluation.compared(second, evaluation.read(path))
    assert len(lines) == len(first) and lines[0].startswith("FID-pixels: ")
    fewer = evaluation.measure(Drawn(noise(60, 4)), real, n=50)[0]
    with pytest.raises(UserError, match="counts.generated: 60 -> 50"):
        evaluation.compared(fewer, evaluation.read(path))
    with pytest.raises(UserError, match="nothing to compare"):
        evaluation.compared([Score("other", 1.0)], evaluation.read(path))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"scores": [{}]}', '{"scores": 3}'])
def test_damaged_scores(tmp_path, text):
    path = tmp_path / "scores.json"
    path.write_text(text)
    with pytest.raises(UserError, match="scores.json: no scores of kgan"):
        evaluation.read(path)
    with pytest.raises(UserError, match="nowhere: No such file"):
        evaluation.read("nowhere")


def test_lines_and_picture():
    scores = [
        Score("FID-x", 12.345678, (11.0, 13.0), 0.5, {"seeds": {"samples": 0}}),
        Score("code_error", 0.25),
    ]
    head, fid, error = evaluation.lines(scores)
    assert head.split() == ["generated", "95", "%", "real"]
    assert fid.split() == ["FID-x", "12.35", "11", "to", "13", "0.5"]
    assert error.split() == ["code_error", "0.25"]
    pairs = [(image, image) for image in noise(10)]
    picture = evaluation.pairs_picture(pairs)
    half = (picture.shape[0] - 2) // 2
    np.testing.assert_array_equal(picture[2:half], picture[half + 2 : 2 * half])


def test_a_classifier_needs_classes(tmp_path):
    for number, image in enumerate(noise(30)):
        (tmp_path / "a").mkdir(exist_ok=True)
        tf.io.write_file(str(tmp_path / "a" / f"{number}.png"), tf.io.encode_png(image))
    found = evaluation.reference(str(tmp_path / "a"), (8, 8, 1))
    assert found.extractor.name == "pixels" and found.classifier is None
    with pytest.raises(UserError, match="^extractor=classifier: .* no classes"):
        evaluation.reference(str(tmp_path / "a"), (8, 8, 1), extractor="classifier")


def test_images_of_a_side_that_no_classifier_takes():
    """A dense network draws any: the pixels themselves are compared then."""
    found = evaluation.reference("digits", (10, 10, 1))
    assert found.extractor.name == "pixels" and found.classifier is None
    assert "label" in found.train
    with pytest.raises(UserError, match="sides are no multiples of 4"):
        evaluation.reference("digits", (10, 10, 1), extractor="classifier")


def test_stamps_are_plain(real, tmp_path):
    scores, details, _ = evaluation.measure(Drawn(noise(60)), real, n=60)
    evaluation.write(tmp_path / "a.json", scores, details)
    plain = json.loads((tmp_path / "a.json").read_text())
    assert plain["details"]["samples"] == 60
    assert {one["name"] for one in plain["scores"]} == {s.name for s in scores}
