"""Defense-GAN and adversarial training, under attacks that know them and that do not."""

import keras
import numpy as np

from kgan.applications import attacks, defence
from kgan.applications.defence.defend import as_bytes
from kgan.errors import UserError
from kgan.experiments.papers import defence_nets, inversion, strips
from kgan.experiments.papers.defence_bench import (
    AUTO,
    BPDA,
    BPDA_L2,
    CW,
    DISTANCE,
    FGSM,
    MANIFOLD,
    PGD,
    RIVAL,
    TANGENT,
    THROUGH,
    TRANSFER,
    UNROLLED,
    Bench,
)
from kgan.experiments.papers.defence_parts import QUICK, REBUILT, SINGLE, WHOLE
from kgan.experiments.papers.folders import Lacking
from kgan.experiments.papers.table import Row, Table
from kgan.experiments.papers.target import Target
from kgan.experiments.papers.text import percent

CLEAN, PURIFIED = "test images", "purified"


def measure(row, seed, quick, folder, log):
    """Returns the accuracy of a row under every attack; a strip stays in `folder`."""
    _check_attackers()
    keras.utils.set_random_seed(seed)
    bench = Bench(row, seed, quick, folder, log)
    clean = bench.purified(bench.x)
    before = bench.right(clean)
    found, shown = {"clean": float(before.mean())}, {CLEAN: bench.x, PURIFIED: clean}

    def left(column, made):
        """What is still right, of the images that were right before."""
        seen = bench.purified(made)
        was = before[: len(made)]
        shown.update({column: made, f"{column}, {PURIFIED}": seen})
        if was.any():
            found[column] = float(bench.right(seen)[was].mean())
            log(f"defence: {row.name}, {column}: {percent(found[column])}")

    for column in (FGSM, PGD, CW, AUTO, TRANSFER):
        left(column, bench.attacked(column))
    if bench.rival:
        left(RIVAL, bench.by_rival())
    if bench.projected:
        for column in THROUGH:
            left(column, bench.adaptive(column))
        pairs = (CLEAN, PURIFIED), (FGSM, f"{FGSM}, {PURIFIED}")
        errors = [shown[one] - shown[seen] for one, seen in pairs]
        found["AUC"] = defence.separation(
            *(np.square(error).mean((1, 2, 3)) for error in errors)
        )
    elif not bench.training:
        found["detector"] = bench.detected(bench.attacked(PGD))
    made = bench.within()
    left(MANIFOLD, made)
    apart = np.square(made - bench.x[: len(made)]).sum((1, 2, 3))
    found["L2"] = float(np.sqrt(apart).mean())
    if bench.projected:  # the first of the images, which all attacks get
        first = {name: as_bytes(one[: strips.SHOWN]) for name, one in shown.items()}
        strips.keep(folder, **first)
    return found


def _check_attackers():
    """Raises Lacking, before anything is trained, if an outside attacker is missing."""
    try:
        attacks.foolbox()
        attacks.toolbox()
    except UserError as error:
        raise Lacking(*error.args) from error


def draw(table, cells, work, path):
    """Shows attacked images and what Defense-GAN makes of them, for net A and seed 0."""
    rows = [
        strips.Strip(name, images, given=not name.endswith(PURIFIED))
        for name, images in strips.kept(work, "A, Defense-GAN").items()
    ]
    if rows:
        strips.picture(path, rows)


