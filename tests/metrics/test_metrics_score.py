"""Scores: what is kept with a number, and which numbers may be compared."""

import copy
import json
import math

import numpy as np
import pytest

from kgan.errors import UserError
from kgan.metrics import Score, compare

STAMP = {
    "dataset": "digits",
    "split": "test",
    "counts": {"real": 360, "generated": 10_000},
    "extractor": {"name": "digits", "digest": "ab" * 32, "resizing": "none"},
    "version": "0.1",
    "seeds": {"samples": 0, "subsets": 0},
    "sigma": None,
}


def score(value=3.5, name="FID-digits", interval=(3.0, 4.0), floor=0.3, **changes):
    stamp = copy.deepcopy(STAMP) | changes
    return Score(name, value, interval, floor, stamp)


def test_scores_survive_json():
    first = score(sigmas=(0.1, 0.2), count=np.int64(3), share=np.float32(0.5))
    text = json.dumps(first.as_plain(), allow_nan=False)
    assert Score.from_plain(json.loads(text)) == first
    assert first.stamp["sigmas"] == [0.1, 0.2]
    assert first.stamp["count"] == 3


@pytest.mark.parametrize("value", [math.inf, -math.inf, 0, np.float32(2.5)])
def test_values_without_a_number_in_json_survive_it(value):
    first = Score("KID-digits", value)
    text = json.dumps(first.as_plain(), allow_nan=False)
    assert Score.from_plain(json.loads(text)) == Score("KID-digits", float(value))


def test_nan_survives_json_also_in_interval_and_floor():
    first = Score("reverse-KL", math.nan, (math.nan, math.inf), -math.inf)
    text = json.dumps(first.as_plain(), allow_nan=False)
    again = Score.from_plain(json.loads(text))
    assert math.isnan(again.value)
    assert math.isnan(again.interval[0])
    assert (again.interval[1], again.floor) == (math.inf, -math.inf)


def test_a_stamp_is_not_changed_through_the_dict_it_came_from_or_went_to():
    stamp = {"counts": {"real": 1}}
    first = Score("FID-digits", 1.0, stamp=stamp)
    stamp["counts"]["real"] = 2
    first.as_plain()["stamp"]["counts"]["real"] = 3
    assert first.stamp == {"counts": {"real": 1}}


@pytest.mark.parametrize(
    "damage",
    [
        {"name": None},
        {"name": ""},
        {"value": None},
        {"value": "3.5"},
        {"value": True},
        {"value": [3.5]},
        {"value": 10**400},
        {"interval": [1]},
        {"interval": [2, 1]},
        {"interval": ["low", "high"]},
        {"interval": 3},
        {"floor": "0.3"},
        {"stamp": None},
        {"stamp": []},
        {"stamp": {"sigma": math.nan}},
        {"stamp": {1: 2}},
        {"stamp": {"model": object()}},
        {"more": 1},
    ],
)
def test_damage_is_refused(damage):
    with pytest.raises(UserError) as caught:
        Score.from_plain(score().as_plain() | damage)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("plain", [None, [], "FID", {}, {"name": "FID", "value": 1}])
def test_what_is_no_score_is_refused(plain):
    with pytest.raises(UserError):
        Score.from_plain(plain)


def test_comparison_is_the_second_less_the_first():
    assert compare(score(3.5), score(3.0)) == -0.5


def test_the_seeds_of_the_samples_may_differ_and_no_other():
    one = score()
    assert compare(one, score(seeds={"samples": 7, "subsets": 0})) == 0
    assert compare(one, score(seeds={"samples": [7, 8], "subsets": 0})) == 0
    assert compare(one, score(seeds={"subsets": 0})) == 0
    assert compare(one, score(interval=None, floor=None)) == 0
    with pytest.raises(UserError, match="seeds.subsets: 0 -> 1"):
        compare(one, score(seeds={"samples": 0, "subsets": 1}))
    with pytest.raises(UserError, match="seeds.samples_of_real: absent -> 1"):
        compare(one, score(seeds=STAMP["seeds"] | {"samples_of_real": 1}))


def test_every_difference_is_named_in_one_line():
    other = score(counts={"real": 360, "generated": 5000}, version="0.2")
    with pytest.raises(UserError) as caught:
        compare(score(), other)
    assert str(caught.value) == (
        "FID-digits cannot be compared: "
        "counts.generated: 10000 -> 5000; version: 0.1 -> 0.2"
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"extra": 1}, "extra: absent -> 1"),
        ({"sigma": 0.1}, "sigma: None -> 0.1"),
        ({"counts": {}}, "counts: absent -> {}; counts.generated: 10000 -> absent"),
        ({"split": None}, "split: test -> None"),
        ({"seeds": 0}, "seeds: absent -> 0; seeds.subsets: 0 -> absent"),
    ],
)
def test_what_only_one_stamp_has_is_a_difference(changes, words):
    with pytest.raises(UserError) as caught:
        compare(score(), score(**changes))
    assert words in str(caught.value)


def test_a_truth_is_not_a_number_and_a_tuple_is_a_list():
    with pytest.raises(UserError):
        compare(score(flag=1), score(flag=True))
    assert compare(score(sigmas=(1, 2)), score(sigmas=[1, 2])) == 0


def test_scores_of_other_names_are_not_compared():
    with pytest.raises(UserError, match="FID-digits: cannot be compared with KID"):
        compare(score(), score(name="KID-digits"))


def test_a_score_cannot_be_changed():
    with pytest.raises(AttributeError):
        score().value = 0.0
