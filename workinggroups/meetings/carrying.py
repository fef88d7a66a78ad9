"""What an agenda can take over from earlier: unfinished items, open action items, open questions.

Each source is one query or two, whatever it finds. What it offers can be read by all who read the
meeting. An app in a layer above, such as that of deliverables, adds its source with `add_source`.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.record.registry import Ref
from common.ui.date_format import day_words
from members.people.models import Person
from workinggroups.groups.models import ActionItem
from workinggroups.groups.queries import members_of
from workinggroups.meetings.actions.revisions import SOURCE_KIND
from workinggroups.meetings.choices import (
    AGENDA_MAX_ITEMS,
    AGENDA_TEXT_MAX_CHARACTERS,
    AGENDA_TITLE_MAX_CHARACTERS,
    CARRIED_ACTION_ITEMS,
    CarriedKind,
    Goal,
    MeetingState,
)
from workinggroups.meetings.models import AgendaItem, Meeting

_SPECIAL = re.compile(r"([\\`*_\[\]<>#!|~$&{}])")


@dataclass(frozen=True)
class Offer:
    """An item that an agenda can take over; `note` says in the preview why. `text` is Markdown.

    `papers` are the objects to read before it, and `copied` is the earlier item of which it also takes
    over the papers.
    """

    kind: CarriedKind
    uuid: UUID
    title: str
    note: str
    text: str = ""
    goal: str = Goal.DISCUSS
    minutes: int | None = None
    presenter: Person | None = None
    papers: Sequence[Ref] = ()
    copied: AgendaItem | None = None

    @property
    def key(self) -> str:
        """Return the name of the offer in a form."""
        return f"{self.kind}:{self.uuid}"


# Takes the meeting whose agenda it is, and the last one.
Source = Callable[[Meeting, Meeting], Iterable[Offer]]

_sources: list[Source] = []


def add_source(source: Source) -> None:
    """Add a source, in the order of the calls. Called from `apps.ready`."""
    if source not in _sources:
        _sources.append(source)


def last_meeting_before(meeting: Meeting) -> Meeting | None:
    """Return the last meeting that was held before this one: of its series, else of its group.

    Only one that all who read this meeting can read. One query.
    """
    past = Meeting.objects.past().filter(
        group=meeting.group_id, starts_at__lt=meeting.starts_at, level__lte=meeting.level
    )
    held = past.exclude(state=MeetingState.CANCELLED).exclude(pk=meeting.pk)
    of_series = held.filter(series=meeting.series_id) if meeting.series_id else held.none()
    last: Meeting | None = of_series.first() or held.first()
    if last is not None:
        last.group = meeting.group
    return last


def offers_for(meeting: Meeting, last: Meeting | None) -> list[Offer]:
    """Return what this agenda can take over and has not yet, in the order in which it is added.

    Nothing where no meeting was held before.
    """
    if last is None:
        return []
    carried = meeting.agenda.exclude(carried_uuid=None).values_list("carried_kind", "carried_uuid")
    taken = set(carried)
    offers = (offer for source in _sources for offer in source(meeting, last))
    return [offer for offer in offers if (offer.kind, offer.uuid) not in taken]


def plain(words: str) -> str:
    """Return the words as Markdown that shows them as they are."""
    return _SPECIAL.sub(r"\\\1", words)


def in_title(title: str, rest: str) -> str:
    """Return both as a title of an item; the first part is shortened where they are too long."""
    return f"{Truncator(title).chars(AGENDA_TITLE_MAX_CHARACTERS - len(rest))}{rest}"


def unfinished_items(meeting: Meeting, last: Meeting) -> list[Offer]:
    """Offer the items of the last meeting that did not end. Two queries.

    Those of its template come again by themselves, and what was collected for that meeting is
    collected anew.
    """
    agenda = list(last.agenda.select_related("presenter")[:AGENDA_MAX_ITEMS])
    was_run = any(item.begun_at for item in agenda)
    items = [
        item
        for item in agenda
        if not (item.is_finished or item.is_from_template)
        and item.carried_kind in {"", CarriedKind.ITEM}
    ]
    wanted = {item.presenter_id for item in items if item.presenter_id}
    present = set(members_of(meeting.group_id).filter(pk__in=wanted)) if wanted else set()
    return [
        Offer(
            kind=CarriedKind.ITEM,
            uuid=item.uuid,
            title=item.title,
            note=_why(item, was_run=was_run),
            text=item.source,
            goal=item.goal,
            minutes=item.minutes,
            presenter=item.presenter if item.presenter in present else None,
            copied=item,
        )
        for item in items
    ]


def _why(item: AgendaItem, *, was_run: bool) -> str:
    if item.begun_at:
        return _("Begun and not ended at the last meeting")
    if was_run:
        return _("Not reached at the last meeting")
    return _("On the last agenda; nobody noted which items were finished")


def open_action_items(meeting: Meeting, last: Meeting) -> list[Offer]:
    """Offer one item that lists the open action items of earlier meetings. One query."""
    earlier = Meeting.objects.filter(
        group=meeting.group_id, starts_at__lt=meeting.starts_at, level__lte=meeting.level
    )
    items = ActionItem.objects.open().filter(
        group=meeting.group_id,
        level__lte=meeting.level,
        source_kind=SOURCE_KIND,
        source_uuid__in=earlier.values("uuid"),
    )
    open_items = list(items.with_owner_names()[: CARRIED_ACTION_ITEMS + 1])
    if not open_items:
        return []
    count = {"count": min(len(open_items), CARRIED_ACTION_ITEMS)}
    if len(open_items) > CARRIED_ACTION_ITEMS:
        note = _("More than %(count)d open action items of earlier meetings") % count
    else:
        words = ngettext(
            "%(count)d open action item of earlier meetings",
            "%(count)d open action items of earlier meetings",
            len(open_items),
        )
        note = words % count
    return [
        Offer(
            kind=CarriedKind.ACTION_ITEMS,
            uuid=meeting.group.uuid,
            title=_("Open action items"),
            note=note,
            text=_listed(meeting.group.slug, open_items),
        )
    ]


def _listed(slug: str, items: Sequence[ActionItem]) -> str:
    """Return a list of these items that fits a description, with a link to all if it has not each."""
    rest = f"\n[{_('All action items')}]({reverse('group-actions', args=[slug])})"
    free = AGENDA_TEXT_MAX_CHARACTERS - len(rest)
    lines: list[str] = []
    for item in items[:CARRIED_ACTION_ITEMS]:
        line = f"- {_action_item(slug, item)}\n"
        free -= len(line)
        if free < 0:
            break
        lines.append(line)
    if len(lines) < len(items):
        lines.append(rest)
    return "".join(lines).strip()


def _action_item(slug: str, item: ActionItem) -> str:
    """Return a line about the item: number with link, text, owners and the day it is due."""
    address = reverse("action-item", args=[slug, item.number])
    facts = [plain(", ".join(item.owner_names)) or _("unassigned")]
    if item.due_on:
        facts.append(_("due %(day)s") % {"day": day_words(item.due_on)})
    return f"[A-{item.number}]({address}) {plain(item.text)} ({', '.join(facts)})"


def register_sources() -> None:
    """Called from `apps.ready`."""
    add_source(unfinished_items)
    add_source(open_action_items)