WAYS = {
    "no defence": {},
    "Defense-GAN": {"projected": True},
    "Defense-GAN-Rec": {"projected": True, "training": REBUILT},
    "FGSM training": {"training": "fgsm"},
    "PGD training": {"training": "pgd"},
    "AdvGAN training": {"training": "advgan"},
}
NETS = "A", "D"
BY_PIXELS = Row("D, PGD training from pixels", {}, {"net": "D", "training": SINGLE})
TABLE = Table(
    name="defence",
    title="MNIST under attack: Defense-GAN (Samangouei 2018) and adversarial training",
    columns={
        "clean": percent,
        FGSM: percent,
        PGD: percent,
        CW: percent,
        AUTO: percent,
        TRANSFER: percent,
        UNROLLED: percent,
        BPDA: percent,
        BPDA_L2: percent,
        TANGENT: percent,
        MANIFOLD: percent,
        RIVAL: percent,
        "L2": "{:.1f}".format,
        "AUC": "{:.3f}".format,
        "detector": "{:.3f}".format,
    },
    rows=(
        *(
            Row(f"{net}, {way}", {}, {"net": net, **options})
            for net in NETS
            for way, options in WAYS.items()
            if (net, way) != ("D", "AdvGAN training")
        ),
        BY_PIXELS,
    ),
    measure=measure,
    departures=(
        (
            f"{WHOLE.tests} test images, evenly spaced; clean is the accuracy on them, the "
            "other columns the accuracy on those that the row named right before. AutoAttack, "
            f"BPDA, tangent and on-manifold: {WHOLE.adaptive} of them, evenly spaced too."
        ),
        (
            "FGSM, PGD (40 steps of .01 from a random start) and CW-L2 (one constant, 100 "
            "steps) are foolbox's, and see the classifier without the projection. FGSM from "
            "B is made for net B. Changes are shares of the range."
        ),
        (
            f"AutoAttack is of the Adversarial Robustness Toolbox: APGD with {WHOLE.auto} "
            f"steps on two losses, then Square with {10 * WHOLE.auto:,} queries; without FAB, "
            "which is not one of it."
        ),
        (
            "Unrolled is FGSM on the projection and the net together, with the gradient "
            "through every step, as the script that Defense-GAN's authors released sets it "
            "up (that script was read, not run). The gradient explodes, and is noise: FGSM "
            ".3, which does not see the projection, is the stronger attack."
        ),
        (
            f"BPDA + EOT is PGD with {WHOLE.attack} steps through 4 restarts of 100 steps, "
            "with the derivative of the identity: within .3 of a pixel, in steps of .02, or "
            f"within an L2 distance of {DISTANCE:g}, where FGSM's images have 5 to 6. Athalye "
            "2018 leaves 55 % (table 1: L2, .005, in a unit of theirs). Tangent is the same "
            "with the derivative of the nearest point of the surface that G draws."
        ),
        (
            "On-manifold walks through the codes of G until the net errs: no bound on a "
            "pixel, and some images become other digits. L2 is how far they are from the "
            "real ones, on the average. A classifier has nothing against it in any row."
        ),
        (
            f"The generator is a DCGAN, {WHOLE.width} channels wide, with {WHOLE.updates:,} "
            "updates of batches of 64 and a moving average, in place of a WGAN-GP with "
            f"200,000; z has {inversion.LATENT} numbers and stays in the ball of radius "
            "sqrt(d). The nets learn originals, as the paper's Defense-GAN-Orig; its "
            f"Defense-GAN-Rec is the row whose nets learn what G makes of {WHOLE.rebuilt:,} "
            f"training images, by one descent of {WHOLE.once} steps each."
        ),
        (
            f"Nets A, B and D are the paper's, with {WHOLE.plain:,} updates of batches of 128. "
            f"FGSM training goes on for {WHOLE.hardened:,} updates with half of each batch "
            f"attacked, PGD training with all of it, in {WHOLE.inner} steps; net D, two dense "
            "layers, gets four times as many updates and twice as many steps."
        ),
        (
            "PGD training from pixels is the same training of net D from other weights, and "
            "without dropout: each of the 200 units of its first layer begins with a single "
            "pixel, and answers where that is brighter than "
            f"{defence_nets.DARK:g}, which darker pixels changed by .3 seldom are."
        ),
        (
            f"AdvGAN training: net A goes on against `variant=advgan`, {WHOLE.hardened:,} "
            "updates of batches of 64. It holds against that G; the other columns tell "
            "whether it holds against more."
        ),
        (
            "AUC: how well the error of the projection tells FGSM's images from clean ones. "
            f"Detector: how well a network that learned this from {WHOLE.learned:,} training "
            "images and what FGSM makes of them tells PGD's images, as an AUC too. Who knows "
            "of it passes it (Carlini & Wagner 2017)."
        ),
    ),
    quick=(
        (
            f"{QUICK.tests} test images, a narrow GAN with {QUICK.updates} updates, "
            f"classifiers with {QUICK.plain}, {QUICK.restarts} restarts of {QUICK.steps} "
            "steps: the numbers say nothing."
        ),
    ),
    targets=(
        *(
            Target(f"{net}, {way}", column, sense, bound)
            for net in NETS
            for way, column, sense, bound in (
                ("no defence", FGSM, "<", 0.3),
                ("Defense-GAN", FGSM, ">=", 0.85),
                ("Defense-GAN-Rec", FGSM, ">=", 0.85),
                ("Defense-GAN", UNROLLED, ">=", 0.85),
                ("Defense-GAN-Rec", UNROLLED, ">=", 0.85),
                ("Defense-GAN", BPDA_L2, "<=", 0.65),
                ("Defense-GAN-Rec", BPDA_L2, "<=", 0.65),
            )
        ),
        *(Target(f"{net}, PGD training", PGD, ">=", 0.85) for net in NETS),
        Target(BY_PIXELS.name, PGD, ">=", 0.85),
    ),
    draw=draw,
    headline=("A, Defense-GAN", BPDA_L2),
)
