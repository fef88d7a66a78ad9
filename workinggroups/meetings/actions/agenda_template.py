"""The template of a series: the items with which each of its agendas begins.

An agenda is its own from the first change, from being posted, or from shortly before it is due
(`begin_due_agendas`). Until then it follows the template; afterwards the template changes nothing.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NotRequired, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Invalid, WrongState
from common.text.rendered import copied_html_fields
from members.people.models import Person
from workinggroups.groups.actions.guards import require_running
from workinggroups.groups.models import Office
from workinggroups.groups.queries import members_of
from workinggroups.meetings import queries
from workinggroups.meetings.actions.agenda_points import point_columns, renumber
from workinggroups.meetings.actions.locking import lock_meeting, refuse_cancelled, touch
from workinggroups.meetings.choices import AGENDA_TEMPLATE_MAX_ITEMS
from workinggroups.meetings.models import AgendaItem, Meeting, MeetingSeries, TemplateItem
from workinggroups.meetings.permissions import can_edit_meeting, can_plan_meeting

COPIED = ("title", "minutes", "goal", "source")


class TemplateDetails(TypedDict):
    """What an item of a template says; `office` is that of its presenter. `text` is Markdown."""

    title: str
    goal: NotRequired[str]
    minutes: NotRequired[int | None]
    office: NotRequired[str]
    text: NotRequired[str]


@transaction.atomic
def add_template_items(
    *, actor: Person, series: MeetingSeries, items: Sequence[TemplateDetails]
) -> list[TemplateItem]:
    """Add these items, in order, at the end of the template.

    Locks the series. Raises NotAllowed, WrongState for a series that has ended, and Invalid for more
    items than a template can have.
    """
    columns = [point_columns(details) for details in items]
    series = _lock_open(actor, series)
    return _append(series, [TemplateItem(**each) for each in columns])


@transaction.atomic
def change_template_item(
    *, actor: Person, item: TemplateItem, **details: Unpack[TemplateDetails]
) -> TemplateItem:
    """Change these details of an item of a template; it keeps its place."""
    columns = point_columns(details)
    item = _current(_lock_open(actor, item.series), item)
    for name, value in columns.items():
        setattr(item, name, value)
    item.save(update_fields=columns.keys())
    return item


@transaction.atomic
def move_template_item(*, actor: Person, item: TemplateItem, places: int) -> None:
    """Move the item down by `places`, or up where negative, at most to the end of the template."""
    series = _lock_open(actor, item.series)
    item = _current(series, item)
    order = list(series.template.all())
    at = order.index(item)
    order.insert(max(at + places, 0), order.pop(at))
    renumber(order)


@transaction.atomic
def remove_template_item(*, actor: Person, item: TemplateItem) -> None:
    """Remove the item; the items after it move up."""
    series = _lock_open(actor, item.series)
    _current(series, item).delete()
    renumber(list(series.template.all()))


@transaction.atomic
def make_template(*, actor: Person, meeting: Meeting) -> list[TemplateItem]:
    """Make the agenda of this meeting the template of its series, which has none yet.

    Presenters are left out, since they are people and no offices.
    """
    if meeting.series is None:
        raise WrongState(_("This meeting belongs to no series."))
    series = _lock_open(actor, meeting.series)
    if series.template.exists():
        raise WrongState(_("This series already has an agenda template. Edit that instead."))
    agenda = meeting.agenda.order_by("position")[:AGENDA_TEMPLATE_MAX_ITEMS]
    return _append(series, [TemplateItem(**_copied(item)) for item in agenda])


@transaction.atomic
def begin_with_template(*, actor: Person, meeting: Meeting) -> Meeting:
    """Begin the agenda with the template of the series now, so that it can be changed by itself."""
    meeting = lock_meeting(meeting)
    can_edit_meeting.require(viewer_for(actor.pk), meeting)
    refuse_cancelled(meeting)
    if meeting.is_over:
        raise WrongState(_("This meeting is over. Add what it dealt with to its notes."))
    begin_agenda(meeting)
    touch(meeting)
    return meeting


def copy_template(source: MeetingSeries, target: MeetingSeries) -> None:
    """Let a series that goes on with another have its template. The caller has locked the group."""
    _append(
        target,
        [TemplateItem(**_copied(item), office=item.office) for item in source.template.all()],
    )


def begin_due_agendas() -> int:
    """Begin the agendas that are nearly due with their template; return how many.

    Called by a periodic task, so that a meeting whose officers did nothing has its usual agenda.
    Two runs at once begin none twice.
    """
    begun = 0
    for meeting in queries.agendas_to_begin(timezone.now()).only("pk"):
        with transaction.atomic():
            locked = lock_meeting(meeting)
            if locked.agenda_begun_at is None and not locked.is_cancelled:
                begin_agenda(locked)
                touch(locked)
                begun += 1
    return begun


def begin_agenda(meeting: Meeting) -> None:
    """Let the agenda be its own from now on, with the items of the template.

    Does nothing for an agenda that has begun. A meeting that is over takes no template. The caller
    has locked the meeting, and saves its new version.
    """
    if meeting.agenda_begun_at is not None:
        return
    meeting.agenda_begun_at = timezone.now()
    meeting.save(update_fields=["agenda_begun_at"])
    if meeting.is_over:
        return
    template = list(TemplateItem.objects.filter(series=meeting.series_id))
    presenters = _presenters(meeting.group_id) if any(item.office for item in template) else {}
    AgendaItem.objects.bulk_create(
        AgendaItem(
            meeting=meeting,
            position=position,
            presenter=presenters.get(item.office),
            is_from_template=True,
            **_copied(item),
        )
        for position, item in enumerate(template, start=1)
    )


def _presenters(group_id: int) -> dict[str, Person]:
    """Return the people by the office which they alone hold in the group now."""
    by_office: dict[str, set[Person]] = defaultdict(set)
    holders = Office.objects.current().filter(group=group_id, person__in=members_of(group_id))
    for office in holders.select_related("person"):
        by_office[office.office].add(office.person)
    return {office: next(iter(people)) for office, people in by_office.items() if len(people) == 1}


def _copied(item: AgendaItem | TemplateItem) -> dict[str, object]:
    return {**{name: getattr(item, name) for name in COPIED}, **copied_html_fields(item)}


def _append(series: MeetingSeries, items: Sequence[TemplateItem]) -> list[TemplateItem]:
    count = series.template.count()
    if count + len(items) > AGENDA_TEMPLATE_MAX_ITEMS:
        message = _("A template can have at most %(count)d items. Combine some of them.")
        raise Invalid(message % {"count": AGENDA_TEMPLATE_MAX_ITEMS}, "title")
    for position, item in enumerate(items, start=count + 1):
        item.series, item.position = series, position
    return TemplateItem.objects.bulk_create(items)


def _lock_open(actor: Person, series: MeetingSeries) -> MeetingSeries:
    """Lock the series; return it if the actor can change its template now."""
    rows = MeetingSeries.objects.select_for_update(of=("self",), no_key=True)
    current: MeetingSeries = rows.select_related("group").get(pk=series.pk)
    can_plan_meeting.require(viewer_for(actor.pk), current.group)
    require_running(current.group)
    if current.is_ended:
        raise WrongState(_("This series has ended, so its agenda template can no longer change."))
    return current


def _current(series: MeetingSeries, item: TemplateItem) -> TemplateItem:
    """Return the item as it is now. Raises WrongState when it was removed in the meantime."""
    current: TemplateItem | None = series.template.filter(pk=item.pk).first()
    if current is None:
        raise WrongState(_("Someone removed this item from the template in the meantime."))
    return current
