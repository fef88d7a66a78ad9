"""What stays possible in a concluded group: the short list of docs/permissions.md, and nothing else."""

import json

import pytest
from django.db import transaction
from django.http import HttpResponse

from tests.matrix.conftest import Browsers
from tests.matrix.loading import Row, rows
from tests.matrix.test_matrix import code_of, send
from tests.world import World
from workinggroups.groups.choices import GroupState
from workinggroups.groups.models import Group
from workinggroups.groups.permissions import CONCLUDED

pytestmark = [pytest.mark.django_db, pytest.mark.sample(10)]

FAMILIES = {
    "attachments",
    "decisions",
    "deliverables",
    "discussion",
    "groups",
    "meetings",
    "meetings_in_progress",
}
PEOPLE = {"chair", "co_chair", "secretary", "editor", "member", "observer"}
# Acts of the matrix that a concluded group still allows, by whom where not by all; all others are
# refused. A new act stays here only with a reason of docs/permissions.md, "Concluded groups".
STAYS: dict[str, set[str] | None] = {
    # Finishing the minutes of meetings that were held (docs/adr/0038).
    "notes.edit": None,
    "notes.edit while open": None,
    "notes.settle": None,
    "notes.restore": None,
    "notes.import": None,
    "live.save notes": None,
    "minutes.offer": None,
    "minutes.take back": None,
    "minutes.approve": None,
    "minutes.unlock": None,
    "minutes.ask correction": None,
    "minutes.answer correction": None,
    "minutes.note correction": None,
    "minutes.ask for pdf": None,
    "series.ask for minutes pdf": None,
    "api.save notes": None,
    "api.ask correction": None,
    "api.ask for minutes pdf": None,
    # What somebody takes back or leaves of their own, or answers to a person who waits.
    "group.leave": None,
    "group.withdraw own request": None,
    "group invitation.decline": None,
    "group invitation.withdraw": None,
    "api.group invitation withdraw": None,
    "request.decline": None,
    "deliverable.release editor": {"editor"},
    "office.release": {"secretary"},
    "voter.remove": {"member"},
    # A meeting that will not take place should not stay in calendars.
    "meeting.cancel": None,
    "series.end": None,
    # Moderation, and erasing what people want erased.
    "post.hide": None,
    "post.show": None,
    "action.hide comment": None,
    "action.show comment": None,
    "recording.delete": None,
    "meeting.erase guest": None,
    # Staff.
    "group.choose address": None,
    "break-glass.enter": None,
    "break-glass.end": None,
    # What people read and hear.
    "thread.follow": None,
    "calendar.reset address": None,
    "api.notification read": None,
    # The people of the group are led to its page.
    "group.join": PEOPLE,
}
# Acts on no group that could conclude, the act itself, and one whose row sends nothing at all.
ELSEWHERE = {"group.create", "group.conclude", "api.attach"}
# Refused in another way: the API no longer finds the invitation; nobody may join, which says why.
OTHERWISE = {
    "api.group invitation accept": "N",
    "api.group invitation decline": "N",
    "group.join": "F",
}

ACTS = [
    pytest.param(row, kind, id=f"{row.family}-{row.row}".replace(" ", "_"))
    for row in rows()
    if row.is_due
    and row.method != "GET"
    and row.family in {*FAMILIES, "api"}
    and row.row not in ELSEWHERE
    for kind in [next((k for k, by in row.expect.items() if "2" in by.values()), None)]
    if kind is not None
]


def says_concluded(response: HttpResponse) -> bool:
    text = response.content.decode()
    if response["Content-Type"].endswith("json"):
        text = str(json.loads(text))
    return str(CONCLUDED) in text


def answer(world: World, browsers: Browsers, row: Row, kind: str, actor: str) -> str:
    """What the actor is answered once all groups have concluded, as the matrix writes it."""
    with transaction.atomic():
        Group.objects.update(state=GroupState.CONCLUDED)
        response = send(browsers.of(actor), world, row, kind)
        said = code_of(response, row)
        if said == "S" and says_concluded(response):
            said = "concluded"
        transaction.set_rollback(True)
    return said


@pytest.mark.parametrize(("row", "kind"), ACTS)
def test_a_concluded_group_refuses_every_act_but_those_listed(
    world: World, browsers: Browsers, row: Row, kind: str
) -> None:
    allowed = [actor for actor, code in row.expect[kind].items() if code == "2"]
    stays = STAYS.get(row.row, set())

    answers = {actor: answer(world, browsers, row, kind, actor) for actor in allowed}

    refused = OTHERWISE.get(row.row, "concluded")
    assert answers == {
        actor: "2" if stays is None or actor in stays else refused for actor in allowed
    }


FORMS = [
    pytest.param(row, kind, id=f"{row.family}-{row.row}".replace(" ", "_"))
    for row in rows()
    if row.is_due
    and row.method == "GET"
    and row.family in FAMILIES
    and row.row.endswith(" form")
    and row.row.removesuffix(" form") not in ELSEWHERE
    for kind in [next((k for k, by in row.expect.items() if "2" in by.values()), None)]
    if kind is not None
]


@pytest.mark.parametrize(("row", "kind"), FORMS)
def test_the_form_of_a_refused_act_says_so_at_once(
    world: World, browsers: Browsers, row: Row, kind: str
) -> None:
    allowed = [actor for actor, code in row.expect[kind].items() if code == "2"]
    stays = STAYS.get(row.row.removesuffix(" form"), set())

    answers = {actor: answer(world, browsers, row, kind, actor) for actor in allowed}

    refused = OTHERWISE.get(row.row.removesuffix(" form"), "concluded")
    assert answers == {
        actor: "2" if stays is None or actor in stays else refused for actor in allowed
    }


def test_every_act_that_stays_is_in_the_matrix() -> None:
    known = {row.row.removesuffix(" form") for row in rows()}
    assert {*STAYS, *ELSEWHERE, *OTHERWISE} <= known
