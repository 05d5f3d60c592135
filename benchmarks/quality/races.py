"""The races and the contenders, as plain values, which need no framework."""

import hashlib
import importlib.metadata
import importlib.util
from dataclasses import dataclass, field
from pathlib import Path

import kgan
from kgan import configs

RATIO = 2**0.5  # of the minutes of a moment to those of the one before
MOMENTS = 12
# The parts of kgan that decide what a run learns.
LEARNING = (
    "augmentations/**/*.py",
    "config/**/*.py",
    "models/**/*.py",
    "networks/**/*.py",
    "penalties/**/*.py",
    "training/**/*.py",
    "game.py",
    "objectives.py",
    "optimizers.py",
    "schedules.py",
)


@dataclass(frozen=True)
class Race:
    """A data set, and how long a contender may learn from it.

    Attributes:
        name: of the data set: a name of TensorFlow Datasets, or a folder in
            $KGAN_IMAGES_DIR.
        shape: of its images, (H, W, C).
        minutes: of training.
        samples: images that are drawn at each moment, and scored.
        mirrored: whether a mirrored image is one of the same set. The scorer learns from
            such images too; what contenders do is their own affair.
        folder: whether it is a folder.
        passes: how often the scorer goes through the images.
    """

    name: str
    shape: tuple
    minutes: float
    samples: int = 2000
    mirrored: bool = False
    folder: bool = False
    passes: int = 4


RACES = {
    race.name: race
    for race in (
        Race("mnist", (28, 28, 1), 15, passes=3),
        Race("fashion_mnist", (28, 28, 1), 15, mirrored=True),
        # A third of its images is kept from the scorer: without, no floor can be told.
        Race(
            "clothing",
            (64, 64, 3),
            30,
            samples=1000,
            mirrored=True,
            folder=True,
            passes=60,
        ),
    )
}


def _version(package):
    """The version of a package; None if none is known."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


@dataclass(frozen=True)
class Contender:
    """One way to train a generator.

    Attributes:
        name: on the command line.
        title: what it is.
        module: of `benchmarks.quality.contenders`; its `train(images, watch, task,
            **options)` trains until the watch has enough.
        packages: that it imports.
        options: further arguments of `train`.
        sides: the side of the data's images -> that of the images that it is given.
        rival: whether it is another library's.
    """

    name: str
    title: str
    module: str
    packages: tuple = ()
    options: dict = field(default_factory=dict)
    sides: dict = field(default_factory=dict)
    rival: bool = True

    @property
    def missing(self):
        """The packages that are not installed."""
        return [
            name for name in self.packages if importlib.util.find_spec(name) is None
        ]

    def takes(self, race):
        """Whether this is a way of its own on the images of a race."""
        return not self.options.get("small") or race.shape[0] < 64

    @property
    def recipe(self):
        """A digest of what says how it trains: files, options, versions of packages."""
        versions = [_version(one) for one in self.packages]
        facts = sorted(self.options.items()), self.sides, versions
        digest = hashlib.sha256(repr(facts).encode())
        files = [Path(__file__).parent / "contenders" / f"{self.module}.py"]
        if not self.rival:
            files += sorted(Path(configs.__path__[0]).glob("*.py"))
            package = Path(kgan.__file__).parent
            for pattern in LEARNING:
                files += sorted(package.glob(pattern))
        for file in files:
            digest.update(file.read_bytes())
        return digest.hexdigest()[:12]

    def train(self, images, watch, task):
        """Trains until the watch has enough; returns facts about the run, a dict."""
        module = importlib.import_module(f"benchmarks.quality.contenders.{self.module}")
        return module.train(images, watch, task, **self.options)


LIGHTWEIGHT = ("torch", "torchvision", "lightweight_gan")
CONTENDERS = {
    one.name: one
    for one in (
        Contender(
            "kgan",
            "kgan, --variant=photo",
            "kgan",
            options={"variant": "photo"},
            rival=False,
        ),
        Contender(
            "kgan-dcgan",
            "kgan, --variant=dcgan",
            "kgan",
            options={"variant": "dcgan"},
            rival=False,
        ),
        Contender(
            "keras-dcgan",
            "the DCGAN of keras.io, for 28 px that of its digits",
            "keras_dcgan",
            ("keras",),
        ),
        Contender(
            "torch-dcgan",
            "the DCGAN of PyTorch's tutorial, 64 px for 28, as its example",
            "torch_dcgan",
            ("torch",),
            sides={28: 64},
        ),
        Contender(
            "torch-dcgan-32",
            "the same without its widest layers, 32 px for 28",
            "torch_dcgan",
            ("torch",),
            options={"small": True},
            sides={28: 32},
        ),
        Contender(
            "lightweight-gan",
            "lightweight-gan 1.2.1 with its defaults, 32 px for 28",
            "lightweight",
            LIGHTWEIGHT,
            sides={28: 32},
        ),
        Contender(
            "lightweight-gan-64",
            "the same with fmap_max=64",
            "lightweight",
            LIGHTWEIGHT,
            options={"widest": 64},
            sides={28: 32},
        ),
    )
}


@dataclass(frozen=True)
class Task:
    """One run of a contender, as its process is told of it.

    Attributes:
        contender, race: names.
        seed: of the run.
        minutes: of training.
        samples: images to draw at each moment.
        shape: of the images of the race, (H, W, C).
        images: the file of the images to learn from, .npy.
        folder: receives the samples.
    """

    contender: str
    race: str
    seed: int
    minutes: float
    samples: int
    shape: tuple
    images: str
    folder: str


def moments(minutes):
    """Returns the minutes at which samples are drawn, a geometric series to the end."""
    return [minutes / RATIO**number for number in reversed(range(MOMENTS))]
