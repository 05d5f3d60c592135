"""Measures kgan's training step on a GPU, and PyTorch's of the same networks.

python -m benchmarks.gpu > gpu.json

Each number is of a process of its own. DCGAN and R3GAN for 64x64x3, in float32 and
bfloat16, with XLA and without; PyTorch eager and compiled, if it is installed; and how
long the first step of the dense GAN and of InfoGAN takes with XLA. All of them compile at
the same time, which makes that longer, and then measure one after the other. What has not
begun within the time is named. Images are made up and stay on the device. PyTorch's DCGAN takes
its step as benchmarks/run does, but on one batch.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
R3GAN = {"width": 64, "widest": 256, "blocks": 2}
BATCH, SIDE = 64, 64
STEPS = 10  # of kgan's in a call of the graph
MEASURED = 3.0  # seconds
ROWS = (
    *(
        {"framework": "kgan", "case": case, "precision": precision, "xla": xla}
        for case in ("r3gan", "dcgan")
        for precision in ("float32", "mixed_bfloat16")
        for xla in (True, False)
    ),
    *(
        {"framework": "torch", "case": case, "precision": precision, "compiled": made}
        for case in ("r3gan", "dcgan")
        for precision in ("float32", "mixed_bfloat16")
        for made in (True, False)
    ),
    *(
        {"framework": "kgan", "case": case, "precision": "float32", "xla": True}
        for case in ("mlp-100", "infogan")
    ),
)


def main():
    """Measures each row in a process of its own, and prints one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--most", type=float, default=150, help="seconds to begin in")
    parser.add_argument("--row", help="a row as JSON: measures it here, and prints it")
    parser.add_argument("--turn", help="with --row: where it says that it has begun")
    given = parser.parse_args()
    if given.row:
        turn = Turn(given.turn) if given.turn else None
        print(json.dumps(measured(json.loads(given.row), turn)))
        return
    with tempfile.TemporaryDirectory() as folder:
        rows = in_turns(ROWS, Path(folder), given.most)
    print(json.dumps({"batch": BATCH, "side": SIDE, "r3gan": R3GAN, "rows": rows}))


class Turn:
    """Two files by which a row says that it has begun, and is told to measure.

    Args:
        path: of both, without their suffixes.
    """

    def __init__(self, path):
        self.begun, self.told = Path(f"{path}.begun"), Path(f"{path}.told")

    def wait(self):
        """Says that the row has begun, and waits until it is told to measure."""
        self.begun.touch()
        while not self.told.exists():
            time.sleep(0.01)


def in_turns(rows, folder, seconds):
    """Returns what is measured of each row, or {"missed": why}.

    All rows build and compile at the same time; then one measures after the other,
    while the rest waits. What has not begun after so many seconds is stopped.
    """
    places = [folder / str(number) for number in range(len(rows))]
    running = [_started(row, place) for row, place in zip(rows, places, strict=True)]
    turns = [Turn(place) for place in places]
    end = time.monotonic() + seconds
    while time.monotonic() < end and any(
        process.poll() is None and not turn.begun.exists()
        for process, turn in zip(running, turns, strict=True)
    ):
        time.sleep(0.1)
    late = f"had not taken its first steps after {seconds:.0f} s"
    for process, turn in zip(running, turns, strict=True):
        if process.poll() is None and not turn.begun.exists():
            process.kill()
    found = []
    for row, place, process, turn in zip(rows, places, running, turns, strict=True):
        turn.told.touch()
        process.wait()
        missed = late if process.returncode == -signal.SIGKILL else ""
        found.append(row | _told(place, missed))
        print(found[-1], file=sys.stderr, flush=True)
    return found


def _started(row, place):
    """The process of a row, which leaves what it says in files."""
    command = [sys.executable, "-m", "benchmarks.gpu", f"--row={json.dumps(row)}"]
    with open(f"{place}.out", "w") as out, open(f"{place}.err", "w") as err:
        return subprocess.Popen(
            [*command, f"--turn={place}"], cwd=CHECKOUT, stdout=out, stderr=err
        )


