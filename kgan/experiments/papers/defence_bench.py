"""What the table `defence` measures with: a generator, classifiers, images, attacks."""

import functools
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf

from kgan.applications import attacks, defence
from kgan.applications.defence.defend import as_bytes
from kgan.applications.defence.measure import answers
from kgan.config import Config
from kgan.data import evenly
from kgan.experiments.papers import defence_nets, inversion
from kgan.experiments.papers.runs import images, trained
from kgan.experiments.papers.table import Row, slug
from kgan.files import replacing, replacing_folder
from kgan.metrics import network as networks
from kgan.models import AdvGAN
from kgan.networks import patch, perturbing, resnet
from kgan.objectives import LeastSquares
from kgan.optimizers import Adam

EPSILON = 0.3
FGSM, PGD, CW, AUTO = "FGSM .3", "PGD .3", "CW-L2", "AutoAttack .3"
TRANSFER, BPDA, MANIFOLD = "FGSM .3 from B", "BPDA + EOT .3", "on-manifold"
RIVAL = "its own AdvGAN .3"
REBUILT = "rebuilt"  # the training of nets that learn what G makes of the images
OF_FOOLBOX = {FGSM: "fgsm", PGD: "pgd", CW: "cw", TRANSFER: "fgsm"}


class Size(NamedTuple):
    """How much of everything the table takes.

    Attributes:
        updates: of the GAN, in batches of 64.
        width: of its networks.
        tests: test images, evenly spaced.
        adaptive: of these, how many AutoAttack gets, and the attacks that know the defence.
        restarts, steps: of Defense-GAN's projection.
        plain: updates of a classifier, in batches of 128: the paper's 10 epochs.
        hardened: further ones with attacked images.
        inner: steps of PGD in each of them.
        attack: steps of BPDA; the attack within G has five times as many.
        auto: steps of AutoAttack's gradients; Square has ten times as many queries.
        learned: training images of the detector.
        rebuilt: training images of the nets that learn what G makes of them.
        once: steps of the one descent that rebuilds each.
    """

    updates: int = 12_000
    width: int = 32
    tests: int = 500
    adaptive: int = 100
    restarts: int = 10
    steps: int = 200
    plain: int = 4690
    hardened: int = 2500
    inner: int = 5
    attack: int = 40
    auto: int = 100
    learned: int = 4000
    rebuilt: int = 10_000
    once: int = 100


WHOLE = Size()
QUICK = Size(20, 4, 20, 20, 2, 10, 20, 5, 2, 2, 2, 100, 100, 3)


@functools.cache
def game_of(seed, quick, folder, log):
    """Returns the trained DCGAN of a seed, which all rows share."""
    size = QUICK if quick else WHOLE
    config = Config(
        batch_size=inversion.BATCH,
        updates=size.updates,
        width=size.width,
        latent=inversion.LATENT,
        ema=0.999,
        grids=3,
        seed=seed,
    )
    train = images("train")
    data = train.part(slice(size.updates * inversion.BATCH)) if quick else train
    return trained("defence", inversion.build, config, folder, log, dataset=data)


@functools.cache
def rebuilt(seed, quick, folder, log):
    """Returns training images as G makes them, uint8, and their labels."""
    size, path = QUICK if quick else WHOLE, folder / f"rebuilt-{seed}.npy"
    train = images("train").part(slice(size.rebuilt))
    if not path.exists():
        game = game_of(seed, quick, folder / f"game-{seed}", log)
        projection = defence.Projection(game, 1, size.once)
        made = projection(train["real"].astype(np.float32) / 255, seed).images
        with replacing(path) as temporary:
            np.save(temporary, as_bytes(made))
        log(f"defence: {len(train):,} training images are rebuilt")
    return np.load(path), train["label"]


def learned_by(training, seed, quick, folder, log):
    """Returns the images, uint8, and labels that a net begins to learn from."""
    if training == REBUILT:
        return rebuilt(seed, quick, folder, log)
    train = images("train")
    if quick:
        train = train.part(slice(2000))
    return train["real"], train["label"]


