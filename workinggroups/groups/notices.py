"""What this room announces, to whom, and what each reader is shown of it at that moment."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.access import Level, Viewer
from common.web.clock import day_words
from members.people.models import Person
from notifications.actions import announce
from notifications.choices import Rhythm
from notifications.models import Event
from notifications.registry import Kind, Line, register
from workinggroups.groups.choices import OfficeKind, RequestState
from workinggroups.groups.models import (
    ActionItem,
    AdmissionRequest,
    BreakGlass,
    CharterVersion,
    Group,
)
from workinggroups.groups.permissions import can_see_people
from workinggroups.groups.queries import chairs_of, members_of, readers_of

GROUP_CREATED = "group_created"
ADMISSION_REQUESTED = "admission_requested"
ADMISSION_DECIDED = "admission_decided"
MEMBER_ADDED = "member_added"
MEMBER_JOINED = "member_joined"
OFFICE_GIVEN = "office_given"
CHAIR_HANDED_OVER = "chair_handed_over"
CHARTER_ADOPTED = "charter_adopted"
ACTION_ITEM_ASSIGNED = "action_item_assigned"
ACTION_ITEM_DUE = "action_item_due"
BREAK_GLASS_OPENED = "break_glass_opened"


def tell(
    kind: str, group: Group, cause: UUID | str, *, actor: Person | None, **ref: int | str
) -> None:
    """One event about the group, once for its cause (a record's or row's uuid)."""
    announce(
        kind=kind,
        dedupe_key=f"{kind}:{cause}",
        ref={"group": group.pk, **ref},
        actor=actor,
        scope_uuid=group.uuid,
    )


# --- audiences: people who may read it, at the moment of telling ------------------------------------


def the_chairs(event: Event) -> QuerySet[Person]:
    return chairs_of(event.ref["group"])


def the_members(event: Event) -> QuerySet[Person]:
    return members_of(event.ref["group"])


def the_person(event: Event) -> QuerySet[Person]:
    """The one it is about, as long as that person may know of the group."""
    group = Group.objects.get(pk=event.ref["group"])
    return readers_of(group.pk, group.card_level).filter(pk=event.ref["person"])


def the_person_and_chairs(event: Event) -> QuerySet[Person]:
    group = Group.objects.get(pk=event.ref["group"])
    chairs = chairs_of(group.pk).values("pk")
    return readers_of(group.pk, group.card_level).filter(
        Q(pk=event.ref["person"]) | Q(pk__in=chairs)
    )


def those_who_see_the_card(event: Event) -> QuerySet[Person]:
    """The alliance, or the members of a secret group; never applicants and strangers."""
    group = Group.objects.get(pk=event.ref["group"])
    return readers_of(group.pk, max(group.card_level, Level.ALLIANCE))


def the_owner(event: Event) -> QuerySet[Person]:
    """Whoever owns the item now and still reads it."""
    item = ActionItem.objects.open().filter(pk=event.ref["item"]).first()
    if item is None or item.owner_id is None:
        people: QuerySet[Person] = Person.objects.none()
        return people
    return readers_of(item.group_id, item.level).filter(pk=item.owner_id)


# --- lines: what one reader may see of it ---------------------------------------------------------

Worded = Callable[[Event, Group, Mapping[int, Any]], Line | None]


def lines_about_groups(
    word: Worded, *, people: bool = False, roster: bool = False
) -> Callable[[Iterable[Event], Viewer], dict[int, Line]]:
    """The lines of events about groups whose card the reader sees; `word` says each of them.

    `people` are fetched for it; `roster` keeps back who is in a group from those who may not know.
    """

    def lines(events: Iterable[Event], viewer: Viewer) -> dict[int, Line]:
        events = list(events)
        groups = Group.objects.visible_to(viewer).in_bulk([event.ref["group"] for event in events])
        if roster:
            groups = {pk: group for pk, group in groups.items() if can_see_people(viewer, group)}
        named: Mapping[int, Any] = {}
        if people:
            named = Person.objects.in_bulk([event.ref["person"] for event in events])
        worded = {
            event.pk: word(event, groups[event.ref["group"]], named)
            for event in events
            if event.ref["group"] in groups
        }
        return {pk: line for pk, line in worded.items() if line is not None}

    return lines


def _line(group: Group, title: str, why: str, url: str = "", detail: str = "") -> Line:
    return Line(
        title=title,
        url=url or group.get_absolute_url(),
        why=why,
        detail=detail,
        group_name=group.name,
        group_slug=group.slug,
    )


def _created(event: Event, group: Group, people: Mapping[int, Any]) -> Line:
    return _line(
        group,
        _("New group: %(group)s") % {"group": group},
        _("because you are in the alliance"),
        detail=group.purpose,
    )


def _joined(event: Event, group: Group, people: Mapping[int, Any]) -> Line | None:
    if event.ref["person"] not in people:
        return None
    return _line(
        group,
        _("%(person)s joined %(group)s") % {"person": people[event.ref["person"]], "group": group},
        _("because you chair the group"),
        reverse("group-people", args=[group.slug]),
    )


def _handed_over(event: Event, group: Group, people: Mapping[int, Any]) -> Line | None:
    if event.ref["person"] not in people:
        return None
    return _line(
        group,
        _("%(person)s chairs %(group)s now")
        % {"person": people[event.ref["person"]], "group": group},
        _("because you take part in the group"),
        reverse("group-people", args=[group.slug]),
    )


def _adopted(event: Event, group: Group, people: Mapping[int, Any]) -> Line:
    return _line(
        group,
        _("%(group)s adopted version %(number)s of its charter")
        % {"group": group, "number": event.ref["number"]},
        _("because you take part in the group"),
        reverse("group-charter", args=[group.slug]),
    )


def requested_lines(events: Iterable[Event], viewer: Viewer) -> dict[int, Line]:
    """For chairs, while the request waits: once answered it is nobody's task any more."""
    by_request = {event.ref["request"]: event for event in events}
    waiting = AdmissionRequest.objects.waiting().select_related("group", "person", "organization")
    return {
        by_request[request.pk].pk: _line(
            request.group,
            _("%(person)s asks to join %(group)s")
            % {"person": request.person, "group": request.group},
            _("because you chair the group"),
            reverse("group-people", args=[request.group.slug]),
            detail=str(request.organization or ""),
        )
        for request in waiting.filter(
            pk__in=by_request, group__in=viewer.chaired_ids | viewer.break_glass_ids
        )
    }


