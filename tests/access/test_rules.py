"""Rules: one predicate, asked as a question or required, with the sentence of its refusal."""

import re
from importlib import import_module
from inspect import signature
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from django.utils.translation import gettext_lazy

from common.access import ANONYMOUS, Viewer
from common.access.rules import Rule, rule
from common.errors import NotAllowed, WrongState
from members.organizations.models import Organization
from workinggroups.attachments.places import Place
from workinggroups.groups.models import Group, GroupInvitation, VotingRepresentative
from workinggroups.meetings.models import Meeting

ROOT = Path(__file__).parents[2]

# The apps whose refusals are all rules.
APPS = [
    "members.people",
    "members.organizations",
    "members.onboarding",
    "workinggroups.groups",
    "workinggroups.attachments",
    "workinggroups.meetings",
    "workinggroups.discussion",
    "workinggroups.decisions",
    "workinggroups.deliverables",
    "catalogue",
    "alliance.portal",
]

PLACE = Place(
    kind="meeting",
    uuid=UUID(int=0),
    group=Group(),
    level=0,
    tab="meetings",
    title="",
    url="",
    can_attach=False,
    can_remove_others=False,
    refusal="Only its writers add files.",
    closed="",
    recorded_of=Meeting(),
)
# What a refusal may look at; one that says the same to everybody takes anything.
EXAMPLES: dict[Any, Any] = {
    Viewer: ANONYMOUS,
    Group: Group(),
    Organization: Organization(),
    GroupInvitation: GroupInvitation(),
    VotingRepresentative: VotingRepresentative(group=Group(), organization=Organization()),
    Meeting: Meeting(),
    Place: PLACE,
}


def why_not_sit(viewer: Viewer, chairs: int) -> str:
    return "All chairs are taken." if chairs == 0 else "Sign in first."


@rule(why_not_sit)
def can_sit(viewer: Viewer, chairs: int) -> bool:
    return not viewer.is_anonymous and chairs > 0


@rule("Only people can sit.", closed=lambda viewer, chairs: "" if chairs else "It is closed.")
def can_sit_late(viewer: Viewer, chairs: int) -> bool:
    return not viewer.is_anonymous


def test_what_is_closed_to_everybody_is_another_refusal_than_a_missing_right() -> None:
    known = Viewer(person_id=1)

    assert can_sit_late(known, 1)
    assert not can_sit_late(known, 0)
    assert can_sit_late.gives_right(known, 0)
    with pytest.raises(WrongState, match="It is closed"):
        can_sit_late.require(known, 0)
    with pytest.raises(NotAllowed, match="Only people can sit"):
        can_sit_late.require(ANONYMOUS, 0)


@rule(gettext_lazy("Only staff stand."))
def can_stand(viewer: Viewer) -> bool:
    """Whoever works here."""
    return viewer.is_staff


def test_a_rule_answers_like_the_function_it_was_made_of() -> None:
    assert can_stand(Viewer(person_id=1, is_staff=True)) is True
    assert can_stand(ANONYMOUS) is False
    assert (can_stand.__name__, can_stand.__doc__) == ("can_stand", "Whoever works here.")


def test_requiring_a_rule_says_nothing_to_somebody_allowed() -> None:
    can_sit.require(Viewer(person_id=1), 2)


def test_requiring_a_rule_tells_others_its_sentence() -> None:
    with pytest.raises(NotAllowed, match=r"^Only staff stand\.$"):
        can_stand.require(ANONYMOUS)


def test_a_refusal_can_depend_on_what_was_asked() -> None:
    assert can_sit.refusal(Viewer(person_id=1), 0) == "All chairs are taken."
    with pytest.raises(NotAllowed, match=r"^Sign in first\.$"):
        can_sit.require(ANONYMOUS, chairs=2)


@pytest.mark.parametrize("app", APPS)
def test_every_rule_has_a_sentence_for_the_refused(app: str) -> None:
    for name, found in _rules_of(app).items():
        asked = {
            parameter.name: EXAMPLES.get(parameter.annotation)
            for parameter in signature(found).parameters.values()
        }
        sentence = found.refusal(**asked)
        assert sentence[:1].isupper(), name
        assert sentence.endswith("."), name


@pytest.mark.parametrize("app", APPS)
def test_all_that_actions_and_pages_require_are_rules(app: str) -> None:
    rules = {name for one in APPS for name in _rules_of(one)}

    required = {
        name
        for file in ROOT.joinpath(*app.split(".")).rglob("*.py")
        for name in re.findall(r"\b(can_\w+)\.require\(", file.read_text())
    }

    assert required
    assert required <= rules


def _rules_of(app: str) -> dict[str, Rule[Any]]:
    """The rules that the app's modules of permissions write down, by name."""
    files = sorted(ROOT.joinpath(*app.split(".")).glob("*permissions.py"))
    modules: list[ModuleType] = [import_module(f"{app}.{file.stem}") for file in files]
    return {
        name: found
        for module in modules
        for name, found in vars(module).items()
        if isinstance(found, Rule)
    }
