"""When checkpoints are due, and what becomes of damaged and unfinished ones."""

import shutil

import numpy as np
import pytest

from kgan.errors import UserError
from kgan.models import GAN
from kgan.networks import mlp
from kgan.training.checkpoint import DAMAGED, CheckpointInterval, Checkpoints
from kgan.training.loop import Position
from tests.conformance import games


@pytest.mark.parametrize(
    "text, every",
    [
        ("1min", CheckpointInterval(minutes=1)),
        ("30s", CheckpointInterval(minutes=0.5)),
        ("2h", CheckpointInterval(minutes=120)),
        ("500steps", CheckpointInterval(steps=500)),
        ("1 step, 3 epochs", CheckpointInterval(steps=1, epochs=3)),
        ("5mins,1epoch,10steps", CheckpointInterval(minutes=5, epochs=1, steps=10)),
    ],
)
def test_how_often(text, every):
    assert CheckpointInterval.parse(text) == every


@pytest.mark.parametrize(
    "text",
    ["", "5", "min", "0min", "-1min", "1.5h", "1min,", "1s,1min", "9" * 10 + "s"],
)
def test_how_often_is_not_understood(text):
    with pytest.raises(UserError, match=f"checkpoint_every={text}: such as 1min"):
        CheckpointInterval.parse(text)


def test_due_is_what_comes_first():
    every = CheckpointInterval(minutes=2.0, steps=10)
    assert every.due(minutes=2.0, steps=0, epochs=0)
    assert every.due(minutes=0.0, steps=10, epochs=0)
    assert not every.due(minutes=1.9, steps=9, epochs=99)
    assert not CheckpointInterval().due(minutes=1e9, steps=10**9, epochs=10**9)


@pytest.fixture
def game():
    return games.build("product")


def saved(game, folder, times, keep=3):
    """A folder with checkpoints at epochs 1, 2, ...; x is then as many."""
    checkpoints = Checkpoints(game, folder, keep)
    checkpoints.begin()
    for epoch in range(1, times + 1):
        set_x(game, epoch)
        checkpoints.save(Position(epoch), {"n": epoch})
    return folder / "checkpoints"


def cut(folder, number):
    data = folder / f"ckpt-{number}.data-00000-of-00001"
    data.write_bytes(data.read_bytes()[:10])


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def files(*numbers):
    parts = ("data-00000-of-00001", "index")
    return ["checkpoint", *(f"ckpt-{n}.{part}" for n in numbers for part in parts)]


def set_x(game, value):
    game.x.set_weights([np.full((1, 1), value)])


def x(game):
    return float(game.x.get_weights()[0].squeeze())


def test_nothing_to_restore(game, tmp_path):
    checkpoints = Checkpoints(game, tmp_path)
    assert checkpoints.restore() is None and not list(tmp_path.iterdir())
    assert checkpoints.begin() is None


def test_as_many_stay_as_asked_for(game, tmp_path):
    folder = saved(game, tmp_path, 5, keep=2)
    assert names(folder) == files(4, 5)


def test_newest_comes_back(game, tmp_path):
    saved(game, tmp_path, 3)
    set_x(game, 9)
    assert Checkpoints(game, tmp_path).restore() == (Position(3), {"n": 3})
    assert x(game) == 3.0


@pytest.mark.parametrize("damage", ["data", "index"])
def test_damaged_falls_back_and_says_so(game, tmp_path, damage):
    folder = saved(game, tmp_path, 3)
    for path in folder.glob(f"ckpt-3.{damage}*"):
        path.write_bytes(path.read_bytes()[:10])
    before, said = names(folder), []
    assert Checkpoints(game, tmp_path).restore(said.append).position == Position(2)
    assert x(game) == 2.0 and names(folder) == before, "a reader changes nothing"
    (line,) = said
    assert "ckpt-3: cannot be restored" in line and "goes back to" in line
    assert line.endswith("ckpt-2")


