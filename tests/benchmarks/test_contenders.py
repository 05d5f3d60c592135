"""The contenders of `benchmarks.quality`: their networks, and runs of a few steps."""

import numpy as np
import pytest

from benchmarks.quality import scorer, worker
from benchmarks.quality.contenders import keras_dcgan
from benchmarks.quality.contenders import kgan as ours
from benchmarks.quality.images import Images
from benchmarks.quality.races import CONTENDERS, Race, Task
from benchmarks.quality.watch import Watch

SHAPE = (8, 8, 1)


class Calls:
    """A clock that goes on by a second with each look at it."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        self.seconds += 1
        return self.seconds


def pixels(shape=SHAPE, count=16):
    return np.random.default_rng(0).integers(0, 256, (count, *shape), np.uint8)


def task(name, shape=SHAPE, folder="", images=""):
    return Task(name, "digits", 0, 1.0, 5, shape, str(images), str(folder))


@pytest.fixture(autouse=True)
def one_thread(monkeypatch):
    """Threads of PyTorch that wait for each other take long where others work too."""
    monkeypatch.setattr("os.sched_getaffinity", lambda process: {0})


def left_by(train, images, *given, moments=(0.01, 0.02, 0.5), **options):
    """What a contender leaves at some moments; a look at the watch takes a second."""
    left = []

    def leave(number, minutes, seen, draw):
        left.append((seen, draw(5)))

    watch = Watch(moments, leave, Calls())
    facts = train(images, watch, *given, **options)
    assert watch.enough and facts["versions"]
    for _, samples in left:
        assert samples.dtype == np.uint8 and samples.shape == (5, *images.shape[1:])
    seen = [number for number, _ in left]
    assert seen == sorted(seen) and seen[0] > 0
    return left


@pytest.mark.slow
def test_kgan_runs_as_its_users_run_it():
    settings = {"width": 2, "batch_size": 4, "latent": 3}
    found = left_by(
        ours.train, pixels(), task("kgan"), variant="gan", settings=settings
    )
    assert (found[0][1] != found[-1][1]).any()  # G has learned between them


def test_the_recipes_of_keras():
    shape = (64, 64, 3)
    g, d = keras_dcgan.generator(shape), keras_dcgan.discriminator(shape)
    # As keras.io's page prints them.
    assert (g.count_params(), d.count_params()) == (3_979_651, 404_801)
    shape = (28, 28, 1)
    g, d = keras_dcgan.generator(shape), keras_dcgan.discriminator(shape)
    # Dense, two convolutions and the last one; two convolutions and a dense layer.
    assert g.count_params() == 129 * 6272 + 2 * (16 * 128 * 128 + 128) + 49 * 128 + 1
    assert d.count_params() == 10 * 64 + (9 * 64 + 1) * 128 + 129
    assert g.output_shape == (None, *shape)
    found = left_by(keras_dcgan.train, pixels(shape, 4), task("keras"))
    assert (found[0][1] != found[-1][1]).any()


def test_the_recipe_of_pytorch():
    torch_dcgan = pytest.importorskip(
        "benchmarks.quality.contenders.torch_dcgan", reason="needs PyTorch"
    )
    g, d = torch_dcgan.generator(3), torch_dcgan.discriminator(3)

    def learned(network):
        return sum(one.numel() for one in network.parameters())

    # 4x4 kernels, and two numbers a channel for each batch norm.
    assert learned(g) == 16 * (
        100 * 512 + 512 * 256 + 256 * 128 + 128 * 64 + 64 * 3
    ) + (2 * (512 + 256 + 128 + 64))
    assert learned(d) == 16 * (3 * 64 + 64 * 128 + 128 * 256 + 256 * 512 + 512) + (
        2 * (128 + 256 + 512)
    )
    found = left_by(
        torch_dcgan.train, pixels((32, 32, 1), 4), task("torch"), small=True
    )
    assert (found[0][1] != found[-1][1]).any()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of packages that this machine does not suit
def test_lightweight_gan_trains_without_a_gpu():
    # torchvision may need what the contender does for it: it is only looked for.
    if CONTENDERS["lightweight-gan"].missing:
        pytest.skip("needs PyTorch, torchvision and lightweight-gan")
    import torch

    from benchmarks.quality.contenders import lightweight

    few = {"moments": (0.01, 0.02), "widest": 16}  # a step takes seconds
    images = pixels((32, 32, 1), 12)
    found = left_by(lightweight.train, images, task("lightweight-gan"), **few)
    assert found[0][0] == 40  # four tens in a step, as its command has them
    assert not torch.cuda.is_available()  # the stand-ins are gone


def test_the_worker_leaves_samples_of_the_size_of_the_race(tmp_path, monkeypatch):
    np.save(tmp_path / "images.npy", pixels())

    def train(self, images, watch, task):
        assert images.shape[1:] == (16, 16, 1)
        watch.start()
        seen = 1
        while watch.goes_on(seen, lambda n: np.zeros((n, 16, 16, 1), np.uint8)):
            seen += 1
        return {"versions": {}}

    contender = worker.CONTENDERS["keras-dcgan"]
    monkeypatch.setattr(type(contender), "train", train)
    monkeypatch.setitem(contender.sides, 8, 16)
    monkeypatch.setattr(worker.limit, "busy", lambda: 0.0)
    asked = task("keras-dcgan", folder=tmp_path / "out", images=tmp_path / "images.npy")
    found = worker.raced(asked, now=Calls())
    points = found["points"]
    assert points[-1]["minutes"] >= 1.0 and found["busy"] == 0.0
    for point in points:
        held = np.load(tmp_path / "out" / point["file"])
        assert held["samples"].shape == (5, *SHAPE)


@pytest.mark.slow
def test_the_scorer_tells_real_images_from_noise(tmp_path, monkeypatch):
    monkeypatch.setattr(scorer, "WIDTHS", (8,))
    generator = np.random.default_rng(0)
    labels = np.arange(240, dtype=np.int32) % 2
    bright = np.where(labels == 1, 200, 40)[:, None, None, None]
    real = np.uint8(bright + generator.integers(0, 40, (240, *SHAPE)))
    held = Images(real[:160], labels[:160], real[160:], labels[160:], 2)
    race = Race("halves", SHAPE, 1, samples=40, mirrored=True, passes=20)
    said = []
    found = scorer.trained(race, held, tmp_path, said.append)
    assert found.accuracy > 0.9 and "scorer of halves" in said[0]
    floor, noise = found.floor, found.scores(pixels(count=40))
    assert floor["fid"] < noise["fid"] and floor["kid"] < noise["kid"]
    again = scorer.trained(race, held, tmp_path, said.append)
    assert "from the cache" in said[1] and again.about == found.about
