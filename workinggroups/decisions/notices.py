"""What the register announces: members of the group hear of each decision."""

from collections.abc import Iterable, Mapping

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.access import Viewer
from members.people.models import Person
from notifications.models import Event
from notifications.registry import Kind, Line, register
from workinggroups.decisions.models import Decision
from workinggroups.groups.queries import members_of, readers_of


def _audience(event: Event) -> "QuerySet[Person]":
    decision = Decision.objects.get(pk=event.ref["decision"])
    readers = readers_of(decision.group_id, decision.level)
    found: QuerySet[Person] = readers.filter(pk__in=members_of(decision.group_id).values("pk"))
    return found


def _lines(events: Iterable[Event], viewer: Viewer) -> Mapping[int, Line]:
    of_event = {event.pk: event.ref["decision"] for event in events}
    decisions = (
        Decision.objects.visible_to(viewer)
        .filter(pk__in=of_event.values())
        .select_related("group")
        .in_bulk()
    )
    return {
        event: Line(
            title=_("Decided: %(title)s") % {"title": decision.title},
            url=decision.get_absolute_url(),
            why=_("because you are in %(group)s") % {"group": decision.group.name},
            detail=_("D-%(number)d, %(method)s")
            % {"number": decision.number, "method": decision.get_method_display().lower()},
            group_name=decision.group.name,
            group_slug=decision.group.slug,
            thread_key=f"decision:{decision.uuid}",
        )
        for event, pk in of_event.items()
        if (decision := decisions.get(pk))
    }


def register_kinds() -> None:
    register(
        Kind(
            name="decision_recorded",
            label=gettext_lazy("A decision is recorded"),
            topic=gettext_lazy("Decisions"),
            audience=_audience,
            lines=_lines,
        )
    )