def test_a_flipped_bit_is_damage(game, tmp_path):
    folder = saved(game, tmp_path, 2)
    data = folder / "ckpt-2.data-00000-of-00001"
    content = bytearray(data.read_bytes())
    content[len(content) // 3] ^= 1
    data.write_bytes(content)
    assert Checkpoints(game, tmp_path).restore(lambda line: None).notes == {"n": 1}


def test_trainer_puts_damaged_aside_and_goes_on(game, tmp_path):
    folder = saved(game, tmp_path, 3)
    cut(folder, 3)
    checkpoints = Checkpoints(game, tmp_path, keep=3)
    assert checkpoints.begin(lambda line: None).position == Position(2)
    assert names(folder / DAMAGED) == files(3)[1:]
    checkpoints.save(Position(3), {})
    (folder / DAMAGED).rename(tmp_path / "seen")
    assert names(folder) == files(1, 2, 3)
    assert Checkpoints(game, tmp_path).restore(pytest.fail).position == Position(3)


def test_trainer_removes_what_was_never_finished(game, tmp_path):
    folder = saved(game, tmp_path, 2)
    (folder / "ckpt-3_temp").mkdir()
    (folder / "ckpt-3_temp" / "part").write_text("half")
    (folder / "ckpt-3.data-00000-of-00001").write_text("half")
    Checkpoints(game, tmp_path).begin(pytest.fail)
    assert names(folder) == files(1, 2)


def test_as_many_stay_as_asked_for_over_several_starts(game, tmp_path):
    for _ in range(3):
        one = Checkpoints(game, tmp_path, keep=2)
        one.begin()
        one.save(Position(), {})
    names = {path.name for path in (tmp_path / "checkpoints").glob("*.index")}
    assert names == {"ckpt-2.index", "ckpt-3.index"}


def test_what_was_not_restored_is_not_written_over(game, tmp_path):
    """A folder that is only opened, as that of the healthy checkpoint is."""
    for _ in range(2):
        one = Checkpoints(game, tmp_path, keep=1, aside="healthy")
        one.open()
        one.save(Position(), {})
    names = {path.name for path in (tmp_path / "checkpoints/healthy").glob("*.index")}
    assert names == {"ckpt-2.index"}


def test_a_lost_list_is_no_new_beginning(game, tmp_path):
    folder = saved(game, tmp_path, 11, keep=11)
    (folder / "checkpoint").write_bytes(b"\x00damaged")
    assert Checkpoints(game, tmp_path).begin(pytest.fail).position == Position(11)
    assert (folder / "ckpt-11.index").exists()


def test_a_run_that_was_moved_is_read_where_it_lies(game, tmp_path):
    """Also where another run has taken its place."""
    saved(game, tmp_path / "run", 2)
    Checkpoints(game, tmp_path / "run").begin()  # writes the list with whole paths
    (tmp_path / "run").rename(tmp_path / "run-old1")
    saved(game, tmp_path / "run", 1)
    assert Checkpoints(game, tmp_path / "run-old1").restore().position == Position(2)
    assert x(game) == 2


def test_none_can_be_read(game, tmp_path):
    folder = saved(game, tmp_path, 2)
    cut(folder, 1)
    cut(folder, 2)
    before = names(folder)
    for read in (Checkpoints.restore, Checkpoints.begin):
        with pytest.raises(UserError, match="ckpt-2.*nor any before it.*fresh"):
            read(Checkpoints(game, tmp_path), lambda line: None)
    assert names(folder) == before


def test_checkpoint_of_another_game(game, tmp_path):
    """More variables, or fewer: not a part may be taken in silence."""
    saved(game, tmp_path, 1)
    larger = games.build("gan-mlp")
    more, fewer = len(larger.state), len(game.state)
    told = f"another game: {fewer} variables, and here {more}; take the networks"
    with pytest.raises(UserError, match=told):
        Checkpoints(larger, tmp_path).restore()
    saved(larger, tmp_path / "larger", 0)
    other = Checkpoints(larger, tmp_path / "larger")
    other.begin()
    other.save(Position(), {})
    with pytest.raises(UserError, match="belongs to another game"):
        Checkpoints(game, tmp_path / "larger").restore()


def test_checkpoint_of_other_widths(tmp_path):
    def built(width):
        made = GAN(
            mlp.generator(2, (4, 4, 1), width=width), mlp.discriminator((4, 4, 1))
        )
        made.compile(max_optimizer="adam", min_optimizer="adam")
        return made

    checkpoints = Checkpoints(built(4), tmp_path)
    checkpoints.begin()
    checkpoints.save(Position(1), {})
    folder = tmp_path / "checkpoints"
    before = names(folder)
    line = r"ckpt-1: belongs to .* float32 \(2, 4\), and here float32 \(2, 5\); take"
    for read in (Checkpoints.restore, Checkpoints.begin):
        with pytest.raises(UserError, match=line):
            read(Checkpoints(built(5), tmp_path))
    assert names(folder) == before


def test_a_weight_that_a_variant_adds_is_saved(tmp_path):
    """An image pool, say: nothing has to be told of it."""

    def build():
        game = games.build("product")
        game.pool = game.add_weight(shape=(3,), trainable=False, name="pool")
        return game

    game = build()
    game.pool.assign([1.0, 2.0, 3.0])
    checkpoints = Checkpoints(game, tmp_path)
    checkpoints.begin()
    checkpoints.save(Position(), {})
    other = build()
    Checkpoints(other, tmp_path).restore()
    assert other.pool.numpy().tolist() == [1.0, 2.0, 3.0]


def test_a_folder_that_is_gone(game, tmp_path):
    checkpoints = Checkpoints(game, tmp_path)
    checkpoints.begin()
    shutil.rmtree(tmp_path / "checkpoints")
    (tmp_path / "checkpoints").write_text("a file")
    with pytest.raises(UserError, match="checkpoints: cannot be written .*whole") as e:
        checkpoints.save(Position(), {})
    assert e.value.exit_code == 1
