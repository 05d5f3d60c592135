"""Flags named --config.FIELD, made from the fields of a configuration."""

import difflib
import os
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from absl import flags as absl_flags

from kgan.cli import variants
from kgan.errors import UserError, nearest
from kgan.fields import KINDS, Option, options
from kgan.sizes import Size

PREFIX = "config."
absl_flags.disclaim_key_flags()  # a flag belongs to the module that asks for it
TRUTHS = {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}


class FieldParser(absl_flags.ArgumentParser, absl_flags.ArgumentSerializer):
    """The absl parser of the flag of an `Option`.

    The range and the choices are checked where the configuration is made.
    """

    def __init__(self, option: Option) -> None:
        self.option = option
        self.syntactic_help = option.allowed

    def parse(self, argument: Any) -> Any:
        """Raises UserError for a text that is no value of the type."""
        if not isinstance(argument, str):
            return argument  # the default
        try:
            return self._read(argument)
        except (ValueError, KeyError):
            raise UserError(
                f"{self.option.name}={argument}",
                f"expected {KINDS[self.option.kind]}",
            ) from None

    def _read(self, text):
        kind = self.option.kind
        if kind is Size:
            return Size.of(text)
        if kind is bool:
            return TRUTHS[text.strip().lower()]
        if kind is tuple:
            default = self.option.default
            element = type(default[0]) if default else _number
            parts = text.strip().strip("()[]").split(",")
            return tuple(element(part.strip()) for part in parts if part.strip())
        return kind(text)

    def flag_type(self) -> str:
        return self.option.kind.__name__

    def serialize(self, value: Any) -> str:
        return typed(value)


def _number(text):
    """A whole number where the text is one, so that it is written as it was typed."""
    return int(text) if text.lstrip("+-").isdecimal() else float(text)


def typed(value: Any) -> str:
    """Returns the value of a field as it is typed at the command line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple) and not isinstance(value, Size):
        return ",".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


class PathParser(absl_flags.ArgumentParser):
    """The absl parser of a path, in which ~ is the user's folder.

    Shells leave it as it is after "--workdir=".
    """

    def parse(self, argument: str) -> str:
        return os.path.expanduser(argument)


def define_path(name: str, default: str | None, help: str) -> None:
    """Defines a flag that is a path, as `DEFINE_string` defines one that is a text."""
    absl_flags.DEFINE(
        PathParser(), name, default, help, serializer=absl_flags.ArgumentSerializer()
    )


def define_seed(help: str) -> None:
    """Defines --seed, within what NumPy, Keras and TensorFlow all take."""
    absl_flags.DEFINE_integer("seed", 0, help, lower_bound=0, upper_bound=2**31 - 1)


def define(flags: absl_flags.FlagValues, config_class: type[Any]) -> None:
    """Defines a flag for each field of a configuration's dataclass.

    Args:
        flags: absl's FLAGS.
        config_class: the dataclass.
    """
    for one in options(config_class).values():
        parser = FieldParser(one)
        flag = absl_flags.Flag(
            parser,
            parser,
            PREFIX + one.name,
            one.default,
            one.help or "a field of this variant",
            boolean=one.kind is bool,
        )
        # As the program's own, so that --help lists it.
        absl_flags.DEFINE_flag(flag, flags, module_name=sys.argv[0])


def chosen(flags: absl_flags.FlagValues, config_class: type[Any]) -> Any:
    """Returns the configuration that the flags set.

    Raises:
        UserError: a value that is not allowed, or two that do not go together.
    """
    names = options(config_class)
    return config_class(**{name: flags[PREFIX + name].value for name in names})


def named(flags: absl_flags.FlagValues) -> Callable[[str], str]:
    """Returns a function: name of a field -> the flag that sets it.

    For `UserError.written`; takes "field" or "field=value", and leaves what is no flag.
    """

    def name(text):
        field = text.split("=")[0]
        if PREFIX + field in flags:
            return f"--{PREFIX}{text}"
        return f"--{text}" if field in flags else text

    return name


def marked(line: str, name: Callable[[str], str]) -> str:
    """Returns a line of the library with flags in place of the fields in backticks.

    Args:
        line: with fields between backticks.
        name: a function as `named` returns.
    """
    return re.sub("`([^`]*)`", lambda found: name(found[1]), line)


def refuse_idle(flags: absl_flags.FlagValues, names: Iterable[str], why: str) -> None:
    """Refuses flags that were given, and that change nothing in this call.

    Args:
        flags: absl's FLAGS.
        names: of the flags.
        why: what they lack, such as "without `train_encoder`".

    Raises:
        UserError: one of them was given.
    """
    for name in names:
        if flags[name].present:
            value = flags[name].value
            told = typed(tuple(value) if isinstance(value, list) else value)
            raise UserError(f"{name}={told}", f"has no effect {why}")


def unrecognized(
    error: absl_flags.UnrecognizedFlagError,
    flags: absl_flags.FlagValues,
    grows: bool = False,
) -> UserError:
    """Returns a UserError for absl's error about an unknown flag.

    Args:
        error: an `absl.flags.UnrecognizedFlagError`.
        flags: absl's FLAGS.
        grows: whether flags that were given decide which others there are.
    """
    typed = error.flagvalue or f"--{error.flagname}"
    if error.flagname == "config":
        return UserError(typed, "say --config.FIELD=VALUE", "--help lists the fields")
    name = error.flagname.removeprefix("no")
    if PREFIX + name in flags:  # so `named` says --config.NAME
        return UserError(typed, "no such flag", f"did you mean `{name}`?")
    if not name.startswith(PREFIX):
        remedy = "--help lists the flags"
        fields = any(flag.startswith(PREFIX) for flag in flags)
        if grows and not fields and "workdir" in flags and flags.workdir is None:
            remedy = "say `workdir`: its run decides which flags there are"
        return UserError(str(error), remedy=remedy)
    name = name.removeprefix(PREFIX)
    fields = [flag.removeprefix(PREFIX) for flag in flags if flag.startswith(PREFIX)]
    near = difflib.get_close_matches(name, fields, n=1)
    owners = [one for one in variants.names() if name in _fields(one)]
    remedy = "--help lists its fields"
    if owners:
        remedy = f"it is one of {', '.join(owners)}"
    elif near:
        remedy = f"did you mean `{near[0]}`?"
    return UserError(typed, f"no such field of {Path(flags.variant).stem}", remedy)


def _fields(variant):
    return options(variants.find(variant).Config)


def names_of(flag: str, value: str | None, known: Iterable[str]) -> list[str]:
    """Returns the names that the value of a flag stands for: one of `known`, or all.

    Raises:
        UserError: the flag is not given, or names none of them.
    """
    every = list(known)
    if value is None:
        raise UserError(flag, f"say which: {', '.join(every)}, or all")
    if value != "all" and value not in every:
        raise UserError(
            f"{flag}={value}",
            f"no such {flag}{nearest(value, every)}",
            f"there are {', '.join(every)}, or all",
        )
    return every if value == "all" else [value]
