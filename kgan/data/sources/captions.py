"""Captions and attributes of the pictures of a folder, from its table."""

import dataclasses
import os
from collections import defaultdict
from typing import Any, NamedTuple

import numpy as np

from kgan.data.attributes import Attribute
from kgan.data.dataset import Dataset, Field
from kgan.data.kinds.tokens import UNKNOWN, Tokens, words
from kgan.data.sources.listing import Listing, Parts, grouped, natural
from kgan.data.sources.tables import FILES, Table, find
from kgan.errors import UserError, few, printable
from kgan.typing import Log

MOST_WORDS = 64  # of a caption
MOST_OPTIONS = 64  # of an attribute
BLANK = "unknown"  # the option of an empty value
FEW_STRANGE = 0.1  # of the pictures, with a value that the training lacks
EMPTY, MISSING = "without a word", "of a file that is not there"
AMBIGUOUS = "of a name that several files have"
NAMELESS = "without the name of a file"
LONG = f"of more than {MOST_WORDS} words, cut off"


class Asked(NamedTuple):
    """The parts of a folder's table that a run asks for.

    Attributes:
        captions: whether the captions are.
        attributes: whether the attributes are, without captions as well.
        like: a `Dataset` whose words and options these data share, or None.
        units: what the lines of a text are made of, "characters" or "words".
        log: called with a line about values that those data lack.
    """

    captions: bool = False
    attributes: bool = False
    like: Any = None
    units: str = "characters"
    log: Log = lambda line: None


NOTHING = Asked()


