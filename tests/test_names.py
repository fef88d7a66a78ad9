"""Names in the code are the standard terms of the field, not the words that this project used before.

Prose is not checked, and neither are names stored or published before, which stay as they are.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("alliance", "catalogue", "common", "demo", "members", "notifications", "workinggroups")

# Former words, with the standard term. A name has a word when its parts are the word's: `KeptTexts`
# has "kept_text", and `kept` has not.
FORMER = {
    "among": "in, any_of",
    "anew": "again",
    "as_viewer": "viewer_for",
    "announce": "notify",
    "announced": "notified",
    "bodies": "request_body",
    "can_come": "can_take_part",
    "desk": "portal, app shell",
    "door": "gateway",
    "doorbell": "wake_worker",
    "drawn": "rendered",
    "expand": "fan_out",
    "floor": "layer",
    "front_page": "landing_page",
    "hear": "is_recipient, is_notified",
    "heard": "was_notified",
    "house": "codebase",
    "hygiene": "input_text",
    "journal": "public site",
    "kept_page": "page_cache",
    "kept_text": "notes_conflict",
    "lately": "recently",
    "may_still_hear": "is_still_recipient",
    "member_required": "login_required",
    "mirror": "participation_breakdown",
    "nothing_yet": "empty_state",
    "notice": "notification",
    "oneself": "self",
    "outside": "external",
    "reach": "read_level, visibility",
    "rhythm": "frequency",
    "ring": "wake_worker",
    "roof": "project",
    "room": "app, space",
    "shelf": "catalogue_results",
    "slot": "param",
    "story": "provenance, scenario",
    "stranger": "anonymous, outsider",
    "tell": "notify",
    "telling": "notifying",
    "thing": "object",
    "told": "notified",
    "trail": "publication_history",
    "wall": "member_list",
    "walltime": "local_time",
    "ways_in": "eligible_affiliations",
    "whoever": "person",
    "worded": "rendered",
    "wording": "rendering",
}

# Former names of modules and templates. Inside a file the words have other meanings.
FORMER_FILES = {
    "acts": "audit_log",
    "card": "group_profile",
    "clock": "date_format",
    "found": "search_results",
    "ground": "common",
    "kept": "page_cache, form_recovery, notes_conflict",
    "lines": "content, markers",
    "parts": "fragment_cache",
    "prepared": "prepared_statements",
    "senders": "delivery_session",
    "stamp": "version_token",
    "together": "batch_rendering",
}

# Names that do not say what they name: a variable says what it holds, a function what it does.
VAGUE = {"variable": {"found", "made", "said"}, "function": {"held", "take"}}

# Names with a former word that stay, and why.
EXCEPTIONS = {
    "slots": "an argument of `dataclass`",
    "__slots__": "Python's own",
    "rhythm": "a stored name: a column of Preference and Notification",
    "thing_uuid": "a stored name: a column of Attachment",
    "thing": "a published name: a field of the API of attachments",
    "notice": "a stored name: the kind of the mail of one notification",
    "notices": "a stored name: the key in the payload of a digest",
    "competition_notice": "a stored name: which notice of competition law was read at a meeting",
    "NOTICE": "the notice of competition law",
    "legal-notice": "the notice of competition law",
    "CompetitionNotice": "the notice of competition law",
    "notice_days": "the notice of a meeting that a charter requires",
    "voting_notice_days": "the notice of a ballot that a charter requires",
    "NOTICE_MAX_DAYS": "the notice of a meeting that a charter requires",
    "announce_ballot": "a ballot is announced, on its page and in the record",
    "announced_at": "a ballot is announced, on its page and in the record",
    "ANNOUNCED": "a ballot is announced, on its page and in the record",
    "BallotAnnounced": "a ballot is announced, on its page and in the record",
    "reach_milestone": "a milestone is reached, on its page and in the record",
}
# Files with one, and why.
EXCEPTED_FILES = {
    "demo/clock.py": "the clock of the demonstration is set back",
    "templates/emails/notice": "a stored name: the kind of these mails",
}

PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
LOOKUP = re.compile(r"(?<=\w)__(?=\w)")
TAG = re.compile(r"\{[{%](.*?)[%}]\}", re.DOTALL)
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
WORD = re.compile(r"[A-Za-z_]\w*")
CLASSES = re.compile(r"\bclass=\"([^\"]*)\"")
CSS_CLASS = re.compile(r"\.([a-z][\w-]*)")

# Its line, the name and, of some, what it names.
Name = tuple[int, str, str]


def test_names_in_python_are_standard_terms() -> None:
    wrong = [fault for file, names in python_names().items() for fault in faults(file, names)]

    assert wrong == []


def test_variables_and_functions_say_what_they_are() -> None:
    wrong = [
        f"{file}:{line}:{name}"
        for file, names in python_names().items()
        for line, name, kind in names
        if name in VAGUE.get(kind, ())
    ]

    assert wrong == []


def test_names_in_templates_and_styles_are_standard_terms() -> None:
    wrong = [fault for file, names in markup_names().items() for fault in faults(file, names)]

    assert wrong == []


def test_files_are_named_by_standard_terms() -> None:
    wrong = []
    for file in [*python_names(), *markup_names()]:
        parts = [part.split(".")[0].strip("_") for part in file.parts]
        excepted = any(file.as_posix().startswith(each) for each in EXCEPTED_FILES)
        if not excepted and any(
            each in FORMER_FILES or FORMER.keys() & terms(each) for each in parts
        ):
            wrong.append(str(file))

    assert wrong == []


def test_a_former_word_is_found_as_a_part_of_a_name() -> None:
    assert is_former("show_KeptTexts")
    assert is_former("event__room__in")
    assert not is_former("kept")
    assert not is_former("bedroom")
    assert not is_former("preference__rhythm")


def test_each_exception_is_still_needed() -> None:
    names = {name for each in python_names().values() for _line, name, _kind in each}
    names |= {name for each in markup_names().values() for _line, name, _kind in each}
    names = {part for name in names for part in LOOKUP.split(name)}

    assert [each for each in EXCEPTIONS if each not in names] == []
    assert [each for each in EXCEPTED_FILES if not (ROOT / each).exists()] == []


def files_of(folder: str, pattern: str) -> list[Path]:
    return sorted(file.relative_to(ROOT) for file in (ROOT / folder).rglob(pattern))


def faults(file: Path, names: Iterable[Name]) -> list[str]:
    """Return file, line and name of each of these names that has a former word."""
    return [f"{file}:{line}:{name}" for line, name, _kind in names if is_former(name)]


@cache
def is_former(name: str) -> bool:
    # A lookup such as `notifications__rhythm` holds several names.
    return any(
        each not in EXCEPTIONS and FORMER.keys() & terms(each) for each in LOOKUP.split(name)
    )


@cache
def terms(name: str) -> frozenset[str]:
    """Return the parts of a name, singly and up to four together, also without an "s" at the end."""
    parts = [part.lower() for part in PART.findall(name)]
    runs = {"_".join(parts[at : at + size]) for at in range(len(parts)) for size in range(1, 5)}
    return frozenset(runs | {run.removesuffix("s") for run in runs})


@cache
def python_names() -> dict[Path, list[Name]]:
    """The names of each module of the product."""
    files = [file for app in APPS for file in files_of(app, "*.py")]
    return {
        file: list(names_in_module(ast.parse((ROOT / file).read_bytes())))
        for file in files
        if "migrations" not in file.parts
    }


@cache
def markup_names() -> dict[Path, list[Name]]:
    """The names of each template and style sheet."""
    names = {
        file: list(names_in_template((ROOT / file).read_text("utf-8")))
        for file in files_of("templates", "*.*")
    }
    for file in files_of("static/css", "*.css"):
        names[file] = list(names_in_style((ROOT / file).read_text("utf-8")))
    return names


def names_in_module(tree: ast.Module) -> Iterator[Name]:
    """Yield the names that a module defines, passes by keyword, or has as keys of a dictionary."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield node.lineno, node.name, "function" if node in tree.body else "method"
            case ast.ClassDef():
                yield node.lineno, node.name, "class"
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield node.lineno, name, "variable"
            case ast.Attribute(attr=name, ctx=ast.Store()) | ast.keyword(arg=str(name)):
                yield node.lineno, name, ""
            case ast.alias(asname=str(name)):
                yield node.lineno, name, ""
            case ast.Dict():
                for key in node.keys:
                    if isinstance(key, ast.Constant) and str(key.value).isidentifier():
                        yield key.lineno, str(key.value), ""


def names_in_template(source: str) -> Iterator[Name]:
    """Yield the names in the tags of a template, and its CSS classes."""
    for tag in TAG.finditer(source):
        for name in WORD.findall(QUOTED.sub(" ", tag[1])):
            yield line_of(source, tag.start()), name, ""
    markup = TAG.sub(lambda tag: " " + "\n" * tag[0].count("\n"), source)
    for classes in CLASSES.finditer(markup):
        for name in classes[1].split():
            yield line_of(markup, classes.start()), name, ""


def names_in_style(source: str) -> Iterator[Name]:
    """Yield the CSS classes of a style sheet."""
    for match in CSS_CLASS.finditer(source):
        yield line_of(source, match.start()), match[1], ""


def line_of(source: str, offset: int) -> int:
    return source.count("\n", 0, offset) + 1
