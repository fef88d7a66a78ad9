"""What the register announces: members of the group hear of each decision."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.people.models import Person
from notifications.about import SharedLines
from notifications.models import Event
from notifications.registry import Kind, Line, register
from workinggroups.decisions.models import Decision
from workinggroups.groups.notices import line_in
from workinggroups.groups.queries import members_reading


def _audience(event: Event) -> QuerySet[Person]:
    return members_reading(Decision.objects.filter(pk=event.ref["decision"]).first())


def _told() -> QuerySet[Decision]:
    decisions: QuerySet[Decision] = Decision.objects.select_related("group")
    return decisions


def _words(decision: Decision, event: Event, zone: str) -> Line:
    return line_in(
        decision.group,
        title=_("Decided: %(title)s") % {"title": decision.title},
        url=decision.get_absolute_url(),
        detail=_("D-%(number)d, %(method)s")
        % {"number": decision.number, "method": decision.get_method_display().lower()},
        thread_key=f"decision:{decision.uuid}",
        subject=decision.title,
    )


def register_kinds() -> None:
    register(
        Kind(
            name="decision_recorded",
            label=gettext_lazy("A decision is recorded"),
            topic=gettext_lazy("Decisions"),
            audience=_audience,
            lines=SharedLines("decision", _told, _words),
        )
    )
