"""A row of the table `defence` under every attack."""

from typing import Any

import numpy as np
import tensorflow as tf

from kgan.applications import attacks, defence
from kgan.applications.defence.measure import answers
from kgan.experiments.papers.defence_parts import (
    EPSILON,
    QUICK,
    WHOLE,
    game_of,
    net_name,
    rival_of,
    tests,
    trained_net,
)
from kgan.experiments.papers.runs import images
from kgan.experiments.papers.table import Row, slug
from kgan.files import replacing

FGSM, PGD, CW, AUTO = "FGSM .3", "PGD .3", "CW-L2", "AutoAttack .3"
TRANSFER, MANIFOLD = "FGSM .3 from B", "on-manifold"
UNROLLED, BPDA = "FGSM .3, unrolled", "BPDA + EOT .3"
BPDA_L2, TANGENT = "BPDA + EOT, L2 4", "tangent + EOT, L2 4"
DISTANCE = 4.0  # of the last two, about two thirds of what FGSM's images have
# The attacks that go through the projection: name, bound, norm; if all images get it.
THROUGH = {
    UNROLLED: ("unrolled", EPSILON, "linf", True),
    BPDA: ("bpda", EPSILON, "linf", False),
    BPDA_L2: ("bpda", DISTANCE, "l2", False),
    TANGENT: ("tangent", DISTANCE, "l2", False),
}
RIVAL = "its own AdvGAN .3"
OF_FOOLBOX = {FGSM: "fgsm", PGD: "pgd", CW: "cw", TRANSFER: "fgsm"}


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
        of = net_name(self.net, self.training, self.seed, self.quick)
        path = self.place / "attacked" / of / f"{slug(column)}.npy"
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
        """Returns what an attack that knows the projection makes, of some or all images."""
        name, bound, norm, every = THROUGH[column]
        return self._against(name, bound, every, norm=norm, steps=self.size.attack)

    def within(self) -> np.ndarray:
        """Returns what the attack within G makes of some images."""
        return self._against("manifold", EPSILON, False, steps=5 * self.size.attack)

    def _against(self, name, bound, every, **settings):
        rows = slice(None if every else self.size.adaptive)
        return defence.attack(
            name,
            self.logits,
            self.x[rows],
            self.label[rows],
            self.projection,
            bound,
            seed=self.seed,
            **settings,
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
