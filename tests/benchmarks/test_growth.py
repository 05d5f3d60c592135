import json

import pytest
from PIL import Image

from benchmarks import growth
from benchmarks.cases import Case
from benchmarks.peers import PEERS
from kgan.errors import UserError

ABOUT = {"machine": "an abacus"}


class Workers:
    """Stands for the processes: 2 ms an image, and half of that from 64 on."""

    def __init__(self):
        self.started = []

    def __call__(self, case, peer, seconds):
        assert peer is PEERS["kgan-bare"]
        self.started.append(case)
        each = 2e-3 if case.batch < 64 else 1e-3
        seconds = each * case.images * (1.0 + 0.5 * (len(self.started) > WHOLE))
        memory = 10**9 + case.batch * 10**6
        # 1e9 operations an image
        work = 1e9 * case.images
        return {"seconds": seconds, "memory": memory, "operations": work, "peak": 4e3}


WHOLE = len(growth.points())


@pytest.fixture
def kept(tmp_path):
    path = tmp_path / "out.json"
    return growth.run(
        rounds=2,
        seconds=1.0,
        path=path,
        start=Workers(),
        about=ABOUT,
        log=lambda line: None,
    )


def test_every_place_is_measured_once_a_round(kept):
    sizes = [len(axis.values) for axis in growth.AXES]
    assert sum(sizes) - (len(sizes) - 1) == WHOLE  # the axes meet in one point
    assert len(kept["points"]) == 2 * WHOLE


def test_each_axis_has_the_base():
    for axis in growth.AXES:
        assert growth.BASE[axis.name] in axis.values


def test_a_point_is_a_case():
    found = growth.case(growth.BASE | {"side": 16, "critic_steps": 3})
    assert (found.shape, found.images, found.count) == ((16, 16, 3), 192, 960)
    plain = json.loads(json.dumps(vars(found)))
    assert Case.of(plain) == found


def test_places_are_medians_for_each_image(kept):
    batch = growth.places(kept, growth.AXES[0])
    assert [one.value for one in batch] == list(growth.AXES[0].values)
    first, base = batch[0], batch[2]
    assert first.cost == pytest.approx((2.5, 2.0, 3.0))
    assert base.cost == pytest.approx((1.25, 1.0, 1.5))
    assert base.step == pytest.approx(64 * 1.25)
    assert base.memory == 1_064_000_000
    # 1 and 1.5 ms for what 4,000 GFLOP/s do in 0.25.
    assert base.share == pytest.approx((0.25 + 1 / 6) / 2)


def test_ascents_are_no_images_more(kept):
    """Each takes images of its own: the cost is of one of them."""
    steps = growth.places(kept, growth.AXES[3])
    assert [one.cost[1] for one in steps] == pytest.approx([1.0] * 5)


def test_goes_on_where_it_was(tmp_path, kept):
    workers = Workers()
    path = tmp_path / "out.json"
    more = growth.run(
        rounds=3, seconds=1.0, path=path, start=workers, about=ABOUT, log=print
    )
    assert len(workers.started) == WHOLE and len(more["points"]) == 3 * WHOLE


def test_tells_and_draws_all(tmp_path, kept):
    told = growth.text(kept)
    assert "1.25 ms (1.00–1.50)" in told and "an abacus" in told
    growth.draw(kept, tmp_path / "out.png")
    with Image.open(tmp_path / "out.png") as picture:
        assert picture.size == (1300, 600)


def test_refuses_a_file_of_something_else(tmp_path):
    (tmp_path / "out.json").write_text('{"pairs": []}')
    with pytest.raises(UserError, match="no results of benchmarks/run --growth"):
        growth.read(tmp_path / "out.json")