def decided_lines(events: Iterable[Event], viewer: Viewer) -> dict[int, Line]:
    by_request = {event.ref["request"]: event for event in events}
    own = AdmissionRequest.objects.filter(
        pk__in=by_request,
        person=viewer.person_id,
        group__in=Group.objects.visible_to(viewer),
    )
    return {
        by_request[request.pk].pk: _line(
            request.group,
            (
                _("You are in %(group)s")
                if request.state == RequestState.APPROVED
                else _("%(group)s declined your request to join")
            )
            % {"group": request.group},
            _("because you asked to join"),
            detail=request.reason,
        )
        for request in own.select_related("group")
    }


def added_lines(events: Iterable[Event], viewer: Viewer) -> dict[int, Line]:
    """To the person it says "you", to the chairs who it was."""
    events = list(events)
    groups = Group.objects.visible_to(viewer).in_bulk([event.ref["group"] for event in events])
    people = Person.objects.in_bulk([event.ref["person"] for event in events])
    lines = {}
    for event in events:
        group, person = groups.get(event.ref["group"]), people.get(event.ref["person"])
        if group is None or person is None:
            continue
        if person.pk == viewer.person_id:
            title = _("You were added to %(group)s") % {"group": group}
            why = _("because you take part in the group now")
        elif not can_see_people(viewer, group):
            continue
        else:
            title = _("%(person)s was added to %(group)s") % {"person": person, "group": group}
            why = _("because you chair the group")
        lines[event.pk] = _line(group, title, why, reverse("group-people", args=[group.slug]))
    return lines


def office_lines(events: Iterable[Event], viewer: Viewer) -> dict[int, Line]:
    events = list(events)
    groups = Group.objects.visible_to(viewer).in_bulk([event.ref["group"] for event in events])
    return {
        event.pk: _line(
            groups[event.ref["group"]],
            _("You are %(office)s of %(group)s now")
            % {
                "office": OfficeKind(event.ref["office"]).label.lower(),
                "group": groups[event.ref["group"]],
            },
            _("because the office was given to you"),
        )
        for event in events
        if event.ref["group"] in groups and event.ref["person"] == viewer.person_id
    }


