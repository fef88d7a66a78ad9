"""Groups, and what a person is in them."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from common.access import Level
from common.text.rendered import html_fields
from common.times import between, since
from common.vocabulary.models import FocusArea
from members.organizations.models import Affiliation, Organization
from members.people.models import Person
from tests.factories.people import person
from tests.factories.times import ago
from workinggroups.groups.choices import FORM_WITH_VOTING_RULES
from workinggroups.groups.models import (
    ActionItem,
    ActionItemComment,
    AdmissionRequest,
    BreakGlass,
    CharterVersion,
    Group,
    GroupInvitation,
    Milestone,
    Office,
    Participation,
    VotingRepresentative,
)

_numbers = count(1)

# The presets of docs/permissions.md, as (listing, admission, content).
PRESETS = {
    "open": ("public", "open", "alliance"),
    "listed": ("public", "request", "members"),
    "closed": ("alliance", "request", "members"),
    "secret": ("members", "invitation", "members"),
}


def group(
    name: str = "", *, preset: str = "listed", chair: Person | None = None, **fields: Any
) -> Group:
    """An active group of a preset; `chair` gets a seat and the office."""
    name = name or f"Group {next(_numbers)}"
    listing, admission, content = PRESETS[preset]
    made = Group.objects.create(
        **{
            "name": name,
            "slug": slugify(name),
            "purpose": "We write shared tests that anyone can repeat.",
            "focus_area": FocusArea.objects.first(),
            "listing": listing,
            "admission": admission,
            "content": content,
            "state": "active",
            **fields,
        }
    )
    if chair is not None:
        seat(made, chair, office="chair")
    return made


def seat(
    where: Group,
    somebody: Person,
    *,
    level: str = "participant",
    organization: Organization | None = None,
    office: str = "",
    **fields: Any,
) -> Participation:
    """The person takes part since two weeks, on behalf of its organization if it has just one."""
    if organization is None and level != "expert":
        own = Affiliation.objects.current().filter(person=somebody)[:2]
        organization = own[0].organization if len(own) == 1 else None
    made = Participation.objects.create(
        group=where,
        person=somebody,
        organization=organization,
        level=level,
        **{"during": since(ago(days=14)), **fields},
    )
    if office:
        give_office(where, somebody, office)
    return made


def office(where: Group, somebody: Person, kind: str = "chair", **fields: Any) -> Office:
    """The person holds the office since two weeks; it needs a seat to act."""
    return Office.objects.create(
        group=where, person=somebody, office=kind, **{"during": since(ago(days=14)), **fields}
    )


give_office = office  # `seat` takes an argument of that name


def charter(where: Group, *, state: str = "adopted", **fields: Any) -> CharterVersion:
    """The group's next charter version, in force or a draft."""
    author = fields.pop("author", None) or person()
    adopted = {"during": since(ago(days=10)), "adopted_by": author} if state == "adopted" else {}
    if fields.get("form", FORM_WITH_VOTING_RULES) < FORM_WITH_VOTING_RULES:
        fields.setdefault("voting", {})
    return CharterVersion.objects.create(
        group=where,
        author=author,
        state=state,
        **{
            "number": where.charters.count() + 1,
            "source": "## Scope\n\nShared tests.",
            **html_fields("<h2>Scope</h2><p>Shared tests.</p>"),
            **adopted,
            **fields,
        },
    )


def admission_request(where: Group, somebody: Person, **fields: Any) -> AdmissionRequest:
    """The person waits for the chairs' answer."""
    own = Affiliation.objects.current().filter(person=somebody).first()
    return AdmissionRequest.objects.create(
        group=where,
        person=somebody,
        **{"organization": own.organization if own else None, **fields},
    )


def group_invitation(where: Group, address: str, by: Person, **fields: Any) -> GroupInvitation:
    """The address may answer for a month."""
    return GroupInvitation.objects.create(
        group=where, address=address, invited_by=by, **{"expires_at": ago(days=-30), **fields}
    )


def action_item(where: Group, *, owners: Sequence[Person] = (), **fields: Any) -> ActionItem:
    """Something to be done in the group, for its members to read; `owner` is a single owner."""
    item = _action_item(where, **({"owner": owners[0]} if owners else {}), **fields)
    for position, somebody in enumerate(owners[1:], start=1):
        item.ownerships.create(person=somebody, position=position)
    return item


def _action_item(where: Group, **fields: Any) -> ActionItem:
    return ActionItem.objects.create(
        group=where,
        **{
            "number": ActionItem.objects.filter(group=where).count() + 1,
            "text": "Write the test plan",
            "level": Level.MEMBERS,
            "created_by": fields.get("owner") or person(),
            **fields,
        },
    )


def action_item_comment(item: ActionItem, **fields: Any) -> ActionItemComment:
    """The next comment on the item."""
    return ActionItemComment.objects.create(
        item=item,
        group=item.group,
        level=item.level,
        **{
            "number": item.comments.count() + 1,
            "author": fields.get("author") or person(),
            "source": "I asked them.",
            **html_fields("<p>I asked them.</p>"),
            **fields,
        },
    )


def milestone(where: Group, title: str = "First release", **fields: Any) -> Milestone:
    return Milestone.objects.create(
        group=where,
        title=title,
        **{
            "level": where.content_level,
            "due_on": timezone.localdate() + timedelta(days=60),
            **fields,
        },
    )


def break_glass(where: Group, somebody: Person, **fields: Any) -> BreakGlass:
    """Staff opened the group five minutes ago, for half an hour."""
    return BreakGlass.objects.create(
        group=where,
        person=somebody,
        **{
            "reason": "A complaint that names a post here.",
            "during": between(ago(minutes=5), ago(minutes=-25)),
            **fields,
        },
    )


def voter(
    where: Group, somebody: Person, organization: Organization, role: str = "primary", **fields: Any
) -> VotingRepresentative:
    """The person is named to vote for the organization in the group since a week."""
    return VotingRepresentative.objects.create(
        group=where,
        person=somebody,
        organization=organization,
        role=role,
        named_by=fields.pop("named_by", somebody),
        **{"during": since(ago(days=7)), **fields},
    )
