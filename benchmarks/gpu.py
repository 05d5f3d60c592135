"""Measures kgan's training step on a GPU, and PyTorch's of the same networks.

python -m benchmarks.gpu > gpu.json

Each number is of a process of its own. DCGAN and R3GAN for 64x64x3, in float32 and
bfloat16, with XLA and without; PyTorch eager and compiled, if it is installed; and how
long the first step of the dense GAN and of InfoGAN takes with XLA. What is not measured
within the time is named. Images are made up and stay on the device. PyTorch's DCGAN takes
its step as benchmarks/run does, but on one batch.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
R3GAN = {"width": 64, "widest": 256, "blocks": 2}
BATCH, SIDE = 64, 64
STEPS = 10  # of kgan's in a call of the graph
MEASURED = 4.0  # seconds
# The rows that matter most come first: what does not fit into the time is left out.
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
    parser.add_argument("--seconds", type=float, default=470, help="for everything")
    parser.add_argument("--most", type=float, default=100, help="seconds for a row")
    parser.add_argument("--row", help="a row as JSON: measures it here, and prints it")
    given = parser.parse_args()
    if given.row:
        print(json.dumps(measured(json.loads(given.row))))
        return
    end = time.monotonic() + given.seconds
    rows = []
    for row in ROWS:
        left = min(given.most, end - time.monotonic())
        rows.append(
            row | (_in_a_process(row, left) if left > 5 else {"missed": "time"})
        )
        print(rows[-1], file=sys.stderr)
    print(json.dumps({"batch": BATCH, "side": SIDE, "r3gan": R3GAN, "rows": rows}))


def _in_a_process(row, seconds):
    """Measures a row in a process of its own; returns that, or {"missed": why}."""
    command = [sys.executable, "-m", "benchmarks.gpu", f"--row={json.dumps(row)}"]
    began = time.monotonic()
    try:
        done = subprocess.run(
            command,
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
        )
    except subprocess.TimeoutExpired as error:
        said = (error.stderr or b"").decode(errors="replace").strip().splitlines()
        return {"missed": f"not done after {seconds:.0f} s", "said": said[-3:]}
    took = {"process_seconds": time.monotonic() - began}
    if done.returncode:
        return took | {"missed": (done.stderr.strip() or "no word").splitlines()[-1]}
    return took | json.loads(done.stdout.strip().splitlines()[-1])


def measured(row):
    """Returns what is measured of a row: seconds of its first call, images per second."""
    began = time.perf_counter()
    work, batch, facts = {"kgan": of_kgan, "torch": of_torch}[row["framework"]](row)
    built = time.perf_counter()
    each = work()
    first = time.perf_counter() - built
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
    main()
