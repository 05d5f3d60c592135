"""Training of a GAN in PyTorch, tuned for a CPU as its guides advise."""

import math
import os
import time

import torch
from torch.nn import functional

from benchmarks import limit, material
from benchmarks.peers import torch_networks as networks


def measure(case, clock, *, channels_last=False, compiled=False, autocast=False):
    """Trains until `clock` has enough; returns facts about the networks."""
    last = channels_last and case.convolutional
    return trained(Game, case, clock, last, compiled, autocast)


def trained(kind, case, clock, *options):
    """Measures a game of class `kind`, made of `case` and `options`."""
    prepare()
    game = kind(case, *options)
    threads = settle_threads(game.step)
    clock.run(game.step)
    assert math.isfinite(float(game.losses.sum()))
    found = facts(*game.players, shape=case.shape)
    return found | {"threads": threads}


def prepare():
    """Sets what is set once in a process."""
    torch.manual_seed(0)
    torch.set_flush_denormal(True)  # as TensorFlow does; threads to come inherit it
    torch.set_num_threads(len(os.sched_getaffinity(0)))


TRIED = 3.0  # seconds for each number of threads, if a step is that slow


def settle_threads(step, now=time.perf_counter):
    """Sets all threads or one, whichever is faster; returns how many.

    Threads wait for each other at every operation: small networks are faster with one.
    """
    times = {}
    for threads in sorted({torch.get_num_threads(), 1}, reverse=True):
        torch.set_num_threads(threads)
        step()  # compiles
        step()
        times[threads], end = math.inf, now() + TRIED
        for _ in range(10):
            began = now()
            step()
            times[threads] = min(times[threads], now() - began)
            if now() > end:
                break
    torch.set_num_threads(min(times, key=times.get))
    return torch.get_num_threads()


def product():
    """Returns a function that multiplies two matrices, for `limit.peak`."""
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    one = torch.rand(limit.SIDE, limit.SIDE)
    out = torch.empty_like(one)
    return lambda: torch.mm(one, one, out=out)


def facts(*players, shape):
    """Returns the numbers of parameters of the networks, and the shape of an image."""
    count = [sum(p.numel() for p in player.parameters()) for player in players]
    return {"parameters": count, "shape": list(shape)}


def memory_format(channels_last):
    """Returns PyTorch's name of the layout."""
    return torch.channels_last if channels_last else torch.contiguous_format


class Game:
    """The networks, their optimizers and the data.

    Args:
        case: a `benchmarks.cases.Case`.
        channels_last: how images and kernels lie in memory.
        compiled: whether `torch.compile` compiles both losses, which are all of the work
            apart from the optimizers, a fused kernel each.
        autocast: whether the losses are computed in bfloat16 where PyTorch thinks fit.
    """

    def __init__(self, case, channels_last=False, compiled=False, autocast=False):
        self.case, self.autocast = case, autocast
        layout = memory_format(channels_last)
        self.generator = networks.generator(case).to(memory_format=layout)
        self.discriminator = networks.discriminator(case).to(memory_format=layout)
        self.players = self.generator, self.discriminator
        self.d_weights = list(self.discriminator.parameters())
        self.g_optimizer = adam(case, self.generator.parameters())
        self.d_optimizer = adam(case, self.d_weights)
        self.batches = feed(case, channels_last)
        self.losses = torch.zeros(2)  # summed: nobody waits for a number each step
        self.max_loss, self.min_loss = self._max_loss, self._min_loss
        if compiled:
            self.max_loss = torch.compile(self._max_loss, dynamic=False)
            self.min_loss = torch.compile(self._min_loss, dynamic=False)

    def step(self):
        """Updates D `critic_steps` times, then G once."""
        learn(self.d_weights, True)
        for _ in range(self.case.critic_steps):
            ascent = self._in_precision(self.max_loss, next(self.batches))
            move(self.d_optimizer, ascent)
        learn(self.d_weights, False)  # G's gradient passes through alone
        descent = self._in_precision(self.min_loss)
        move(self.g_optimizer, descent)
        self.losses += torch.stack([ascent.detach(), descent.detach()])

    def _in_precision(self, loss, *inputs):
        with torch.autocast("cpu", torch.bfloat16, enabled=self.autocast):
            return loss(*inputs)

    def _max_loss(self, real):
        real = scaled(real)
        z = draw(self.case, len(real))
        with torch.no_grad():  # D's step has no use for G's gradient
            fake = self.generator(z)
        code = 0.0
        if self.case.continuous:
            generated, heads = self.discriminator.with_heads(fake)
            code = code_loss(self.case, heads, z)
            judged = self.discriminator(real)
        elif self.case.batch_norm:
            generated, judged = self.discriminator(fake), self.discriminator(real)
        else:  # one pass: without batch norm the two do not meet
            both = self.discriminator(torch.cat([fake, real]))
            generated, judged = both.chunk(2)
        loss = discriminator_loss(self.case, judged, generated) + code
        if self.case.critic:
            loss = loss + self.case.penalty * self._penalty(real, fake)
        return loss

    def _min_loss(self):
        z = draw(self.case, self.case.batch)
        fake = self.generator(z)
        if not self.case.continuous:
            return generator_loss(self.case, self.discriminator(fake))
        score, heads = self.discriminator.with_heads(fake)
        return generator_loss(self.case, score) + code_loss(self.case, heads, z)

    def _penalty(self, real, fake):
        share = torch.rand(len(real), *(1,) * (real.ndim - 1))
        fake = fake.to(real.dtype)  # of autocast, it is bfloat16
        return gradient_penalty(self.discriminator, torch.lerp(fake, real, share))


