"""What agendas of meetings have of deliverables: papers, and the review comments still to settle."""

from collections.abc import Iterator

from django.db.models import Count, Q, QuerySet
from django.utils.translation import ngettext

from common.access import Level, Viewer
from workinggroups.deliverables.choices import CommentState, DeliverableState
from workinggroups.deliverables.models import Deliverable, Revision
from workinggroups.groups.choices import Content
from workinggroups.groups.models import Group
from workinggroups.meetings.carrying import Offer, add_source, in_title
from workinggroups.meetings.choices import AGENDA_MAX_ITEMS, CarriedKind
from workinggroups.meetings.models import Meeting
from workinggroups.meetings.papers import Arguments, PaperKind, register


def _find(viewer: Viewer, group: Group, words: str) -> QuerySet[Deliverable]:
    visible = Deliverable.objects.visible_to(viewer).select_related("group")
    visible = visible.exclude(state=DeliverableState.DROPPED)
    if words:
        return visible.filter(title__icontains=words).latest_first()
    return visible.filter(group=group).latest_first()


def _deliverables_at(arguments: Arguments) -> QuerySet[Deliverable]:
    return Deliverable.objects.filter(group__slug=arguments["slug"], number=arguments["number"])


def _revisions_at(arguments: Arguments) -> QuerySet[Revision]:
    of_deliverable = Revision.objects.filter(deliverable__in=_deliverables_at(arguments))
    return of_deliverable.filter(number=arguments["revision"])


def _read_with(meeting: Meeting) -> QuerySet[Deliverable]:
    readable = Deliverable.objects.filter(group=meeting.group_id, level__lte=meeting.level)
    return readable.select_related("group")


def _revisions_read_with(meeting: Meeting) -> QuerySet[Revision]:
    """Return the revisions of these deliverables that all who read the meeting can read.

    Where only members read the work of the group, guests read no more than the latest one.
    """
    revisions = Revision.objects.filter(deliverable__in=_read_with(meeting))
    if meeting.level < Level.MEMBERS:
        revisions = revisions.filter(deliverable__group__content=Content.ALLIANCE)
    return revisions.select_related("deliverable__group")


def unresolved_comments(meeting: Meeting, last: Meeting) -> Iterator[Offer]:
    """Offer an item for each deliverable of the group in review that has open comments. One query."""
    in_review = _read_with(meeting).filter(state=DeliverableState.REVIEW)
    is_open = Q(revisions__comments__state=CommentState.OPEN)
    counted = in_review.annotate(open_comments=Count("revisions__comments", filter=is_open))
    commented = counted.filter(open_comments__gt=0).order_by("review_until", "number")
    for deliverable in commented[:AGENDA_MAX_ITEMS]:
        count = deliverable.open_comments
        words = ngettext("%(count)d unresolved comment", "%(count)d unresolved comments", count)
        words %= {"count": count}
        yield Offer(
            kind=CarriedKind.COMMENTS,
            uuid=deliverable.uuid,
            title=in_title(deliverable.title, f": {words}"),
            note=deliverable.get_state_display(),
            papers=[("deliverable", deliverable.uuid)],
        )


def register_agendas() -> None:
    """Called from `apps.ready`."""
    register(
        PaperKind(
            "deliverable",
            "deliverable",
            at=_deliverables_at,
            read_with=_read_with,
            find=_find,
        )
    )
    register(PaperKind("revision", "revision", at=_revisions_at, read_with=_revisions_read_with))
    add_source(unresolved_comments)