def _told(place, missed):
    """Returns the result that a row printed, or {"missed": why} if it printed none."""
    lines = Path(f"{place}.out").read_text().splitlines()
    if lines and not missed:
        return json.loads(lines[-1])
    said = Path(f"{place}.err").read_text().strip().splitlines()
    return {"missed": missed or "failed", "said": said[-3:]}


def measured(row, turn=None):
    """Returns what is measured of a row: seconds of its first call, images per second."""
    began = time.perf_counter()
    work, batch, facts = {"kgan": of_kgan, "torch": of_torch}[row["framework"]](row)
    built = time.perf_counter()
    each = work()
    first = time.perf_counter() - built
    if turn:
        turn.wait()
    work()
    times, end = [], time.perf_counter() + MEASURED
    while len(times) < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) / each)
    step = statistics.median(times)
    return facts | {
        "build_seconds": built - began,
        "first_call_seconds": first,
        "step_milliseconds": 1e3 * step,
        "images_per_second": batch / step,
    }


def of_kgan(row):
    """Returns a function that trains some steps and returns how many, and facts."""
    import keras
    import tensorflow as tf

    from benchmarks.cases import CASES
    from benchmarks.peers import kgan_training
    from kgan.configs import r3gan
    from kgan.data import Field, Spec
    from kgan.data.kinds import Image
    from kgan.training.environment import machine

    keras.config.set_dtype_policy(row["precision"])
    if row["case"] == "r3gan":
        spec = Spec({"real": Field((SIDE, SIDE, 3), "uint8", Image())})
        config = r3gan.Config(batch_size=BATCH, ema_share=0.0, **R3GAN)
        game, batch = r3gan.build(config, spec), BATCH
        held = tf.zeros((BATCH, SIDE, SIDE, 3), tf.uint8)
    else:
        case = CASES[row["case"]]
        spec, batch = kgan_training.spec(case), case.batch
        game = kgan_training.build(case)(kgan_training.config(case), spec)
        held = kgan_training.batch(case)
    game.fields = spec.fields
    game.jit_compile, game.steps_per_execution = row["xla"], STEPS
    steps = kgan_training.bare_work(game, held)
    last = game.generator.trainable_variables[-1]

    def work():
        steps()
        last.numpy()  # waits for the device
        return STEPS

    facts = {"machine": machine(), "keras": keras.__version__}
    return work, batch, facts | _parameters(game.generator, game.discriminator)


def of_torch(row):
    """Returns what `of_kgan` returns, of PyTorch."""
    import torch

    from benchmarks.cases import CASES
    from benchmarks.peers import torch_r3gan
    from benchmarks.peers.torch_networks import levels

    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.backends.cuda.matmul.allow_tf32 = True  # as TensorFlow's default is
    torch.backends.cudnn.allow_tf32 = torch.backends.cudnn.benchmark = True
    if row["case"] == "r3gan":
        stages = range(levels(SIDE)[0] + 1)
        widths = [min(R3GAN["width"] << stage, R3GAN["widest"]) for stage in stages]
        players = torch_r3gan.networks(widths, SIDE, blocks=R3GAN["blocks"])
        kind, batch, latent = torch_r3gan.Game, BATCH, 64
    else:
        from benchmarks.peers import torch_networks

        case = CASES["dcgan"]
        players = torch_networks.generator(case), torch_networks.discriminator(case)
        kind, batch, latent = torch_r3gan.Plain, case.batch, case.latent
    layout = torch.channels_last
    players = [one.to(device, memory_format=layout) for one in players]
    images = torch.zeros((batch, 3, SIDE, SIDE), dtype=torch.uint8, device=device)
    images = images.to(memory_format=layout)
    amp = row["precision"] == "mixed_bfloat16"
    game = kind(players, images, latent, amp=amp, compiled=row["compiled"])

    def work():
        for _ in range(STEPS):
            game.step()
        if device == "cuda":
            torch.cuda.synchronize()
        return STEPS

    name = torch.cuda.get_device_name() if device == "cuda" else "CPU"
    counts = [sum(p.numel() for p in one.parameters()) for one in players]
    facts = {"machine": name, "torch": torch.__version__, "parameters": counts}
    return work, batch, facts


def _parameters(*networks):
    from benchmarks.peers.kgan_training import learned

    return {"parameters": [learned(network) for network in networks]}


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # Several processes share the device.
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    main()