def item_lines(word: str | Promise) -> Callable[[Iterable[Event], Viewer], dict[int, Line]]:
    """Lines of events about an open action item of the reader, in the words of `word`."""

    def lines(events: Iterable[Event], viewer: Viewer) -> dict[int, Line]:
        by_item: dict[int, list[Event]] = {}
        for event in events:
            by_item.setdefault(event.ref["item"], []).append(event)
        items = ActionItem.objects.visible_to(viewer).open().filter(owner=viewer.person_id)
        return {
            event.pk: Line(
                title=str(word) % {"text": item.text},
                url=reverse("action-item", args=[item.group.slug, item.number]),
                why=_("because it is yours"),
                detail=_("due %(day)s") % {"day": day_words(item.due_on, weekday=True)}
                if item.due_on
                else "",
                group_name=item.group.name,
                group_slug=item.group.slug,
                thread_key=f"action_item:{item.uuid}",
            )
            for item in items.filter(pk__in=by_item).select_related("group")
            for event in by_item[item.pk]
        }

    return lines


def opened_lines(events: Iterable[Event], viewer: Viewer) -> dict[int, Line]:
    by_opening = {event.ref["opening"]: event for event in events}
    opened = BreakGlass.objects.select_related("group", "person")
    return {
        by_opening[opening.pk].pk: _line(
            opening.group,
            _("%(person)s of staff opened %(group)s")
            % {"person": opening.person, "group": opening.group},
            _("because you chair the group"),
            detail=opening.reason,
        )
        for opening in opened.filter(pk__in=by_opening, group__in=viewer.chaired_ids)
    }


# --- announcing ------------------------------------------------------------------------------------


def charter_adopted(*, charter: CharterVersion, actor: Person) -> None:
    tell(CHARTER_ADOPTED, charter.group, charter.uuid, actor=actor, number=charter.number)


def register_kinds() -> None:
    chairing = gettext_lazy("Groups you chair")
    taking_part = gettext_lazy("Your groups")
    register(
        Kind(
            name=GROUP_CREATED,
            label=gettext_lazy("A new group begins"),
            topic=gettext_lazy("The alliance"),
            audience=those_who_see_the_card,
            lines=lines_about_groups(_created),
            default_rhythm=Rhythm.DIGEST,
        ),
        Kind(
            name=ADMISSION_REQUESTED,
            label=gettext_lazy("Somebody asks to join"),
            topic=chairing,
            audience=the_chairs,
            lines=requested_lines,
        ),
        Kind(
            name=MEMBER_JOINED,
            label=gettext_lazy("Somebody joins"),
            topic=chairing,
            audience=the_chairs,
            lines=lines_about_groups(_joined, people=True, roster=True),
            default_rhythm=Rhythm.DIGEST,
        ),
        Kind(
            name=BREAK_GLASS_OPENED,
            label=gettext_lazy("Staff opens your group"),
            topic=chairing,
            audience=the_chairs,
            lines=opened_lines,
            mandatory=True,
        ),
        Kind(
            name=ADMISSION_DECIDED,
            label=gettext_lazy("Your request to join is answered"),
            topic=taking_part,
            audience=the_person,
            lines=decided_lines,
            mandatory=True,
        ),
        Kind(
            name=MEMBER_ADDED,
            label=gettext_lazy("Somebody is added"),
            topic=taking_part,
            audience=the_person_and_chairs,
            lines=added_lines,
        ),
        Kind(
            name=OFFICE_GIVEN,
            label=gettext_lazy("You are given an office"),
            topic=taking_part,
            audience=the_person,
            lines=office_lines,
            mandatory=True,
        ),
        Kind(
            name=CHAIR_HANDED_OVER,
            label=gettext_lazy("The chair changes"),
            topic=taking_part,
            audience=the_members,
            lines=lines_about_groups(_handed_over, people=True),
        ),
        Kind(
            name=CHARTER_ADOPTED,
            label=gettext_lazy("The charter is adopted"),
            topic=taking_part,
            audience=the_members,
            lines=lines_about_groups(_adopted),
        ),
        Kind(
            name=ACTION_ITEM_ASSIGNED,
            label=gettext_lazy("An action item is yours"),
            topic=taking_part,
            audience=the_owner,
            lines=item_lines(gettext_lazy("Yours to do: %(text)s")),
        ),
        Kind(
            name=ACTION_ITEM_DUE,
            label=gettext_lazy("An action item is due"),
            topic=taking_part,
            audience=the_owner,
            lines=item_lines(gettext_lazy("Due soon: %(text)s")),
        ),
    )
