import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workinggroups.meetings.merging import merge

BASE = "The group writes shared tests and the tools to run them. Training methods are out of scope."


def test_two_changes_in_one_sentence_are_both_kept():
    theirs = BASE.replace("run them.", "run them, in at least four languages.")
    mine = BASE.replace("methods are", "methods and legal advice are")

    merged = merge(BASE, theirs, mine)

    assert merged == (
        "The group writes shared tests and the tools to run them, in at least four languages. "
        "Training methods and legal advice are out of scope."
    )


def test_lines_that_both_add_at_one_place_are_both_kept():
    assert merge("one\ntwo", "one\ntwo\ntheirs", "one\ntwo\nmine") == "one\ntwo\ntheirs\nmine"
    assert merge("one\nlast", "one\ntheirs\nlast", "one\nmine\nlast") == "one\ntheirs\nmine\nlast"


@pytest.mark.parametrize(
    ("theirs", "mine"),
    [
        ("The limit is 600.", "The limit is 700."),
        ("The limit is.", "The limit is 700."),
        ("The limit is 500 or so.", "The limit is 500 at most."),
    ],
)
def test_changes_that_contradict_each_other_are_not_merged(theirs, mine):
    assert merge("The limit is 500.", theirs, mine) is None


words = st.sampled_from(["a", "b", "the", "limit", "\n", " ", ".", "é", "李", "A-1"])
texts = st.lists(words, max_size=25).map("".join)
free = st.text(max_size=40)


@given(st.one_of(texts, free), st.one_of(texts, free))
def test_the_text_of_the_only_one_who_changed_it_stands(base, changed):
    assert merge(base, changed, base) == changed
    assert merge(base, base, changed) == changed
    assert merge(base, changed, changed) == changed


@given(texts, texts, texts)
def test_who_saved_first_does_not_decide_whether_changes_agree(base, theirs, mine):
    assert (merge(base, theirs, mine) is None) == (merge(base, mine, theirs) is None)


lines = st.lists(st.text("abc ", min_size=1, max_size=8), min_size=6, max_size=12, unique=True)


@given(lines, st.data())
def test_changes_in_different_lines_are_all_kept(base, data):
    at = data.draw(st.permutations(range(len(base))).map(lambda order: sorted(order[:2])))
    assume(at[1] - at[0] > 1)
    theirs, mine = list(base), list(base)
    theirs[at[0]] = "THEIRS"
    mine[at[1]] = "MINE"

    both = list(theirs)
    both[at[1]] = "MINE"

    assert merge("\n".join(base), "\n".join(theirs), "\n".join(mine)) == "\n".join(both)


def new_words(base, text):
    return set(text.split()) - set(base.split())


@given(st.lists(st.sampled_from("abcdefgh"), max_size=8), st.data())
def test_a_merged_text_has_every_new_word_of_both(base, data):
    def changed(mark):
        edits = st.lists(st.integers(0, max(len(base) - 1, 0)), max_size=2)
        words = list(base)
        for place in data.draw(edits):
            words[place : place + 1] = [f"{mark}{place}"]
        return "\n".join(words)

    old, theirs, mine = "\n".join(base), changed("t"), changed("m")

    merged = merge(old, theirs, mine)

    if merged is not None:
        assert new_words(old, theirs) | new_words(old, mine) <= set(merged.split())


def test_two_changes_in_one_japanese_sentence_are_both_kept():
    merged = merge("安全性を評価する。", "安全性を検査する。", "新安全性を評価する。")

    assert merged == "新安全性を検査する。"


@pytest.mark.parametrize("line", ["a b\n", "[x](", "安全", "one two three four five\n"])
def test_long_texts_are_merged_in_bounded_time(line):
    base = line * (200_000 // len(line))

    started = time.process_time()
    merged = merge(base, "theirs\n" + base, base + "\nmine")

    assert time.process_time() - started < 4
    assert merged == "theirs\n" + base + "\nmine"
