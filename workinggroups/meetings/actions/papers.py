"""The papers of an item of the agenda: objects of the alliance and web addresses."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from common.access import viewer_for
from common.errors import Invalid, WrongState
from common.record.registry import Ref
from common.unseen import refuse_unseen
from common.web_addresses import fault_of_address
from members.people.models import Person
from workinggroups.meetings.actions.agenda import current_item, lock_open
from workinggroups.meetings.actions.locking import touch
from workinggroups.meetings.carrying import Offer
from workinggroups.meetings.choices import PAPERS_MAX
from workinggroups.meetings.models import AgendaItem, Meeting, Paper
from workinggroups.meetings.papers import is_paper_kind, readable


@transaction.atomic
def add_paper(*, actor: Person, item: AgendaItem, ref: Ref) -> Paper:
    """Make this object a paper of the item, after its others; one that is a paper stays as it is.

    Raises NotAllowed, WrongState, and Invalid for an object that the actor cannot see and for more
    papers than an item can have. Locks the meeting.
    """
    meeting, item = _open(actor, item)
    if not is_paper_kind(ref[0]) or ref not in readable([ref], viewer_for(actor.pk)):
        raise Invalid(_("We cannot find what you want to add. Look for it again."))
    kind, uuid = ref
    existing = item.papers.filter(kind=kind, object_uuid=uuid).first()
    return existing or _append(meeting, item, Paper(kind=kind, object_uuid=uuid, added_by=actor))


@transaction.atomic
def add_web_paper(*, actor: Person, item: AgendaItem, url: str, title: str) -> Paper:
    """Make this web address a paper of the item, after its others.

    Raises NotAllowed, WrongState, and Invalid for an address that people cannot open or that is a paper of
    the item already, for a title that cannot be read and for more papers than an item can have. Locks the
    meeting.
    """
    refuse_unseen(title=title)
    if fault := fault_of_address(url):
        raise Invalid(fault, "url")
    meeting, item = _open(actor, item)
    if item.papers.filter(url=url).exists():
        raise Invalid(_("This address is already a paper of the item."), "url")
    return _append(meeting, item, Paper(url=url, title=title, added_by=actor))


@transaction.atomic
def move_paper(*, actor: Person, paper: Paper, places: int) -> None:
    """Move the paper down by `places`, or up where negative, among those that the actor can see."""
    meeting, item = _open(actor, paper.item)
    paper = _current(item, paper)
    order = list(item.papers.all())
    seen = _seen(order, actor)
    if paper not in seen:
        raise _gone()
    target = seen[min(max(seen.index(paper) + places, 0), len(seen) - 1)]
    at = order.index(target)
    order.remove(paper)
    order.insert(at, paper)
    _renumber(order)
    touch(meeting)


@transaction.atomic
def remove_paper(*, actor: Person, paper: Paper) -> None:
    """Remove the paper from its item; those after it move up. Does nothing to the object itself."""
    meeting, item = _open(actor, paper.item)
    _current(item, paper).delete()
    _renumber(list(item.papers.all()))
    touch(meeting)


def give_papers(offers: Sequence[tuple[AgendaItem, Offer]], *, actor: Person) -> None:
    """Give new items the papers of what they were carried over from. The caller has locked the meeting."""
    copied = {offer.copied.pk: item for item, offer in offers if offer.copied}
    papers = [
        Paper(
            item=copied[paper.item_id],
            position=paper.position,
            kind=paper.kind,
            object_uuid=paper.object_uuid,
            url=paper.url,
            title=paper.title,
            added_by=actor,
        )
        for paper in Paper.objects.filter(item__in=copied)
    ]
    papers += [
        Paper(item=item, position=position, kind=kind, object_uuid=uuid, added_by=actor)
        for item, offer in offers
        for position, (kind, uuid) in enumerate(offer.papers, start=1)
    ]
    Paper.objects.bulk_create(papers)


def _append(meeting: Meeting, item: AgendaItem, paper: Paper) -> Paper:
    """Add the paper. Those that its author cannot see do not count, so that a refusal tells of none."""
    order = list(item.papers.all())
    if len(_seen(order, paper.added_by)) >= PAPERS_MAX:
        message = _("An item can have at most %(count)d papers. Remove one first.")
        raise Invalid(message % {"count": PAPERS_MAX})
    paper.item, paper.position = item, len(order) + 1
    paper.save()
    touch(meeting)
    return paper


def _seen(order: Sequence[Paper], actor: Person) -> list[Paper]:
    """Return which of these papers the actor can see."""
    refs = [(one.kind, one.object_uuid) for one in order if one.object_uuid]
    visible = readable(refs, viewer_for(actor.pk))
    return [one for one in order if not one.object_uuid or (one.kind, one.object_uuid) in visible]


def _open(actor: Person, item: AgendaItem) -> tuple[Meeting, AgendaItem]:
    """Lock the meeting; return it and the item as it is now, if the actor can change its papers."""
    meeting = lock_open(actor=actor, meeting=item.meeting)
    return meeting, current_item(meeting, item)


def _current(item: AgendaItem, paper: Paper) -> Paper:
    current: Paper | None = item.papers.filter(pk=paper.pk).first()
    if current is None:
        raise _gone()
    return current


def _gone() -> WrongState:
    return WrongState(_("Someone removed this paper from the item in the meantime."))


def _renumber(order: Sequence[Paper]) -> None:
    for position, paper in enumerate(order, start=1):
        paper.position = position
    Paper.objects.bulk_update(order, ["position"])
