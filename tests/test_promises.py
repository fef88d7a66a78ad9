"""No page, mail, demonstration text or document promises what the platform does not do yet."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CODE = (
    "alliance",
    "bench",
    "catalogue",
    "common",
    "demo",
    "members",
    "notifications",
    "workinggroups",
)
# The page for whoever works on the theme, which only a development server has.
SAMPLES = {ROOT / "templates/portal/components.html", ROOT / "common/ui/states.py"}
# Charters have rules of voting before there are ballots: they say what counts, and promise none.
RULES_OF_VOTING = {
    ROOT / "docs/glossary.md",
    ROOT / "docs/voting-rules.md",
    ROOT / "templates/groups/_voting_presets.html",
    ROOT / "workinggroups/decisions/counting_words.py",
    ROOT / "workinggroups/groups/choices.py",
    ROOT / "workinggroups/groups/voting_forms.py",
    ROOT / "workinggroups/groups/voting_presets.py",
    ROOT / "workinggroups/groups/voting_words.py",
}

# A ballot, a vote of one's own, a comment by whoever has no account. How a decision was counted at
# a meeting is no promise: "more than half of the votes cast".
PROMISE = re.compile(
    r"\bone vote\b|\bvotes? each\b|\bshares? (?:a|one) vote\b|\bballots?\b"
    r"|\bcasts? (?:\w+'?s? ){0,3}votes?\b|\b(?:its|your|their|organization's|member's) votes?\b"
    r"|\b(?:can|may|to|and) (?:\w+,? ){0,2}vote\b(?! against)"
    r"|\bcomments? (?:\w+ )?(?:on,? )?(?:without|with no) (?:an )?account\b"
    r"|\bpublic comments?\b|\b(?:anyone|anybody|everybody) (?:can|may) comment\b",
    re.IGNORECASE,
)


def texts() -> Iterator[tuple[str, str]]:
    """Where each text that somebody may read is, and its words on one line."""
    files = [*(ROOT / "templates").rglob("*"), *(ROOT / "demo/tables").rglob("*")]
    files += [
        ROOT / "README.md",
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "static/js").rglob("*.js"),
    ]
    for path in files:
        if path.is_file() and path.suffix in {".html", ".txt", ".md", ".csv", ".js"}:
            yield str(path), path.read_text(encoding="utf-8")
    for folder in CODE:
        for path in (ROOT / folder).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for literal in _literals(tree):
                yield f"{path}:{literal.lineno}", str(literal.value)


def _literals(tree: ast.Module) -> Iterator[ast.Constant]:
    """All texts of a module but its docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node


def test_nothing_promises_a_vote_or_a_comment_without_an_account() -> None:
    samples = tuple(map(str, SAMPLES | RULES_OF_VOTING))
    found = [
        f"{place.removeprefix(f'{ROOT}/')}: {promise[0]}"
        for place, text in texts()
        if not place.startswith(samples)
        for promise in PROMISE.finditer(" ".join(text.split()))
    ]

    assert found == []


@pytest.mark.parametrize(
    "promise",
    [
        "in which each organization has one vote",
        "A square each, a vote each.",
        "Cast its one vote on what groups publish",
        "in ballots that count related organizations once, they share a vote",
        "Your people can join groups, meet and vote.",
        "Name one, so that its vote is not lost.",
        "Anyone can comment on drafts.",
        "You may comment without an account.",
        "It is free to read and to comment on, with no account.",
    ],
)
def test_a_promise_is_recognized(promise: str) -> None:
    assert PROMISE.search(promise)


@pytest.mark.parametrize(
    "words", ["Majority of votes cast", "12 for, 3 against", "Read it with no account."]
)
def test_counts_and_free_reading_are_no_promises(words: str) -> None:
    assert not PROMISE.search(words)
