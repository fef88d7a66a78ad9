"""The agenda of a meeting."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import (
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.utils import timezone

from common.prepared_statements import prepared
from common.text.figures import Picture, with_figures
from workinggroups.groups.choices import NOTICE_MAX_DAYS, GroupState
from workinggroups.groups.models import CharterVersion
from workinggroups.meetings.choices import (
    AGENDA_REMINDER_AFTER_MINUTES,
    AGENDA_REMINDER_DAYS,
    MeetingState,
)
from workinggroups.meetings.models import AgendaItem, Meeting, Paper, TemplateItem
from workinggroups.meetings.papers import ShownPaper


def with_agenda_due(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Annotate `notice_days`, by the charter in force at the start, and `due_at`, of the agenda.

    Both are None where the charter asks for no notice.
    """
    charters = CharterVersion.objects.filter(group=OuterRef("group"))
    in_force = charters.in_force_at(OuterRef("starts_at")).values("notice_days")[:1]
    days = ExpressionWrapper(
        F("notice_days") * Value(timedelta(days=1)), output_field=DurationField()
    )
    due = ExpressionWrapper(F("starts_at") - days, output_field=DateTimeField())
    return meetings.annotate(notice_days=Subquery(in_force)).annotate(due_at=due)


def agendas_to_begin(now: datetime) -> QuerySet[Meeting]:
    """Return the meetings whose agenda is nearly due, has not begun and has a template."""
    coming = Meeting.objects.filter(
        Exists(TemplateItem.objects.filter(series=OuterRef("series"))),
        state=MeetingState.PLANNED,
        agenda_begun_at=None,
        starts_at__gt=now,
        starts_at__lte=now + timedelta(days=NOTICE_MAX_DAYS + AGENDA_REMINDER_DAYS),
    )
    soon = now + timedelta(days=AGENDA_REMINDER_DAYS)
    return with_agenda_due(coming).filter(Q(starts_at__lte=soon) | Q(due_at__lte=soon))


@dataclass(frozen=True)
class MissingAgenda:
    """The agenda of a coming meeting is empty, and due at this moment."""

    due_at: datetime

    @property
    def is_late(self) -> bool:
        return self.due_at <= timezone.now()


def missing_agenda(meeting: Meeting, due_at: datetime | None) -> MissingAgenda | None:
    """Return until when an agenda without items is due: when the meeting begins, unless `due_at` is
    earlier by the charter. None once the meeting is over or cancelled."""
    if meeting.is_cancelled or meeting.is_over:
        return None
    return MissingAgenda(due_at or meeting.starts_at)


def without_agenda(now: datetime) -> QuerySet[Meeting]:
    """Return the coming meetings whose agenda is empty and follows no template of a series."""
    template = TemplateItem.objects.filter(series=OuterRef("series"))
    return Meeting.objects.filter(
        Q(agenda_begun_at__isnull=False) | ~Exists(template),
        ~Exists(AgendaItem.objects.filter(meeting=OuterRef("pk"))),
        state=MeetingState.PLANNED,
        starts_at__gt=now,
    ).exclude(group__state=GroupState.CONCLUDED)


def agendas_missing(now: datetime) -> QuerySet[Meeting]:
    """Return the coming meetings without an agenda of which officers were not reminded and now are.

    Some days before the notice period of the charter begins, and once more when it begins; without
    one, once, some days before the meeting.
    """
    empty = without_agenda(now).filter(
        agenda_reminded_at=None,
        created_at__lte=now - timedelta(minutes=AGENDA_REMINDER_AFTER_MINUTES),
    )
    is_first = Q(agenda_reminded_early_at=None)
    return agendas_wanted(empty, now).filter(
        is_first | Q(due_at__lte=now) | Q(notice_days__isnull=True)
    )


def agendas_wanted(empty: QuerySet[Meeting], now: datetime) -> QuerySet[Meeting]:
    """Leave the meetings whose agenda is late or will be in some days; with when it is due."""
    soon = now + timedelta(days=AGENDA_REMINDER_DAYS)
    near = empty.filter(starts_at__lte=soon + timedelta(days=NOTICE_MAX_DAYS))
    return with_agenda_due(near).filter(
        Q(due_at__lte=soon) | Q(notice_days__isnull=True, starts_at__lte=soon)
    )


@prepared
def agenda_of(meeting: int) -> QuerySet[AgendaItem]:
    papers = Paper.objects.filter(item=OuterRef("pk"))
    items = AgendaItem.objects.filter(meeting=meeting)
    return items.select_related("presenter", "proposed_by").annotate(has_papers=Exists(papers))


def agenda_or_template(meeting: Meeting) -> list[AgendaItem] | list[TemplateItem]:
    """Return the items of the agenda; those of the template while it follows that."""
    return agenda_of(meeting.pk) or template_of(meeting)


def template_of(meeting: Meeting) -> list[TemplateItem]:
    """Return the items with which the agenda will begin; none if it has begun or never will."""
    is_closed = meeting.is_cancelled or meeting.is_over
    if is_closed or meeting.agenda_begun_at is not None or meeting.series_id is None:
        return []
    return list(TemplateItem.objects.filter(series=meeting.series_id))


class AgendaRow(NamedTuple):
    """All that the agenda shows of an item to its readers."""

    position: int
    title: str
    goal: str
    presenter: str
    minutes: int | None
    html: str
    anchor: str
    papers: tuple[ShownPaper, ...]
    proposer: str


def agenda_rows(
    agenda: Iterable[AgendaItem | TemplateItem],
    pictures: Mapping[str, Picture],
    papers: Mapping[UUID, tuple[ShownPaper, ...]],
) -> tuple[AgendaRow, ...]:
    """Return the agenda as `meetings/_agenda.html` shows it.

    `pictures` are by file name; `papers` are those that the viewer can see, by the uuid of the item.
    """
    return tuple(
        AgendaRow(
            item.position,
            item.title,
            item.goal_label,
            _presenter_words(item),
            item.minutes,
            with_figures(item.html, pictures),
            f"item-{item.uuid}",
            papers.get(item.uuid, ()),
            _proposer_words(item),
        )
        for item in agenda
    )


def _presenter_words(item: AgendaItem | TemplateItem) -> str:
    if isinstance(item, TemplateItem):
        return item.office_label
    return item.presenter.name if item.presenter else ""


def _proposer_words(item: AgendaItem | TemplateItem) -> str:
    """Return who proposed the item, where it is not who presents it."""
    if isinstance(item, TemplateItem) or item.proposed_by is None:
        return ""
    return "" if item.proposed_by_id == item.presenter_id else item.proposed_by.name
