"""Who may import whom, and how long a file or a function may be.

Imports inside of functions count as well. A test looks at all files, and names each
that is odd.
"""

import ast
import functools
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOUSE = ["kgan", "configs", "bin"]

# What a game is made of: modules at the top of the package.
PARTS = ["replicas", "objectives", "penalties", "priors", "augmentations", "schedules"]
PARTS += ["optimizers", "randomness", "running_means", "keras_private"]
PARTS += ["moving_statistics"]
CONFIGURED = ["config", "settings", "fields", "sizes"]
FILED = ["errors", "files", "loggers", "pictures", "sizes", "sounds"]
# A room, which is a folder or a module of kgan, and the rooms that it may import from.
# A room may import from itself; whatever is not named here may not be imported.
MAY_IMPORT = {
    "bin": ["cli"],
    "experiments": ["applications", "export", "training", "callbacks", "health"]
    + ["evaluation", "metrics", "models", "networks", "data", "game", *PARTS]
    + ["variants", *CONFIGURED, *FILED],
    "api": ["runs", "variants", "training", "export", "data", "game"]
    + [*CONFIGURED, "errors", "files"],
    "trained": ["variants", "applications", "training"],
    "runs": ["variants", "training", "export", "health", "game", "errors"],
    "cli": ["configs", "variants", "experiments", "applications", "export", "training"]
    + ["evaluation", "health", "data", *CONFIGURED, *FILED],
    "variants": ["configs", "errors"],
    "applications": ["training", "models", "networks", "metrics", "data", "controls"]
    + ["game", *PARTS, *FILED],
    "export": ["models", "data", "controls", "game", *FILED],
    "evaluation": ["applications", "export", "models", "metrics", "data", "controls"]
    + [*PARTS, *FILED],
    "training": ["export", "callbacks", "health", "evaluation", "models", "networks"]
    + ["data", "controls", "game", *PARTS, *CONFIGURED, *FILED],
    "configs": ["models", "networks", "data", *PARTS, *CONFIGURED, "errors"],
    "callbacks": ["metrics", "data", *FILED],
    "health": ["callbacks", "data", "errors", "files"],
    "models": ["game", "controls", "data", *PARTS],
    "networks": ["randomness", "replicas", "keras_private", "moving_statistics"]
    + ["sizes"],
    "game": ["compiling", "controls", "replicas", "running_means"],
    "randomness": ["replicas"],
    "compiling": ["optimizers", "replicas", "running_means", "schedules"],
    "controls": ["data", "errors"],
    "data": ["randomness", *FILED],
    "metrics": ["errors"],
    "penalties": ["randomness", "replicas", "schedules", "keras_private", "errors"],
    "priors": ["randomness"],
    "augmentations": ["randomness", "replicas", "schedules", "errors"],
    "running_means": ["replicas"],
    "schedules": ["keras_private"],
    "optimizers": ["schedules", "keras_private"],
    "pictures": ["files"],
    "sounds": ["files"],
    "files": ["errors"],
    "config": ["settings", "fields", "sizes", "errors"],
    "settings": ["fields", "sizes", "errors"],
    "fields": ["sizes", "errors"],
}
# Of health, what neither TensorFlow nor Keras may enter.
PURE = ["health", "health.advice", "health.report", "health.thresholds"]
PURE += ["health.verdicts", "config", "fields", "sizes", "errors"]


@functools.cache
def texts():
    """module name -> its text, for every file of the house."""
    found = {}
    for place in HOUSE:
        for path in sorted((ROOT / place).rglob("*")):
            script = place == "bin" and path.is_file() and not path.suffix
            if script or path.suffix == ".py":
                parts = path.relative_to(ROOT).with_suffix("").parts
                name = ".".join(parts).removesuffix(".__init__")
                name = re.sub("^configs", "kgan.configs", name)
                found[name] = path.read_text()
    return found


@functools.cache
def trees():
    """module name -> its syntax tree."""
    return {name: ast.parse(text) for name, text in texts().items()}


@functools.cache
def nodes_of_all():
    """module name -> the nodes of its syntax tree."""
    return {name: list(ast.walk(tree)) for name, tree in trees().items()}


