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
