"""Captions as numbers of words: the same in NumPy, in a graph and in a saved model."""

import os
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

from kgan.data.kinds import Tokens
from kgan.data.kinds.tokens import words

ODD = [
    "A red SEVEN, on blue.",
    "woman’s hat & t-shirt",
    "ÉCOLE größe 日本 ñandú",
    "keycap #",
    "  ",
    "",
    "ISTANBUL İzmir (naïve)…—“quoted”",
    "tab\tnew\nline\u00a0space",
]


def test_words_are_in_lower_case_and_without_punctuation():
    assert words(ODD) == [
        ["a", "red", "seven", "on", "blue"],
        ["woman’s", "hat", "&", "t-shirt"],
        ["école", "größe", "日本", "ñandú"],
        ["keycap", "#"],
        [],
        [],
        ["istanbul", "izmir", "naïve", "quoted"],
        ["tab", "new", "line", "space"],
    ]
    assert words([]) == []


@pytest.mark.slow  # a process of its own
def test_a_turkish_machine_reads_the_same_words():
    """ICU takes the locale of the environment: I would become a dotless i."""
    code = "from kgan.data.kinds.tokens import words; print(ascii(words(['I ISTANBUL İ'])))"
    environment = os.environ | {"LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[['i', 'istanbul', 'i']]"


def test_the_most_frequent_words_come_first():
    kind = Tokens.fitted(["b a", "B c", "c b"])
    assert kind.vocabulary == ("b", "c", "a")
    assert kind.encode(["a b c d"]).tolist() == [[4, 2, 3, 1]]


def test_numbers_and_back():
    kind = Tokens.fitted(ODD)
    ids = kind.encode(ODD, 6)
    assert ids.dtype == np.int32 and ids.shape == (len(ODD), 6)
    kind.check("caption", ids)
    assert kind.decode(ids) == [" ".join(one) for one in words(ODD)]
    assert kind.decode(kind.encode(["a purple seven on"], 3)) == ["a [UNK] seven"]
    assert not ids[4:6].any()
    assert kind.encode(["a"]).shape == (1, 1)


def test_a_graph_gives_the_same_numbers():
    kind = Tokens.fitted(ODD[:3])
    call = tf.function(lambda strings: kind.encode_in_graph(strings, 6))
    concrete = call.get_concrete_function(tf.TensorSpec((None,), tf.string))
    assert concrete.output_shapes == tf.TensorShape((None, 6))
    np.testing.assert_array_equal(concrete(tf.constant(ODD)), kind.encode(ODD, 6))


def test_a_saved_model_needs_no_table(tmp_path):
    kind, module = Tokens.fitted(ODD), tf.Module()
    module.call = tf.function(
        lambda strings: kind.encode_in_graph(strings, 5),
        input_signature=[tf.TensorSpec((None,), tf.string)],
    )
    tf.saved_model.save(module, str(tmp_path))
    again = tf.saved_model.load(str(tmp_path))
    np.testing.assert_array_equal(again.call(tf.constant(ODD)), kind.encode(ODD, 5))


def test_words_that_are_not_known_are_named_once():
    kind = Tokens.fitted(ODD[:1])
    assert kind.unknown("A violet seven, on VIOLET or gold") == ["violet", "or", "gold"]
    assert kind.unknown("red") == kind.unknown("") == []
    assert Tokens().unknown("red") == ["red"]
    assert Tokens().encode(["red"]).tolist() == [[1]]


def test_kinds_with_other_words_differ():
    assert Tokens(["a", "b"]) == Tokens(("a", "b")) != Tokens(("b", "a"))
    with pytest.raises(TypeError):
        Tokens().of_plain({"words": ["a"]})


def test_a_file_of_a_caption(tmp_path):
    kind = Tokens.fitted(ODD)
    kind.write(tmp_path / "one.txt", kind.encode(ODD, 6)[2])
    found = (tmp_path / "one.txt").read_text(encoding="utf-8")
    assert found == "école größe 日本 ñandú\n"