class Annotations:
    """The captions and attributes that a table gives the pictures of a listing.

    Pictures of which it says nothing are left out of the listing, with the reason.

    Args:
        listing: the pictures.
        asked: what is wanted.

    Raises:
        UserError: there is no table, or it cannot be used.
    """

    def __init__(self, listing: Listing, asked: Asked) -> None:
        table = find(listing)
        if table is None:
            texts = ", or a .txt next to each" if asked.captions else ""
            raise UserError(
                listing.folder,
                "has no captions" if asked.captions else "has no attributes",
                f"put one of {', '.join(FILES)} next to the pictures{texts}",
            )
        self.asked, self.table = asked, table
        self.captions: dict[Parts, list[str]] = defaultdict(list)
        self.attributes: dict[Parts, dict[str, str]] = {}
        self._odd: dict[Parts, str] = {}
        self._differ: set[str] = set()
        self._match(listing)
        known = self.captions if asked.captions else self.attributes
        strange = self._strange([file for file in listing.files if file in known])
        what = "a caption" if asked.captions else "a row of attributes"
        if self._odd and listing.files and not known:
            raise UserError(
                f"rows of {table.name}",
                f"none is {what} of a picture: {grouped(self._odd)}",
                "give each row the name of a file that lies next to the table or below it"
                + (", and a caption of a word or more" if asked.captions else ""),
            )
        told = f"without {what} in {table.name}"
        listing.keep(
            [strange.get(one) if one in known else told for one in listing.files]
        )
        self._forget(listing)

    def _strange(self, files):
        """File -> why it is left out: a value of an attribute that the training lacks.

        Where many have one, the column is left out instead.
        """
        found: dict[Parts, str] = {}
        for name, known in (
            self.asked.like.attributes.items() if self.asked.like else ()
        ):
            values = [self.attributes[file].get(name) for file in files]
            if not any(value is not None for value in values):
                continue
            odd = [
                (file, value or BLANK)
                for file, value in zip(files, values, strict=True)
                if (value or BLANK) not in known.options
            ]
            if len(odd) <= FEW_STRANGE * len(files):
                for file, value in odd:
                    found[file] = f"with the {name} {value!r}, which the training lacks"
            else:
                lacking = few(sorted({value for _, value in odd}))
                self.asked.log(
                    f"{self.table.name}: {name} is left out, as the training lacks {lacking}"
                )
        if found:
            self.asked.log(f"{self.table.name}: left out {grouped(found)}")
        return found

    def _match(self, listing):
        """Gives each picture its rows of the table."""
        places = _Places(listing, self.table)
        rows = self.table.rows
        lengths = map(len, words(text for row in rows for text in row.captions))
        for number, row in enumerate(rows, 1):
            file, why = places.find(row.file)
            if file is not None:
                before = self.attributes.setdefault(file, row.attributes)
                both = before.items() ^ row.attributes.items()
                self._differ |= {name for name, _ in both}
            for text in row.captions:
                length = next(lengths)
                if file is not None and length:
                    self.captions[file].append(text)
                    why = LONG if length > MOST_WORDS else ""
                elif file is not None:
                    why = EMPTY
            if why:
                self._odd[(f"{printable(row.file)} (row {number})",)] = why

    def _forget(self, listing):
        """Takes the table itself off what the listing calls no pictures."""
        for parts in self.table.files:
            listing.others.pop(parts, None)

    def added(self, data: Dataset, files: list[Parts], log: Log) -> Dataset:
        """Returns a data set with the captions and attributes of its pictures.

        Args:
            data: the pictures.
            files: their files, in the same order.
            log: called with lines about what was found, and what is not used.
        """
        if self._odd:
            log(f"rows of {self.table.name}: {grouped(self._odd)}")
        data = dataclasses.replace(data, attributes=self._attributes(files, log))
        return self._captioned(data, files, log) if self.asked.captions else data

    def _captioned(self, data, files, log):
        texts = [self.captions[file] for file in files]
        every = [text for some in texts for text in some]
        if self.asked.like is None:
            kind = Tokens.fitted(every)
            length = min(MOST_WORDS, max(map(len, words(every))))
        else:
            field = self.asked.like.fields["caption"]
            kind, (length,) = field.kind, field.shape
        ids = kind.encode(every, length)
        rows = np.repeat(np.arange(len(texts)), [len(some) for some in texts])
        place = np.concatenate([np.arange(len(some)) for some in texts])
        several = np.zeros((len(texts), place.max() + 1, length), np.int32)
        several[rows, place] = ids
        strange = int((ids == UNKNOWN).any(1).sum())
        log(
            f"captions of {self.table.name}: {len(every):,} of {len(files):,} images, up to "
            f"{length} of {len(kind.vocabulary):,} words"
            + (f"; {strange:,} with words that the training lacks" if strange else "")
        )
        group = data.groups[0] | {"caption": np.ascontiguousarray(several[:, 0])}
        return dataclasses.replace(
            data,
            fields=data.fields | {"caption": Field((length,), "int32", kind)},
            groups=(group,),
            alternatives={"caption": several} if several.shape[1] > 1 else {},
        )

    def _attributes(self, files, log):
        """The attributes of the files: columns of the table with few different values."""
        known = [self.attributes.get(file, {}) for file in files]
        found, reasons = {}, {}
        for name in dict.fromkeys(name for one in known for name in one):
            texts = [one.get(name) or BLANK for one in known]
            options = self._options(name, set(texts))
            why = self._unusable(name, options, set(texts))
            if why:
                reasons[(name,)] = why
            else:
                found[name] = Attribute.of(texts, options)
        if found:
            told = few(
                [f"{name} ({len(one.options)})" for name, one in found.items()], 20
            )
            log(f"attributes of {self.table.name}: {told}")
        if reasons:
            log(f"columns of {self.table.name} that are not used: {grouped(reasons)}")
        return found

    def _options(self, name, texts):
        """The names of what an attribute can be, in their order."""
        like = self.asked.like
        if like is None:
            return tuple(sorted(texts, key=natural))
        return like.attributes[name].options if name in like.attributes else ()

    def _unusable(self, name, options, texts):
        """Why a column is no attribute; "" if it is one."""
        if name in self._differ:
            return "with several values for one file"
        if not options:
            return "not used in training"
        if texts - set(options):
            strange = few(sorted(texts - set(options)))
            return f"with values that the training lacks: {strange}"
        if len(options) == 1:
            return "with a single value"
        return f"with more than {MOST_OPTIONS} values" * (len(options) > MOST_OPTIONS)


class _Places:
    """Finds the pictures that a table names."""

    def __init__(self, listing: Listing, table: Table):
        self.listing, self.files = listing, set(listing.files)
        path = table.path
        self.folder = path if path.is_dir() else path.parent
        self.above: Parts = self.folder.relative_to(listing.root).parts
        own = self.above == listing.inside or path.stem in listing.inside[-1:]
        self.by_name = defaultdict(list)
        # Else a bare name may be that of a file of another split.
        if own or not listing.elsewhere:
            for file in listing.files:
                self.by_name[file[-1]].append(file)

    def find(self, name: str) -> tuple[Parts | None, str]:
        """Returns (the picture or None, why there is none)."""
        if not name.strip():
            return None, NAMELESS
        text = os.path.normpath(name.strip().replace("\\", "/"))
        parts = tuple(text.split("/"))
        exact = (*self.above, *parts)
        if exact in self.files:
            return exact, ""
        alike = [one for one in self.by_name[parts[-1]] if one[-len(parts) :] == parts]
        if len(alike) == 1:
            return alike[0], ""
        if alike:
            return None, AMBIGUOUS
        # Of another split, or left out already.
        there = not os.path.isabs(text) and os.path.lexists(self.folder / text)
        return None, "" if there or exact in self.listing.unusable else MISSING
