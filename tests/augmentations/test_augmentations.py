"""DiffAugment, random transforms, and ADA's rule by hand."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from kgan.augmentations import Adaptive, DiffAugment, InstanceNoise, RandomTransforms
from kgan.errors import UserError
from kgan.models import GAN
from kgan.models.round import Round
from kgan.networks import mlp
from kgan.objectives import Hinge, Relativistic, Wasserstein
from kgan.penalties import R1
from kgan.schedules import Schedule

SEED = tf.constant([1, 2])
N = 2000


def pictures(n=N, side=8, channels=1):
    return (
        np.random.default_rng(0).uniform(-1, 1, (n, side, side, channels)).astype("f4")
    )


def call(augmentation, x, iteration=0, seed=SEED):
    return np.asarray(augmentation(x, tf.constant(iteration), seed))


@pytest.mark.parametrize("augmentation", [DiffAugment(), RandomTransforms(0.5)])
def test_numbers_are_drawn_for_each_image_and_each_call(augmentation):
    x = np.repeat(pictures(1), 6, 0)
    found, again, other = (
        call(augmentation, x, seed=seed) for seed in (SEED, SEED, tf.constant([1, 3]))
    )
    np.testing.assert_array_equal(found, again)
    assert not np.array_equal(found, other)
    assert len({one.tobytes() for one in found}) == 6


def test_diffaugment_translates_by_an_eighth_at_most():
    """A single pixel in the middle of 16x16 ends within two pixels of it, or outside."""
    x = np.zeros((N, 16, 16, 1), "f4")
    x[:, 8, 8] = 1.0
    found = call(DiffAugment(color=False, cutout=False), x)
    rows, columns = np.nonzero(found[..., 0])[1:]
    assert set(rows) == set(columns) == {6, 7, 8, 9, 10}
    assert np.abs(np.bincount(rows)[6:] / N - 0.2).max() < 0.04


def test_diffaugment_cuts_out_half_of_each_side():
    found = call(
        DiffAugment(color=False, translation=False), np.ones((N, 8, 8, 1), "f4")
    )
    holes = (found == 0).sum((1, 2, 3))
    assert holes.max() == 16 and holes.min() == 4
    # A pixel of the middle is cut out for 4 x 4 of the 9 x 9 centres.
    assert (found[:, 3, 3] == 0).mean() == pytest.approx(16 / 81, abs=0.03)


def test_diffaugment_changes_colours_about_means():
    """Brightness alone moves the mean, by up to .5; contrast alone the deviation of grey."""
    x = pictures()
    found = call(DiffAugment(translation=False, cutout=False), x)
    moved = found.mean((1, 2, 3)) - x.mean((1, 2, 3))
    assert -0.5 <= moved.min() < -0.45 and 0.45 < moved.max() <= 0.5
    spread = found.std((1, 2, 3)) / x.std((1, 2, 3))
    assert 0.5 <= spread.min() < 0.55 and 1.45 < spread.max() <= 1.5 + 1e-5


def test_diffaugment_saturates_colours_alone():
    x = pictures(200, channels=3)
    found = call(DiffAugment(translation=False, cutout=False), x)
    chroma = (found - found.mean(-1, keepdims=True)).std((1, 2, 3))
    chroma /= (x - x.mean(-1, keepdims=True)).std((1, 2, 3))
    luma = found.mean(-1).std((1, 2)) / x.mean(-1).std((1, 2))
    saturation = chroma / luma
    assert saturation.min() < 0.1 and 1.9 < saturation.max() <= 2.0 + 1e-3


def test_diffaugment_saturates_each_picture_of_a_pack():
    """Grey pictures of a pack of three are no colours; two colour pictures are two."""
    augmentation = DiffAugment(translation=False, cutout=False)
    grey, colour = pictures(50, channels=3), pictures(50, channels=6)
    augmentation.pack = 3
    found = call(augmentation, grey)
    ratios = (found - found.mean((1, 2, 3), keepdims=True)) / (
        grey - grey.mean((1, 2, 3), keepdims=True)
    )
    np.testing.assert_allclose(ratios, ratios[:, :1, :1, :1] + 0 * ratios, rtol=1e-3)
    augmentation.pack = 2
    both = call(augmentation, colour)
    augmentation.pack = 1
    assert not np.allclose(both, call(augmentation, colour))


@pytest.mark.parametrize("p", [0.0, 0.3, 0.8])
def test_half_of_p_is_mirrored(p):
    """No image is mirrored at p = 0: what G draws then has no mirrored digits to copy."""
    x = pictures()
    found = call(RandomTransforms(p, ["mirror"]), x)
    mirrored = (found == x[:, :, ::-1]).all((1, 2, 3))
    assert (mirrored | (found == x).all((1, 2, 3))).all()
    assert mirrored.mean() == pytest.approx(p / 2, abs=0.03) and (
        p or not mirrored.any()
    )


@pytest.mark.parametrize("p", [0.0, 0.4])
@pytest.mark.parametrize(
    ("name", "moved"),
    [
        ("turn", 3 / 4),
        ("shift", 3 / 4),
        ("brightness", 1),
        ("contrast", 1),
        ("cutout", 1),
    ],
)
def test_each_transform_fires_with_p(name, moved, p):
    """A turn by no quarter, and a shift by less than half a pixel, show nothing."""
    x = pictures()
    changed = (call(RandomTransforms(p, [name]), x) != x).any((1, 2, 3))
    assert changed.mean() == pytest.approx(p * moved, abs=0.05) and (
        p or not changed.any()
    )


def test_transforms_are_independent_of_each_other():
    x = pictures()
    found = call(RandomTransforms(0.5, ["turn", "contrast"]), x)
    louder = np.abs(found.std((1, 2, 3)) / x.std((1, 2, 3)) - 1) > 1e-4
    turned = np.sign(found) != np.sign(x)
    both = (turned.any((1, 2, 3)) & louder).mean()
    assert both == pytest.approx(0.5 * 0.75 * 0.5, abs=0.04)


def test_a_scheduled_probability():
    rising = RandomTransforms(Schedule(0.0, 1.0, 10), ["brightness"])
    x = pictures()
    shares = [(call(rising, x, n) != x).any((1, 2, 3)).mean() for n in (0, 5, 10)]
    assert shares == pytest.approx([0, 0.5, 1], abs=0.04)


def test_unknown_transforms_are_named():
    with pytest.raises(UserError, match="names=mirr.*mirror"):
        RandomTransforms(0.5, ["mirr"])


def observed(adaptive, *rights, pack=1):
    """p after each of some ascents, with these images, or packs of them, right."""
    found = []
    for right in rights:
        adaptive.observe({"D/accuracy_real": tf.constant(right)})
        adaptive.update(Round({}, {}, None, None, pack))
        found.append(float(adaptive.p))
    return found


def test_the_rule_of_ada_by_hand():
    """Four ascents of 10 images, 9 of them right: r_t = .8 > .6, so p rises by 40 / 200.

    Then 7 are right: r_t = .4, and p falls by as much; and never below 0.
    """
    adaptive = Adaptive(images=200, interval=4)
    many, few = [True] * 9 + [False], [True] * 7 + [False] * 3
    assert observed(adaptive, *[many] * 8) == pytest.approx([0] * 3 + [0.2] * 4 + [0.4])
    assert float(adaptive.r_t) == pytest.approx(0.8)
    assert observed(adaptive, *[few] * 4)[-1] == pytest.approx(0.2)
    assert float(adaptive.r_t) == pytest.approx(0.4)
    assert observed(adaptive, *[few] * 12)[-1] == 0.0
    # At the target itself p stays.
    assert observed(adaptive, *[[True] * 8 + [False] * 2] * 4)[-1] == 0.0


def test_a_pack_counts_as_its_images():
    packs = [True] * 9 + [False]
    one, four = (
        observed(Adaptive(images=400, interval=1), packs, pack=pack) for pack in (1, 4)
    )
    assert one == pytest.approx([10 / 400]) and four == pytest.approx([40 / 400])


def test_p_stays_below_what_leaks():
    adaptive = Adaptive(images=10, interval=1)
    assert observed(adaptive, *[[True] * 10] * 3) == pytest.approx([0.8] * 3)


def game(*augmentations, **rules):
    keras.utils.set_random_seed(0)
    made = GAN(
        mlp.generator(4, (8, 8, 1), width=4),
        mlp.discriminator((8, 8, 1), width=4),
        augmentations=augmentations,
        **rules,
    )
    made.compile(max_optimizer="adam", min_optimizer="adam")
    return made


@pytest.mark.parametrize("objective", [Hinge(), Relativistic()])
def test_a_game_tells_p_and_r_t(objective):
    """With D always right, r_t is 1 and p rises by 8 / 80 in each iteration."""
    played = game(Adaptive(images=80, interval=1), objective=objective)
    right = {
        "D/accuracy_real": tf.ones((8,), tf.bool),
        "D/accuracy_fake": tf.ones((8,)),
    }
    played.objective.accuracy = lambda real, fake: right
    for _ in range(2):
        logs = played.train_step(pictures(8))
    assert float(played.augmentations[0].p) == pytest.approx(0.2)
    assert float(logs["augmentation/p"]) == pytest.approx(0.15)  # the mean of both
    assert float(logs["augmentation/r_t"]) == 1.0


def test_a_critic_without_a_threshold_is_refused():
    with pytest.raises(UserError, match="augmentations=adaptive.*Wasserstein"):
        game(Adaptive(), objective=Wasserstein())


def test_a_penalty_is_on_the_image_before_it_is_augmented():
    """D sees a tenth of x: the gradient with respect to x is a tenth of D's own."""

    class Fainter(InstanceNoise):
        def call(self, x, iteration, seed):
            return 0.1 * x

    terms = []
    for augmentations in ([], [Fainter(0.0)]):
        made = game(*augmentations, penalties=[R1(2.0)])
        made.discriminator = keras.Sequential(
            [keras.Input((8, 8, 1)), keras.layers.Flatten(), keras.layers.Dense(1)]
        )
        made.discriminator.layers[-1].kernel.assign(np.ones((64, 1)))
        batch = {"real": tf.constant(pictures(4))}
        played = made.forward(batch)
        terms.append(made.max_terms(played)["r1"].numpy())
    np.testing.assert_allclose(terms[0], 64, rtol=1e-5)
    np.testing.assert_allclose(terms[1], 0.64, rtol=1e-5)


@pytest.mark.parametrize(
    "one",
    [
        DiffAugment(color=False),
        RandomTransforms(Schedule(0.1, 0.2, 4), ["turn"]),
        Adaptive(0.5, 10, 2, 0.1, 0.7, ["mirror"]),
        InstanceNoise(Schedule(0.5, steps=3)),
    ],
    ids=lambda one: type(one).__name__,
)
def test_they_are_saved_with_a_game(one):
    again = keras.saving.deserialize_keras_object(
        keras.saving.serialize_keras_object(one)
    )
    assert type(again) is type(one)
    plain = [x.get_config() for x in (one, again)]
    assert plain[0] == plain[1]
    x = pictures(5)
    np.testing.assert_array_equal(call(one, x, 2), call(again, x, 2))
