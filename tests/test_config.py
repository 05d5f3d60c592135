"""What one may choose, and what is kept of it."""

import dataclasses
import json

import pytest

from kgan.cli import variants
from kgan.config import Common, Config, Translation
from kgan.configs import gan, infogan
from kgan.errors import UserError
from kgan.fields import option, options
from kgan.settings import as_plain, differences, from_plain

CLASSES = [Config, Translation, *(variants.find(n).Config for n in variants.names())]
NUMBERS = [(kind, o) for kind in CLASSES for o in options(kind).values() if o.most]


@pytest.mark.parametrize("kind", [Config, gan.Config, infogan.Config])
def test_json_and_back(kind):
    config = kind(batch_size=6, seed=3)
    assert from_plain(kind, json.loads(json.dumps(as_plain(config)))) == config


@pytest.mark.parametrize(
    "change, words",
    [
        ({"batch_size": "6"}, "batch_size='6': expected a whole number"),
        ({"batch_size": True}, "batch_size=True: expected a whole number"),
        ({"objective": 3}, "objective=3: expected a text"),
        ({"momentum": None}, "momentum=None: expected a number"),
        ({"flip": 1}, "flip=1: expected true or false"),
        ({"colour": "red"}, "fields: colour"),
    ],
)
def test_a_saved_configuration_that_is_none(change, words):
    with pytest.raises(UserError, match=words):
        from_plain(Config, as_plain(Config()) | change)


def test_a_field_that_was_not_there_yet_has_its_default():
    plain = as_plain(Config(batch_size=6))
    del plain["prior"]
    assert from_plain(Config, plain) == Config(batch_size=6)


def test_whole_numbers_will_do_for_real_ones():
    assert from_plain(Config, as_plain(Config()) | {"momentum": 0}).momentum == 0


@pytest.mark.parametrize("kind", CLASSES)
def test_every_field_has_its_help_and_its_limits(kind):
    fields = {field.name for field in dataclasses.fields(kind)}
    assert fields == options(kind).keys()
    for one in options(kind).values():
        assert one.help and one.allowed, one.name
        if one.kind in (int, float):
            assert one.least is not None and one.most is not None, one.name


@pytest.mark.parametrize("kind", CLASSES)
def test_no_chain_is_deeper_than_three(kind):
    assert len([one for one in kind.__mro__ if issubclass(one, Common)]) <= 3


@pytest.mark.parametrize("kind, one", NUMBERS)
def test_limits(kind, one):
    for value in (one.least - 1, one.most + 1):
        with pytest.raises(UserError) as caught:
            kind(**{one.name: value})
        assert caught.value.field == f"{one.name}={value}"
        assert caught.value.problem.startswith("must lie between")
    one.check(one.least)
    one.check(one.most)
    with pytest.raises(UserError):
        one.check(float("nan"))


@pytest.mark.parametrize(
    "values",
    [(1,), (1, 2, 3), (5, 5), (9, 1), ("a", "b"), (0, float("nan")), (0, 1e99)],
)
def test_a_range_is_two_numbers(values):
    with pytest.raises(UserError, match="^range=.*: must be two numbers, the smaller"):
        Config(range=values)
    assert Config(range=(-0.5, 3)).range == (-0.5, 3)


@pytest.mark.parametrize("kind", CLASSES)
def test_a_choice_that_there_is_not(kind):
    for one in options(kind).values():
        if one.choices:
            with pytest.raises(UserError, match=f"{one.name}=nothing: unknown"):
                kind(**{one.name: "nothing"})


@pytest.mark.parametrize(
    "penalty, words",
    [
        ("r1+r3", "penalty=r3: unknown; did you mean 'r2'"),
        ("r1+none", "penalty=none: unknown"),
        ("r1+", "penalty=: unknown"),
        ("r1+r1", r"penalty=r1\+r1: names one twice"),
    ],
)
def test_several_choices(penalty, words):
    assert Config(penalty="r1+wgan_gp").penalty == "r1+wgan_gp"
    with pytest.raises(UserError, match=words):
        Config(penalty=penalty)


@pytest.mark.parametrize("kind", CLASSES)
def test_a_field_without_effect_is_refused(kind):
    for one in options(kind).values():
        for other, idle in one.idle:
            assert_idle(kind, one, other, idle)


def assert_idle(kind, one, other, idle):
    """The other field gives this one no effect, and its default is not refused."""
    values = one.choices or (one.least, one.most)
    value = next(v for v in values if v != one.default)
    with pytest.raises(UserError) as caught:
        kind(**{one.name: value, other: idle})
    reason = caught.value.field, caught.value.problem
    assert reason == (
        f"{one.name}={value}",
        f"has no effect with `{other}={idle}`",
    )
    if kind is not infogan.Config:  # it needs one of the two
        assert getattr(kind(**{other: idle}), one.name) == one.default


def test_a_subclass_keeps_what_it_does_not_say():
    @dataclasses.dataclass(frozen=True)
    class Mine(Config):
        width: int = 16
        share: float = 0.5
        size: int = option(3, "of something", least=1)

    width, share, size = (options(Mine)[name] for name in ("width", "share", "size"))
    assert width.default == 16 and width.most == 8192 and width.help
    assert (share.kind, share.allowed) == (float, "a number")
    assert size.allowed == "at least 1"
    with pytest.raises(UserError, match="width=-1: must lie between 0 and 8,192"):
        Mine(width=-1)
    with pytest.raises(UserError, match="size=0: must be at least 1"):
        Mine(size=0)


def test_epochs_for():
    """Enough passes for so many updates, unless passes were asked for."""
    assert Config(updates=4000).epochs_for(steps=11) == 364  # 363 give 3,993
    assert Config(updates=22).epochs_for(steps=11) == 2
    assert Config(updates=1).epochs_for(steps=11) == 1
    assert Config(updates=4000, epochs=3).epochs_for(steps=11) == 3


def test_each_ascent_takes_fresh_images():
    assert Config(batch_size=8, discriminator_steps=5).examples_per_step == 40


def test_differences():
    old, new = {"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 4, "d": 5}
    assert differences(old, new) == ["b: 2 -> 4", "c: 3 -> None", "d: None -> 5"]
    assert differences(old, dict(old)) == []