def running(node):
    """All nodes of a tree apart from what type checkers alone read."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.If) or ast.unparse(child.test) != "TYPE_CHECKING":
            yield from running(child)


@functools.cache
def imported(name):
    """All modules that module `name` imports when it runs, by their full names."""
    found = set()
    for node in running(trees()[name]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name}: relative import, line {node.lineno}"
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            # "from kgan import game" imports kgan.game, not all of kgan.
            modules = {one for one in inner if one in trees()}
            found |= modules | ({node.module} if modules != inner else set())
    return found


def room(name):
    """ "bin", "configs", or the folder or module of kgan that a module lies in."""
    first, *rest = name.split(".")
    if first != "kgan":
        return first
    return rest[0] if rest else "kgan"  # its __init__, which imports nothing of ours


def test_imports_stay_in_their_rooms():
    odd = []
    for name in trees():
        allowed = {"kgan", "typing", room(name), *MAY_IMPORT.get(room(name), [])}
        ours = sorted(one for one in imported(name) if one.split(".")[0] in HOUSE)
        odd += [
            f"{name} may not import {one}" for one in ours if room(one) not in allowed
        ]
    assert not odd


def test_pure_modules_load_neither_tensorflow_nor_keras():
    frameworks = {"tensorflow", "keras"}
    for name in PURE:
        found = {one.split(".")[0] for one in imported(f"kgan.{name}")}
        assert not found & frameworks, name


def test_the_library_does_not_know_flags():
    """Only what the binaries share does."""
    library = [name for name in trees() if name.startswith("kgan")]
    odd = [
        name
        for name in library
        if any(one.startswith("absl.flags") for one in imported(name))
        and room(name) != "cli"
    ]
    assert library and not odd


def test_absl_flags_are_not_imported_from_absl():
    """`from absl import flags` is the other way to spell it."""
    for name, nodes in nodes_of_all().items():
        if name.startswith(("bin", "kgan.cli")):
            continue
        for node in nodes:
            if isinstance(node, ast.ImportFrom) and node.module == "absl":
                assert "flags" not in {alias.name for alias in node.names}, name


def test_no_circles():
    graph = {name: imported(name) & trees().keys() - {name} for name in trees()}
    done, path = set(), []

    def visit(name):
        assert name not in path, " -> ".join([*path[path.index(name) :], name])
        if name not in done:
            path.append(name)
            for other in sorted(graph[name]):
                visit(other)
            done.add(path.pop())

    for name in graph:
        visit(name)


def moves_weights(node):
    """Whether a node of the tree is a call like `optimizer.apply(...)`."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    owner = ast.unparse(node.func.value)
    # A tf.data.Dataset has an `apply` as well, of another kind.
    applies = node.func.attr == "apply" and "optimizer" in owner
    return applies or node.func.attr in ("apply_gradients", "minimize")


# No part of a game: a search for codes, and the network that reads them off a picture.
OF_A_TRAINED_GAME = {"kgan.applications.descent", "kgan.applications.encoding"}


def test_one_loop():
    """Only the game overrides `train_step` or moves weights of a game by a gradient."""
    found = {}
    for name, nodes in nodes_of_all().items():
        functions = [n.name for n in nodes if isinstance(n, ast.FunctionDef)]
        moves = functions.count("train_step"), sum(map(moves_weights, nodes))
        if any(moves):
            found[name] = moves
    assert found == {"kgan.game": (1, 1)} | dict.fromkeys(OF_A_TRAINED_GAME, (0, 1))


# What runs or builds whatever a file says. SECURITY.md promises that none is here.
UNSAFE = {
    *("pickle", "cPickle", "dill", "joblib", "shelve", "marshal", "cloudpickle"),
    *(
        "eval",
        "exec",
        "compile_command",
        "load_model",
        "model_from_json",
        "unpack_archive",
    ),
    *("extractall", "enable_unsafe_deserialization", "Lambda", "system", "Popen"),
}


def test_nothing_untrusted_runs():
    odd, programs = {}, []
    for name, nodes in nodes_of_all().items():
        names = {node.id for node in nodes if isinstance(node, ast.Name)}
        names |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
        names |= {part for module in imported(name) for part in module.split(".")}
        keywords = {node.arg for node in nodes if isinstance(node, ast.keyword)}
        if unsafe := (names | keywords) & (UNSAFE | {"allow_pickle"}):
            odd[name] = unsafe
        programs += [name] * ("exec_module" in names)
    assert not odd
    # The user's own variant, named on the command line, is the one program.
    assert programs == ["kgan.cli.variants"]


def length(function):
    """Lines of a function beside its docstring: to explain much is no fault."""
    lines = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function) is None:
        return lines
    docstring = function.body[0]
    return lines - (docstring.end_lineno - docstring.lineno + 1)


def test_files_and_functions_are_short():
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    lengths = {
        f"{name}.{node.name}, line {node.lineno}": length(node)
        for name, nodes in nodes_of_all().items()
        for node in nodes
        if isinstance(node, kinds)
    }
    assert not {function: lines for function, lines in lengths.items() if lines > 40}
    lengths = {name: len(text.splitlines()) for name, text in texts().items()}
    assert not {name: lines for name, lines in lengths.items() if lines > 300}
