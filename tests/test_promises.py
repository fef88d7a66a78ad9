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
# Nobody can open a ballot before it has pages: only code, documents for developers and the rules of
# voting of a charter name it.
OF_BALLOTS = {
    ROOT / "alliance/celery.py",
    ROOT / "bench",
    ROOT / "docs/ballots.md",
    ROOT / "docs/glossary.md",
    ROOT / "docs/voting-rules.md",
    ROOT / "templates/groups/_voting_presets.html",
    ROOT / "workinggroups/decisions",
    ROOT / "workinggroups/groups/choices.py",
    ROOT / "workinggroups/groups/forms/voting.py",
    ROOT / "workinggroups/groups/voting_presets.py",
    ROOT / "workinggroups/groups/voting_words.py",
}

# A ballot, a comment by whoever has no account. That an organization has one vote is a rule, also
# for what is decided at meetings.
PROMISE = re.compile(
    r"\bballots?\b"
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


def test_nothing_promises_a_ballot_or_a_comment_without_an_account() -> None:
    samples = tuple(map(str, SAMPLES | OF_BALLOTS))
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
        "in ballots that count related organizations once, they share a vote",
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
