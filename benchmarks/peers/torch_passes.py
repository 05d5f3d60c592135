"""Sampling, Frechet distance and input in PyTorch."""

import tempfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch._inductor import config as inductor
from torch.utils.data import DataLoader, Dataset

from benchmarks import material
from benchmarks.peers import torch_networks as networks
from benchmarks.peers.torch_training import facts, feed, memory_format, prepare, scaled


def measure(case, clock, *, channels_last=False, compiled=False):
    """Repeats the pass until `clock` has enough; returns facts about the networks."""
    prepare()
    passes = {"disk": _disk, "cached": _cached}
    if case.kind in passes:
        passes[case.kind](case, clock)
        return {}
    passes = {"sampling": _sampling, "distance": _distance}
    return passes[case.kind](case, clock, channels_last, compiled)


def _sampling(case, clock, channels_last, compiled):
    layout = memory_format(channels_last)
    generator = networks.generator(case).eval().to(memory_format=layout)

    def images(z):
        x = generator(z).clamp(-1.0, 1.0)
        x = ((x + 1.0) * 127.5).round().to(torch.uint8)
        return x.permute(0, 2, 3, 1)

    if compiled:
        images = torch.compile(images, dynamic=False)

    @torch.inference_mode()
    def draw():
        starts = range(0, case.count, case.batch)
        parts = [images(torch.randn(case.batch, case.latent)) for _ in starts]
        drawn = torch.cat(parts).numpy()
        assert drawn.shape == (case.count, *case.shape)

    clock.run(draw)
    return facts(generator, shape=case.shape)


def _distance(case, clock, channels_last, compiled):
    network = networks.classifier(case).eval()
    trunk = network["trunk"].to(memory_format=memory_format(channels_last))
    images = torch.from_numpy(material.pixels(case)).permute(0, 3, 1, 2)
    images = images if channels_last else images.contiguous()

    def features(part):
        return trunk(scaled(part))

    if compiled:
        # Weights laid out beforehand: several times as fast here, as slow in sampling.
        inductor.freezing = True
        features = torch.compile(features, dynamic=False)

    with torch.inference_mode():
        real = moments(features, images[: case.count // 5], case.batch)

        def distance():
            with torch.inference_mode():
                frechet_distance(*moments(features, images, case.batch), *real)

        clock.run(distance)
    return facts(network, shape=(10,))


def moments(features, images, batch):
    """Returns mean (d,) and covariance (d, d) in float64, computed batch by batch."""
    count, mean, scatter = 0, 0.0, 0.0
    for part in images.split(batch):
        rows = features(part).double()
        total = count + len(rows)
        middle = rows.mean(0)
        rows = rows - middle
        apart = middle - mean
        scatter = scatter + rows.T @ rows
        scatter = scatter + torch.outer(apart, apart) * (count * len(rows) / total)
        mean = mean + apart * (len(rows) / total)
        count = total
    return mean, scatter / (count - 1)


def frechet_distance(mean, covariance, other_mean, other_covariance):
    """Returns the distance of `kgan.metrics.frechet_distance`, from both moments."""
    one, two = _root(covariance), _root(other_covariance)
    overlap = torch.linalg.svdvals(one.T @ two).sum()
    traces = one.square().sum() + two.square().sum()
    return float((mean - other_mean).square().sum() + traces - 2 * overlap)


def _root(covariance):
    values, vectors = torch.linalg.eigh(covariance)
    return vectors * values.clamp(min=0.0).sqrt()


class Folder(Dataset):
    """The pictures of a folder: the largest centred square, scaled with kgan's filter."""

    def __init__(self, folder, side):
        self.files, self.side = sorted(Path(folder).rglob("*.jpg")), side

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        with Image.open(self.files[index]) as image:
            image.draft(None, (2 * self.side, 2 * self.side))  # decodes no finer
            width, height = image.size
            side = min(width, height)
            left, top = (width - side) // 2, (height - side) // 2
            box = left, top, left + side, top + side
            size = self.side, self.side
            square = image.convert("RGB").resize(size, Image.Resampling.LANCZOS, box)
            return torch.from_numpy(np.array(square)).permute(2, 0, 1)


def _disk(case, clock):
    with tempfile.TemporaryDirectory() as folder:
        material.write_pictures(Path(folder) / "pictures", case.count)
        loader = DataLoader(
            Folder(folder, case.shape[0]),
            case.batch,
            shuffle=True,
            drop_last=True,
            num_workers=torch.get_num_threads(),
            persistent_workers=True,  # they start once, not once an epoch
        )

        def epochs():
            for _ in range(case.epochs):
                for part in loader:
                    scaled(part)

        clock.run(epochs)


def _cached(case, clock):
    batches = feed(case, channels_last=False)

    def epoch():
        for _ in range(case.count // case.batch):
            scaled(next(batches))

    clock.run(epoch)
