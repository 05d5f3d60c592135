"""What every refusal of a command has in common."""


def assert_one_line(result, words):
    """A binary refused: briefly, and in terms that help."""
    code, _, err = result
    assert code in (1, 2), err
    assert "Traceback" not in err
    assert len(err.splitlines()) == 1, err
    assert "\\n" not in err, "the repr of an exception is no clear line"
    assert not [word for word in words.split() if word not in err], err
