"""What the rows of the table `defence` share: a generator, classifiers, images."""

import functools
from typing import NamedTuple

import keras
import numpy as np

from kgan.applications import attacks, defence
from kgan.applications.defence.defend import as_bytes
from kgan.config import Config
from kgan.data import evenly
from kgan.experiments.papers import defence_nets, inversion
from kgan.experiments.papers.runs import images, trained
from kgan.files import replacing, replacing_folder
from kgan.metrics import network as networks
from kgan.models import AdvGAN
from kgan.networks import patch, perturbing, resnet
from kgan.objectives import LeastSquares
from kgan.optimizers import Adam

EPSILON = 0.3
REBUILT = "rebuilt"  # the training of nets that learn what G makes of the images
SINGLE = "pgd-single"  # PGD training of a net that begins with single pixels
# How many times as many updates with attacked images, and steps of PGD in each, a net gets:
# that of dense layers is fast and learns slowly.
PATIENCE = {"D": (4, 2)}


class Size(NamedTuple):
    """How much of everything the table takes.

    Attributes:
        updates: of the GAN, in batches of 64.
        width: of its networks.
        tests: test images, evenly spaced.
        adaptive: of these, how many AutoAttack gets, and the attacks that know the defence.
        restarts, steps: of Defense-GAN's projection.
        plain: updates of a classifier, in batches of 128: the paper's 10 epochs.
        hardened: further ones with attacked images, by `PATIENCE`.
        inner: steps of PGD in each of them, by `PATIENCE`.
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


def hardening(name, training, quick):
    """Returns the updates with attacked images, and the steps of the attack in each.

    Both are 0 for a training without attacked images.
    """
    if training not in ("fgsm", "pgd", SINGLE):
        return 0, 0
    size, (longer, deeper) = QUICK if quick else WHOLE, PATIENCE.get(name, (1, 1))
    steps = 1 if training == "fgsm" else size.inner * deeper
    return size.hardened * longer, steps


def net_name(name, training, seed, quick):
    """Returns the name under which a net is kept: another budget is another net."""
    updates, steps = hardening(name, training, quick)
    budget = (f"{updates}x{steps}",) if updates else ()
    return "-".join((name, training or "plain", *budget, str(seed)))


@functools.cache
def trained_net(name, training, seed, quick, folder, log):
    """Returns a net: trained plainly, on what G makes, or plainly and then attacked."""
    size = QUICK if quick else WHOLE
    net = defence_nets.build(name, seed, dropout=training != SINGLE)
    path = folder / "nets" / net_name(name, training, seed, quick)
    if path.exists():
        net.load_weights(path / "net.weights.h5")
        return net
    pixels, labels = learned_by(training, seed, quick, folder, log)
    if hardening(name, training, quick)[0]:
        _harden(net, name, training, pixels, labels, seed, quick, folder, log)
    else:
        networks.train_network(
            net, pixels, labels, seed=seed, updates=size.plain, rate=1e-3
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing_folder(path) as temporary:
        net.save_weights(temporary / "net.weights.h5")
    log(f"defence: net {name}, {training or 'plain'}, is trained")
    return net


def _harden(net, name, training, pixels, labels, seed, quick, folder, log):
    """Trains a net on attacked images, from what it is known to begin with."""
    updates, steps = hardening(name, training, quick)
    once = training == "fgsm"
    if training == SINGLE:
        defence_nets.read_single_pixels(net, pixels)
    else:
        plain = trained_net(name, None, seed, quick, folder, log)
        net.set_weights(plain.get_weights())
    attacks.harden(
        net,
        pixels,
        labels,
        EPSILON,
        steps=steps,
        random_start=not once,
        clean=0.5 if once else 0.0,
        updates=updates,
        seed=seed,
    )


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