def gradient_penalty(critic, x):
    """Returns the mean of (|grad critic(x)| - 1)^2."""
    if torch.compiler.is_compiling():  # which has no second backward of autograd's
        gradient = torch.func.grad(lambda y: critic(y).sum())(x)
    else:  # a tenth faster
        x = x.detach().requires_grad_()
        (gradient,) = torch.autograd.grad(critic(x).sum(), x, create_graph=True)
    norm = (gradient.flatten(1).square().sum(1) + 1e-12).sqrt()
    return (norm - 1.0).square().mean()


def discriminator_loss(case, real, fake):
    """Returns the loss of D."""
    if case.critic:
        return (fake - real).mean()
    return functional.softplus(-real).mean() + functional.softplus(fake).mean()


def generator_loss(case, fake):
    """Returns the loss of G."""
    return -fake.mean() if case.critic else functional.softplus(-fake).mean()


def code_loss(case, heads, z):
    """Returns -log Q(c|x): weight 1 for the categories, 0.1 for the continuous code."""
    *logits, guess = heads
    _, *codes, continuous = z.split(parts(case), 1)
    half = 0.5 * (continuous - guess).square().sum(1).mean()
    surprises = [
        -(code * functional.log_softmax(logit, 1)).sum(1).mean()
        for code, logit in zip(codes, logits, strict=True)
    ]
    return sum(surprises) + 0.1 * half


def parts(case):
    """Returns the lengths of the parts of z: noise, categories, continuous codes."""
    code = [*case.categories, case.continuous]
    return [case.latent - sum(code), *code]


def draw(case, count):
    """Draws z, (count, latent)."""
    if not case.continuous:
        return torch.randn(count, case.latent)
    noise, *sizes, continuous = parts(case)
    codes = [
        functional.one_hot(torch.randint(size, (count,)), size).float()
        for size in sizes
    ]
    around = [torch.rand(count, width) * 2 - 1 for width in (noise, continuous)]
    return torch.cat([around[0], *codes, around[1]], 1)


def feed(case, channels_last):
    """Yields batches without end, each epoch in another order.

    Images are uint8 (n, C, H, W). All are in memory: a batch takes a row of indices, and no
    work per example.
    """
    if case.network == "plane":
        held = torch.from_numpy(material.points(case.count))
    else:
        held = torch.from_numpy(material.pixels(case))
    if not channels_last and held.ndim == 4:
        held = held.permute(0, 3, 1, 2).contiguous()
    while True:
        for rows in order(case.count, case.batch):
            batch = held.index_select(0, rows)
            yield batch.permute(0, 3, 1, 2) if channels_last else batch


def order(count, batch):
    """Returns the rows of each batch of an epoch."""
    return torch.randperm(count)[: count // batch * batch].split(batch)


def scaled(images):
    """Converts uint8 to float32 in [-1, 1]; points stay as they are."""
    if images.dtype.is_floating_point:
        return images
    return images.float().div_(127.5).sub_(1.0)


def adam(case, weights):
    """Returns the Adam optimizer of a case."""
    return torch.optim.Adam(weights, case.rate, case.betas, eps=1e-7, fused=True)


def learn(weights, whether):
    """Sets whether a backward pass computes gradients of a list of weights."""
    for weight in weights:
        weight.requires_grad_(whether)


def move(optimizer, loss):
    """Updates weights by the gradient of a loss."""
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