@functools.cache
def trained_net(name, training, seed, quick, folder, log):
    """Returns a net: trained plainly, on what G makes, or plainly and then attacked."""
    size = QUICK if quick else WHOLE
    net = defence_nets.build(name, seed)
    path = folder / "nets" / f"{name}-{training or 'plain'}-{seed}"
    if path.exists():
        net.load_weights(path / "net.weights.h5")
        return net
    pixels, labels = learned_by(training, seed, quick, folder, log)
    if training in ("fgsm", "pgd"):
        plain = trained_net(name, None, seed, quick, folder, log)
        net.set_weights(plain.get_weights())
        once = training == "fgsm"
        attacks.harden(
            net,
            pixels,
            labels,
            EPSILON,
            steps=1 if once else size.inner,
            random_start=not once,
            clean=0.5 if once else 0.0,
            updates=size.hardened,
            seed=seed,
        )
    else:
        networks.train_network(
            net, pixels, labels, seed=seed, updates=size.plain, rate=1e-3
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing_folder(path) as temporary:
        net.save_weights(temporary / "net.weights.h5")
    log(f"defence: net {name}, {training or 'plain'}, is trained")
    return net


@functools.cache
def rival_of(name, seed, quick, folder, log):
    """Returns the trained AdvGAN whose classifier is a net that was trained plainly."""
    size = QUICK if quick else WHOLE
    plain = trained_net(name, None, seed, quick, folder, log)

    def build(config, spec):
        net = defence_nets.build(name, seed)
        net.set_weights(plain.get_weights())  # the plain one stays as it is
        image = keras.Input(spec.shape)
        network = resnet.generator(spec.shape, 1, width=8, blocks=2, norm="none")
        game = AdvGAN(
            perturbing.bounded(network, EPSILON),
            patch.discriminator(spec.shape, depth=2, width=16, norm="none"),
            classifier=keras.Model(image, net(127.5 * (image + 1.0))),
            objective=LeastSquares(),
            adversarial_weight=0.1,
            free=EPSILON,
            seed=config.seed,
        )
        game.compile(max_optimizer=Adam(1e-3), min_optimizer=Adam(1e-3))
        return game

    config = Config(batch_size=64, updates=size.hardened, grids=3, seed=seed)
    train = images("train")
    data = train.part(slice(64 * size.hardened)) if quick else train
    place = folder / f"advgan-{name}-{seed}"
    return trained("advgan", build, config, place, log, dataset=data)


@functools.cache
def tests(quick):
    """Returns the test images, float32 in [0, 1], and their labels.

    They are evenly spaced, and so are the first of them, which few attacks get.
    """
    size, held = QUICK if quick else WHOLE, images("test")
    rows = evenly(np.arange(len(held)), size.tests)
    first = evenly(rows, size.adaptive)
    rows = np.concatenate([first, np.setdiff1d(rows, first)])
    pixels, labels = held["real"][rows], held["label"][rows]
    return pixels.astype(np.float32) / 255, labels.astype(np.int32)


class Bench:
    """A row of the table: a net, what it was trained on, and whether a projection helps.

    Args:
        row, seed, quick, folder, log: as `Table.measure` takes them.
    """

    rival: Any = None  # the AdvGAN that the net learned against, if any

    def __init__(self, row: Row, seed: int, quick: bool, folder: Any, log: Any) -> None:
        self.size = QUICK if quick else WHOLE
        self.seed, self.quick, self.place, self.log = seed, quick, folder.parent, log
        self.net, self.training = row.options["net"], row.options.get("training")
        self.logits = self._net(self.net, self.training)
        self.x, self.label = tests(quick)
        game = game_of(seed, quick, self.place / f"game-{seed}", log)
        self.projection = defence.Projection(
            game, self.size.restarts, self.size.steps, self.size.tests
        )
        self.projected = row.options.get("projected", False)

    def _net(self, name, training):
        if training == "advgan":
            self.rival = rival_of(name, self.seed, self.quick, self.place, self.log)
            return attacks.logits_of(self.rival.classifier, (-1, 1))
        net = trained_net(name, training, self.seed, self.quick, self.place, self.log)
        return attacks.logits_of(net, (0, 255))

    def attacked(self, column: str) -> np.ndarray:
        """Returns what an attack that does not know of the projection makes."""
        name = f"{self.net}-{self.training}-{slug(column)}-{self.seed}.npy"
        path = self.place / "attacked" / name
        if path.exists():
            return np.load(path)
        made = self._auto() if column == AUTO else self._foolbox(column)
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as temporary:
            np.save(temporary, made)
        return made

    def _foolbox(self, column):
        logits, which = self.logits, OF_FOOLBOX[column]
        if column == TRANSFER:
            logits = self._net("B", None)
        return attacks.outside(
            which, logits, self.x, self.label, EPSILON, seed=self.seed
        )

    def _auto(self):
        rows, steps = slice(self.size.adaptive), self.size.auto
        return attacks.autoattack(
            self.logits,
            self.x[rows],
            self.label[rows],
            EPSILON,
            seed=self.seed,
            steps=steps,
            queries=10 * steps,
        )

    def by_rival(self) -> np.ndarray:
        """Returns what the row's own AdvGAN makes of the test images."""
        made = self.rival.translate(2 * self.x - 1)
        return (np.asarray(made) + 1) / 2

    def adaptive(self, column: str) -> np.ndarray:
        """Returns what an attack that knows the projection makes of some images."""
        rows = slice(self.size.adaptive)
        steps = self.size.attack * (5 if column == MANIFOLD else 1)
        name = "manifold" if column == MANIFOLD else "bpda"
        return defence.attack(
            name,
            self.logits,
            self.x[rows],
            self.label[rows],
            self.projection,
            EPSILON,
            seed=self.seed,
            steps=steps,
        )

    def purified(self, x: np.ndarray) -> np.ndarray:
        """Returns the images that the classifier gets to see in this row."""
        # Other codes than the attacks try, which do not know this seed.
        return self.projection(x, self.seed + 2**20).images if self.projected else x

    def detected(self, made: np.ndarray) -> float:
        """Returns the AUC with which a detector of FGSM's images tells others from clean."""
        train, rows = images("train"), slice(self.size.learned)
        clean, label = (
            train["real"][rows].astype(np.float32) / 255,
            train["label"][rows],
        )
        given = self.logits, clean, label, self.projection, EPSILON
        phony = defence.attack("fgsm", *given)
        updates = self.size.plain
        detect = defence.fit_detector(clean, phony, updates=updates, seed=self.seed)
        both = (np.asarray(detect(tf.constant(one))) for one in (self.x, made))
        scores = (np.diff(one)[:, 0] for one in both)
        return defence.separation(*scores)

    def right(self, x: np.ndarray) -> np.ndarray:
        """Returns which images the row names right, (n,) bool."""
        return answers(self.logits, x) == self.label[: len(x)]
