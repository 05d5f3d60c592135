"""Training of pix2pix and CycleGAN in PyTorch, tuned for a CPU as its guides advise."""

import functools
import itertools
import random

import torch
from torch.nn import functional

from benchmarks import material
from benchmarks.peers import torch_translators as networks
from benchmarks.peers.torch_training import (
    adam,
    learn,
    memory_format,
    move,
    order,
    scaled,
    trained,
)

CYCLE_WEIGHT, L1_WEIGHT = 10.0, 100.0


def measure(case, clock, *, channels_last=False, compiled=False):
    """Trains until `clock` has enough; returns facts about the networks."""
    return trained(Game, case, clock, channels_last, compiled)


class Pool:
    """A pool of earlier fakes: half of the new ones are swapped with one of them."""

    def __init__(self, size):
        self.size, self.held = size, []

    def __call__(self, fresh):
        shown = [self._one(image) for image in fresh.split(1)] if self.size else None
        return torch.cat(shown) if shown else fresh

    def _one(self, image):
        if len(self.held) < self.size:
            self.held.append(image)
            return image
        if random.random() < 0.5:
            return image
        place = random.randrange(self.size)
        old, self.held[place] = self.held[place], image
        return old


class Game:
    """The networks of one direction or two, their optimizers and the data.

    G does not change while D is updated: its images are made once in a step. D learns from
    them without G's gradient, and G from the updated D's scores of the same images.

    Args:
        case: a `benchmarks.cases.Case`.
        channels_last: as `torch_training.Game` takes it.
        compiled: as `torch_training.Game` takes it.
    """

    def __init__(self, case, channels_last=False, compiled=False):
        self.case = case
        layout = memory_format(channels_last)
        self.generators, self.discriminators = (
            [make(case).to(memory_format=layout) for _ in range(case.ways)]
            for make in (networks.generator, networks.discriminator)
        )
        self.players = *self.generators, *self.discriminators
        self.d_weights, self.g_weights = (
            list(itertools.chain(*(player.parameters() for player in players)))
            for players in (self.discriminators, self.generators)
        )
        self.d_optimizer = adam(case, self.d_weights)
        self.g_optimizer = adam(case, self.g_weights)
        self.batches = pairs(case, channels_last)
        self.pools = [Pool(case.pool) for _ in range(case.ways)]
        self.losses = torch.zeros(2)
        ways = _one_way if case.ways == 1 else _two_ways
        wrap = functools.partial(torch.compile, dynamic=False)
        translate, max_loss, min_loss = map(wrap, ways) if compiled else ways
        self.translate = functools.partial(translate, *self.generators)
        self.max_loss = functools.partial(max_loss, *self.discriminators)
        self.min_loss = functools.partial(
            min_loss, *self.discriminators, *self.generators
        )

    def step(self):
        """Updates D once, and G once."""
        images = tuple(map(scaled, next(self.batches)))
        fakes = self.translate(*images)
        shown = [p(f.detach()) for p, f in zip(self.pools, fakes, strict=True)]
        learn(self.d_weights, True)
        ascent = self.max_loss(*images, *shown)
        move(self.d_optimizer, ascent)
        learn(self.d_weights, False)  # G's gradient passes through alone
        descent = self.min_loss(*images, *fakes)
        move(self.g_optimizer, descent)
        self.losses += torch.stack([ascent.detach(), descent.detach()])


def pairs(case, channels_last):
    """Yields batches of both domains without end, as `torch_training.feed` does."""
    held = [torch.from_numpy(one) for one in material.domains(case)]
    if not channels_last:
        held = [one.permute(0, 3, 1, 2).contiguous() for one in held]
    while True:
        orders = [order(case.count, case.batch) for _ in held]
        if case.ways == 1:  # what belongs together stays together
            orders = orders[:1] * 2
        for rows in zip(*orders, strict=True):
            batches = [a.index_select(0, r) for a, r in zip(held, rows, strict=True)]
            if channels_last:
                batches = [one.permute(0, 3, 1, 2) for one in batches]
            yield batches


def least_squares(discriminator, real, fake):
    """Returns the loss of D; both batches go through D at once, as it has no batch norm."""
    judged, generated = discriminator(torch.cat([real, fake])).chunk(2)
    return 0.5 * ((judged - 1.0).square().mean() + generated.square().mean())


def to_both(to_y, to_x, x, y):
    """Returns the translations in both directions."""
    return to_y(x), to_x(y)


def two_max_losses(d_y, d_x, x, y, fake_y, fake_x):
    """Returns the loss of D of two directions."""
    return least_squares(d_y, y, fake_y) + least_squares(d_x, x, fake_x)


def two_min_losses(d_y, d_x, to_y, to_x, x, y, fake_y, fake_x):
    """Returns the loss of G of two directions, with the cycle."""
    told = (d_y(fake_y) - 1.0).square().mean() + (d_x(fake_x) - 1.0).square().mean()
    back = functional.l1_loss(to_x(fake_y), x) + functional.l1_loss(to_y(fake_x), y)
    return told + CYCLE_WEIGHT * back


def to_one(generator, source, real):
    """Returns the translation of one direction."""
    return (generator(source),)


def one_max_loss(discriminator, source, real, fake):
    """Returns the loss of D of one direction, which sees pairs."""
    shown = [torch.cat([source, image], 1) for image in (real, fake)]
    judged, generated = discriminator(torch.cat(shown)).chunk(2)
    return functional.softplus(-judged).mean() + functional.softplus(generated).mean()


def one_min_loss(discriminator, generator, source, real, fake):
    """Returns the loss of G of one direction, with the distance."""
    told = functional.softplus(-discriminator(torch.cat([source, fake], 1))).mean()
    return told + L1_WEIGHT * functional.l1_loss(fake, real)


_one_way = to_one, one_max_loss, one_min_loss
_two_ways = to_both, two_max_losses, two_min_losses
