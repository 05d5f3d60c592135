"""The peak rate of the machine, and the operations of a unit of work."""

import math
import time

SIDE = 2048  # of the matrices whose product shows the machine's peak


def peak(product, seconds=1.0, least=5):
    """Returns the best rate of matrix products, in GFLOP/s.

    Args:
        product: multiplies two float32 matrices of SIDE x SIDE, and waits for the result.
        seconds: for how long products are timed.
        least: how many products are timed at least.
    """
    product()
    times, end = [], time.perf_counter() + seconds
    while len(times) < least or time.perf_counter() < end:
        began = time.perf_counter()
        product()
        times.append(time.perf_counter() - began)
    return 2 * SIDE**3 / min(times) / 1e9


def busy(seconds=1.0):
    """Returns the share of the processors that other programs use, 0 to 1.

    It returns None where there is no /proc/stat. Call it while this process is idle.
    """
    try:
        before = _processor_times()
        time.sleep(seconds)
        after = _processor_times()
    except OSError:
        return None
    whole, idle = (b - a for a, b in zip(before, after, strict=True))
    return 1.0 - idle / max(whole, 1)


def _processor_times():
    """All ticks of all processors since the machine began, and the idle ones."""
    with open("/proc/stat") as lines:
        ticks = [int(word) for word in lines.readline().split()[1:9]]
    return sum(ticks), ticks[3] + ticks[4]


def forward(network):
    """Counts the floating point operations of the layers of a network for one example.

    Dense and convolution layers are counted, and nothing else. A multiplication and an
    addition are two operations.

    Args:
        network: a Keras model.

    Returns:
        A list of numbers, in the order of the layers.
    """
    counts = []
    for layer in network.layers:
        kind = type(layer).__name__
        if kind == "Dense":
            counts.append(2 * math.prod(layer.kernel.shape))
        if kind in ("Conv2D", "Conv2DTranspose"):
            # A transposed convolution scatters from each place of its input.
            field = layer.output if kind == "Conv2D" else layer.input
            places = math.prod(field.shape[1:3])
            counts.append(2 * places * math.prod(layer.kernel.shape))
    return counts


def of_step(case, generator, score, judge):
    """Returns the floating point operations of one step of training.

    The backward pass takes twice the operations of the forward pass: once for the
    gradient of the weights, once for that of the input. The gradient of the first layer's
    input is not needed, except in D when G learns.

    Args:
        case: a `Case`.
        generator: what `forward` counts for G.
        score: what `forward` counts for D up to its score.
        judge: what `forward` counts for D with all of its heads.
    """
    g, s, j = sum(generator), sum(score), sum(judge)
    if case.critic:
        judged = 2 * (3 * s - score[0])  # real and generated: forward, backward
        # Forward, gradient with respect to the image, and that one's own backward;
        # the gradient of the score by itself is 1 and has no slope.
        judged += 2 * s + 2 * s - score[-1]
    else:
        judged = (3 * s - score[0]) + (3 * j - score[0])
    ascent = g + judged
    descent = (3 * g - generator[0]) + 2 * j
    return case.batch * (case.critic_steps * ascent + descent)


def of_translation(case, generator, discriminator):
    """Returns the operations of a step between two domains, as `of_step` does.

    G's images are made once for the ascent and the descent.

    Args:
        case: a `Case`.
        generator: what `forward` counts for one G.
        discriminator: what `forward` counts for one D.
    """
    g, d = sum(generator), sum(discriminator)
    ascent = 2 * (3 * d - discriminator[0])
    descent = (3 * g - generator[0]) + 2 * d
    if case.ways == 2:
        descent += 3 * g  # the way back; its gradient goes on to where it came from
    return case.batch * case.ways * (ascent + descent)
