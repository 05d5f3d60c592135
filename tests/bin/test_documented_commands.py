"""Every command that a page shows is one that the commands understand.

The flags of each are parsed and checked by the command itself. What is quick is run.
"""

import importlib.metadata
import importlib.util
import itertools
import re
import shlex
import shutil

import pytest

from tests.docs.pages import PAGES, ROOT, blocks, of, variant

# Run as they stand; of the others only the flags are checked.
RUN = {"sample_gan"}
RUN_WITH = {"--list", "--dry_run", "--help"}
NAMES = {"--table", "--experiment", "--case", "--peer"}  # of what --list prints
INLINE = re.compile(r"`((?:bin|benchmarks)/\w+ --[^`]*)`")
SETTING = re.compile(r"export$|[A-Z_]+=")
# Of others, and not here: only the files that they are given are looked at.
FOREIGN = {"sbatch", "docker", "kubectl"}
PLACEHOLDER = re.compile(r"\b[A-Z]+\b")
WORKDIRS = {"infogan-digits": "infogan", "gan-digits": "infogan", "photos": "cgan"}
WORKDIRS |= {"cgan-digits": "cgan", "shop": "cgan"}


def commands(path):
    """The commands of a page: those of its shell blocks, and those within a line."""
    lines = "\n".join(blocks(path, "sh")).replace("\\\n", " ").splitlines()
    prose = re.sub(r"(?ms)^```.*?^```$", "", path.read_text(encoding="utf-8"))
    lines += [" ".join(one.split()) for one in INLINE.findall(prose)]
    for line in lines:
        words = shlex.split(line, comments=True)
        while words:
            end = words.index("&&") if "&&" in words else len(words)
            # Without what it sets of the environment.
            one = itertools.dropwhile(SETTING.match, words[:end])
            if made := tuple(one):
                yield made
            words = words[end + 1 :]


SHOWN = {}  # command -> the first page that shows it
for page in PAGES:
    for one in commands(page):
        if not any(PLACEHOLDER.fullmatch(part) for w in one for part in w.split("=")):
            SHOWN.setdefault(one, of(page))


@pytest.fixture(scope="module")
def desk(run_of, command, tmp_path_factory):
    """A folder with the runs and files that the pages speak of."""
    desk = tmp_path_factory.mktemp("desk")
    for place, name in WORKDIRS.items():
        shutil.copytree(run_of(name)[0], desk / "runs" / place)
    (desk / "my_acgan.py").write_text(variant())
    flags = "--variant=my_acgan.py", "--config.width=4", "--config.epochs=1"
    trained = command("train_gan", *flags, "--steps_per_execution=1", cwd=desk)
    assert trained.code == 0, trained.err
    return desk


@pytest.mark.parametrize("words", SHOWN, ids=" ".join)
def test_the_command_is_understood(words, request):
    program, *rest = words
    name = program.rsplit("/", 1)[-1]
    if re.fullmatch(r"python3?", name):
        check_python(rest, request)
    elif name == "pip":
        extras = re.findall(r"\[(\w+)\]", " ".join(rest))
        assert rest[0] == "install" and set(extras) <= set(EXTRAS)
    elif (ROOT / "bin" / name).exists() or program == "benchmarks/run":
        place = name if program != "benchmarks/run" else "../benchmarks/run"
        check_binary(place, rest, request)
    elif name in FOREIGN:
        files = [word for word in rest if "/" in word]
        assert files and all((ROOT / word).is_file() for word in files)
    else:
        assert name in known_programs(), f"say here how {name} can be checked"


def check_python(rest, request):
    """`python -m MODULE`, or a script with flags."""
    if rest[0] != "-m":
        assert (ROOT / rest[0]).is_file()
        check_binary(f"../{rest[0]}", rest[1:], request)
        return
    assert importlib.util.find_spec(rest[1])
    if rest[1] == "pytest":
        config = (ROOT / "setup.cfg").read_text(encoding="utf-8")
        for flag, value in itertools.pairwise(rest[2:]):
            assert flag != "-m" or f"    {value}: " in config.split("markers =")[1]
        assert all((ROOT / word).exists() for word in rest[2:] if "/" in word)


def check_binary(place, rest, request):
    command, desk = (request.getfixturevalue(name) for name in ("command", "desk"))
    for word in rest:
        flag, _, value = word.partition("=")
        if flag in NAMES:
            told = command(place, "--list").out.splitlines()
            names = {"all", *(line.split(":")[0] for line in told)}
            assert set(value.split(",")) <= names
    if (place in RUN and "boot" not in str(rest)) or RUN_WITH & set(rest):
        result = command(place, *rest, cwd=desk)
    else:
        result = command(place, "--only_check_args", *rest, cwd=desk)
    helped = "--help" in rest and result.out
    assert result.code == 0 or helped, result.err


EXTRAS = re.findall(
    r"(?m)^(\w+) =$", (ROOT / "setup.cfg").read_text().split("extras_require]")[1]
)


def known_programs():
    """The commands that kgan's packages and extras bring along."""
    found = importlib.metadata.entry_points(group="console_scripts")
    config = (ROOT / "setup.cfg").read_text(encoding="utf-8")
    return {one.name for one in found} | set(re.findall(r"(?m)^    ([\w-]+)", config))


def test_the_variant_in_a_file_is_short_and_trains(desk):
    assert len(variant().splitlines()) < 80
    run = desk / "runs" / "my_acgan-digits"
    header = (run / "history.csv").read_text().splitlines()[0]
    assert {"D/label", "G/label"} <= set(header.split(","))


def test_wrong_commands_would_be_found(command, desk):
    for words in (
        ("train_gan", "--variant=gan", "--config.categories=3"),
        ("train_gan", "--variant=gan", "--config.objective=wassertsein"),
        ("train_gan", "--onsick=stop"),
        ("sample_gan", "--workdir=runs/gan-digits", "--label=3"),
    ):
        assert command(*words, "--only_check_args", cwd=desk).code == 2, words
    assert len(SHOWN) > 60
