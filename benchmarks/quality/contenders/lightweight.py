"""lightweight-gan as its command trains it, on a machine without a GPU.

The package asks for CUDA when it is imported and calls `.cuda()`. Stand-ins answer those
calls; nothing else of it is changed, and the arguments are those of its command. Samples
are of its G, not of its moving average, which stays behind until step 20,000.
The wheel of torchvision on PyPI is for CUDA: beside a PyTorch without it, it cannot be imported,
as compiled operators are missing that it names. The package does not use them, so that the
names are enough.
"""

import contextlib
import importlib
import os
import tempfile
from pathlib import Path
from unittest import mock

import numpy as np
import torch
from PIL import Image


class OnProcessor:
    """Stands for the module `torch` inside the package: every device is the processor."""

    def __getattr__(self, name):
        return getattr(torch, name)

    @staticmethod
    def device(*_):
        return torch.device("cpu")


@contextlib.contextmanager
def without_gpu():
    """A context in which the package can be imported and trains without a GPU."""
    with contextlib.ExitStack() as stack:
        _import_torchvision()
        with mock.patch.object(torch.cuda, "is_available", lambda: True):
            from lightweight_gan import cli, lightweight_gan
        for kind in (torch.Tensor, torch.nn.Module):
            stack.enter_context(
                mock.patch.object(kind, "cuda", lambda self, *_, **__: self)
            )
        stack.enter_context(mock.patch.object(lightweight_gan, "torch", OnProcessor()))
        yield cli


OPERATORS = ("nms", "qnms")
NAMED = []  # keeps their names


def _import_torchvision():
    try:
        importlib.import_module("torchvision")
    except RuntimeError:
        library = torch.library.Library("torchvision", "DEF")
        for name in OPERATORS:
            library.define(f"{name}(Tensor dets, Tensor scores, float least) -> Tensor")
        NAMED.append(library)
        importlib.import_module("torchvision")


def train(images, watch, task, *, widest=0):
    """Trains until the watch has enough; `widest` is `fmap_max`, 0 its default."""
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    with tempfile.TemporaryDirectory() as folder, without_gpu() as cli:
        source = Path(folder) / "images"
        source.mkdir()
        for number, one in enumerate(images):
            Image.fromarray(one.squeeze()).save(source / f"{number:06d}.png")
        found = {}

        def run(rank, world, model_args, data, load_from, new, steps, name, seed, *_):
            cli.set_seed(task.seed)
            found.update(_trained(cli, model_args, data, watch))

        watch.start()
        with mock.patch.object(cli, "run_training", run):
            cli.train_from_folder(
                data=str(source),
                results_dir=str(Path(folder) / "results"),
                models_dir=str(Path(folder) / "models"),
                image_size=images.shape[1],
                greyscale=images.shape[3] == 1,
                new=True,
                **({"fmap_max": widest} if widest else {}),
            )
    return {
        "versions": {"torch": torch.__version__},
        "threads": torch.get_num_threads(),
    } | found


def _trained(cli, model_args, data, watch):
    """Trains as the command's own loop does, until the watch has enough; returns facts."""
    model = cli.Trainer(**model_args, hparams=model_args, use_aim=False)
    model.clear()
    model.set_data_src(data)
    each = model.batch_size * model.gradient_accumulate_every

    def draw(n):
        model.GAN.eval()
        with torch.no_grad():
            latents = torch.randn(n, model.latent_dim)
            images = model.generate_(model.GAN.G, latents)
        model.GAN.train()
        pixels = (255 * images).round().byte().permute(0, 2, 3, 1).numpy()
        return np.ascontiguousarray(pixels)

    going = True
    while going:
        cli.retry_call(model.train, tries=3, exceptions=cli.NanException)
        going = watch.goes_on(model.steps * each, draw)
    return {"steps": model.steps, "widest": model.fmap_max}
