"""What one may choose, and what is kept of it."""

import dataclasses
import json

import pytest

from kgan.config import LIMITS, Config, as_plain, differences, from_plain
from kgan.configs import gan, infogan
from kgan.errors import UserError


@pytest.mark.parametrize("kind", [Config, gan.Config, infogan.Config])
def test_json_and_back(kind):
    config = kind(batch_size=6, seed=3)
    assert from_plain(kind, json.loads(json.dumps(as_plain(config)))) == config


@pytest.mark.parametrize(
    "change, words",
    [
        ({"batch_size": "6"}, "batch_size='6'; expected int"),
        ({"objective": 3}, "objective=3; expected str"),
        ({"momentum": None}, "momentum=None; expected float"),
        ({"colour": "red"}, "fields: colour"),
    ],
)
def test_a_saved_configuration_that_is_none(change, words):
    with pytest.raises(UserError, match=words):
        from_plain(Config, as_plain(Config()) | change)


def test_a_saved_configuration_with_a_field_too_few():
    plain = as_plain(Config())
    del plain["prior"]
    with pytest.raises(UserError, match="fields: prior"):
        from_plain(Config, plain)


def test_whole_numbers_will_do_for_real_ones():
    assert from_plain(Config, as_plain(Config()) | {"momentum": 0}).momentum == 0


@pytest.mark.parametrize("name, lowest, highest", LIMITS)
def test_limits(name, lowest, highest):
    for value in (lowest - 1, highest + 1):
        with pytest.raises(UserError, match=f"--config.{name}={value}: must lie"):
            Config(**{name: value})
    assert getattr(Config(**{name: lowest}), name) == lowest


def test_every_number_has_limits():
    numbers = {f.name for f in dataclasses.fields(Config) if f.type in (int, float)}
    assert numbers - {"channels"} == {name for name, _, _ in LIMITS}, (
        "data checks those"
    )


def test_epochs_for():
    """Enough passes for so many updates, unless passes were asked for."""
    assert Config(updates=4000).epochs_for(steps=11) == 364  # 363 give 3,993
    assert Config(updates=22).epochs_for(steps=11) == 2
    assert Config(updates=1).epochs_for(steps=11) == 1
    assert Config(updates=4000, epochs=3).epochs_for(steps=11) == 3


def test_each_ascent_takes_fresh_images():
    assert Config(batch_size=8, discriminator_steps=5).images_per_step == 40


def test_differences():
    old, new = {"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 4, "d": 5}
    assert differences(old, new) == ["b: 2 -> 4", "c: 3 -> None", "d: None -> 5"]
    assert differences(old, dict(old)) == []
