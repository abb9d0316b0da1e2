"""JSON is read and written however deeply it is nested."""

import json
import time

import pytest

from bot.reading import nesting
from bot.reading.nesting import DEPTH


def depth_of(content):
    depth = 0
    while content:
        content = content[0] if isinstance(content, list) else content["a"]
        depth += 1
    return depth


def test_what_is_not_nested_too_deeply_is_read_as_ever():
    content = {"a": [1, {"b": 'x"[\\'}, None], "ü": "\ud83d"}
    assert nesting.parsed(json.dumps(content)) == content
    assert nesting.parsed(json.dumps(content).encode("utf-16")) == content
    assert nesting.written(content) == json.dumps(content)


@pytest.mark.parametrize("encoding", [None, "utf-8", "utf-16-le"])
def test_what_is_nested_without_end_is_left_out_and_the_rest_is_read(encoding):
    deep = "[" * 100_000 + "]" * 100_000
    text = f'{{"before": 1, "deep": {deep}, "between": "ü", "again": [{deep}, 2], "after": {{"b": 3}}}}'
    content = nesting.parsed(text if encoding is None else text.encode(encoding))
    assert list(content) == ["before", "deep", "between", "again", "after"]
    assert (content["before"], content["between"], content["after"]) == (1, "ü", {"b": 3})
    assert content["again"][1] == 2
    assert depth_of(content["deep"]) == DEPTH - 1


def test_brackets_within_texts_are_no_nesting():
    words = '[[{"' + "\\"
    begin = json.dumps({"words": [words] * 300, "deep": 0})[:-2]
    text = begin + '{"a":' * 50_000 + json.dumps(words) + "}" * 50_001
    content = nesting.parsed(text)
    assert content["words"] == [words] * 300
    assert depth_of(content["deep"]) == DEPTH - 1


@pytest.mark.parametrize("end", ["", "]" * 99_999, "]" * 100_001, '"', '"\\', "\\"])
def test_what_is_no_json_is_none_however_deep(end):
    with pytest.raises(ValueError, match=r"."):
        nesting.parsed("[" * 100_000 + end)


def test_a_text_that_never_ends_is_looked_at_once():
    began = time.monotonic()
    with pytest.raises(ValueError, match=r"."):
        nesting.parsed("[" * 100_000 + '"' + r"\"" * 1_000_000)
    assert time.monotonic() - began < 5  # and not for hours


def test_what_can_be_read_and_not_written_is_written_as_deep_as_it_can_be():
    content = {"before": 1, "deep": 0, "after": "ü"}
    for _ in range(100_000):
        content["deep"] = [content["deep"]]
    again = json.loads(nesting.written(content))
    assert (again["before"], again["after"]) == (1, "ü")
    assert depth_of(again["deep"]) == DEPTH - 1
