"""What chairs and staff read by the API of openings and of mail."""

from collections.abc import Callable

from common.mail.pauses import hold
from members.people.models import Person
from tests import factories
from tests.api.conftest import Api
from workinggroups.groups.models import BreakGlassRead, Group


def test_chairs_read_when_staff_opened_the_group_and_what_was_read(
    group: Group, chair: Person, staff: Person, api_of: Callable[..., Api]
) -> None:
    opening = factories.break_glass(group, staff)
    BreakGlassRead.objects.create(opening=opening, address="/groups/x/")

    found = api_of(chair).get(f"groups/{group.slug}/openings/").json()["results"]

    assert [(one["person"]["name"], one["reason"]) for one in found] == [
        (staff.name, opening.reason)
    ]
    assert [read["address"] for read in found[0]["reads"]] == ["/groups/x/"]
    assert found[0]["opened_at"] < found[0]["closes_at"]


def test_staff_read_whether_mail_is_held(staff: Person, api_of: Callable[..., Api]) -> None:
    api = api_of(staff)
    assert api.get("mail-delivery/").json()["held_since"] is None

    hold()

    answer = api.get("mail-delivery/").json()
    assert answer["held_since"]
    assert answer["held_mails"] == 1  # about the token that asks
    assert answer["counts"]["failed"] == 0


def test_an_invitation_is_sent_listed_and_accepted_by_the_api(
    group: Group, chair: Person, outsider: Person, api_of: Callable[..., Api]
) -> None:
    sent = api_of(chair).post(f"groups/{group.slug}/invitations/", {"address": outsider.email})
    assert sent.status_code == 201
    listed = api_of(chair).get(f"groups/{group.slug}/invitations/").json()["results"]
    assert listed == [sent.json()]

    own = api_of(outsider).get("group-invitations/").json()["results"]
    accepted = api_of(outsider).post(f"group-invitations/{own[0]['uuid']}/accept/")

    assert accepted.json() == {"outcome": "joined"}
    assert group.seats.get(person=outsider).level == "participant"
    assert api_of(chair).get(f"groups/{group.slug}/invitations/").json()["results"] == []
