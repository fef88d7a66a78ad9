"""What the rooms of work announce: a review, a comment, an answer, an approval, a publication."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.access import Viewer
from members.people.models import Person
from notifications.models import Event
from notifications.registry import Kind, Line, register
from workinggroups.deliverables.models import (
    Authorship,
    Deliverable,
    Editorship,
    Publication,
    ReviewComment,
)
from workinggroups.groups.queries import chairs_of, members_of, readers_of

People = QuerySet[Person]

# --- who hears -----------------------------------------------------------------------------------


def _members(event: Event) -> People:
    """Members of the group who may read the deliverable now."""
    deliverable = _deliverable(event)
    if deliverable is None:
        return _nobody()
    readers = readers_of(deliverable.group_id, deliverable.level)
    found: People = readers.filter(pk__in=members_of(deliverable.group_id).values("pk"))
    return found


def _editors(event: Event) -> People:
    """Its editors, as far as they still have a seat."""
    deliverable = _deliverable(event)
    if deliverable is None:
        return _nobody()
    editors = Editorship.objects.current().filter(deliverable=deliverable).values("person")
    found: People = members_of(deliverable.group_id).filter(pk__in=editors)
    return found


def _editors_of_comment(event: Event) -> People:
    """The editors; the chairs where nobody edits."""
    comment = _comment(event)
    if comment is None:
        return _nobody()
    deliverable = comment.revision.deliverable
    editors = Editorship.objects.current().filter(deliverable=deliverable).values("person")
    seated: People = members_of(deliverable.group_id).filter(pk__in=editors)
    return seated if seated.exists() else chairs_of(deliverable.group_id)


def _commenter(event: Event) -> People:
    """Whoever commented, while they may read the deliverable."""
    comment = _comment(event)
    if comment is None:
        return _nobody()
    deliverable = comment.revision.deliverable
    readers = readers_of(deliverable.group_id, deliverable.level)
    found: People = readers.filter(pk=comment.author_id)
    return found


def _concerned(event: Event) -> People:
    """Members of the group, and whoever wrote, edited or commented: the work is public."""
    publication = Publication.objects.filter(pk=event.ref["publication"]).first()
    if publication is None:
        return _nobody()
    work = publication.deliverable_id
    found: People = Person.objects.active().filter(
        Q(pk__in=members_of(publication.deliverable.group_id).values("pk"))
        | Q(pk__in=Authorship.objects.filter(deliverable=work).values("person"))
        | Q(pk__in=ReviewComment.objects.filter(revision__deliverable=work).values("author"))
    )
    return found


def _nobody() -> People:
    nobody: People = Person.objects.none()
    return nobody


def _deliverable(event: Event) -> Deliverable | None:
    return Deliverable.objects.filter(pk=event.ref["deliverable"]).first()


def _comment(event: Event) -> ReviewComment | None:
    comments = ReviewComment.objects.select_related("revision__deliverable")
    return comments.filter(pk=event.ref["comment"]).first()


# --- what they read ------------------------------------------------------------------------------

Words = Callable[[Event, Deliverable], tuple[str, str]]


def _of_deliverable(words: Words) -> Callable[[Iterable[Event], Viewer], Mapping[int, Line]]:
    """Lines about a deliverable; `words` gives title and detail."""

    def lines(events: Iterable[Event], viewer: Viewer) -> Mapping[int, Line]:
        listed = list(events)
        visible = Deliverable.objects.visible_to(viewer).select_related("group")
        found = visible.in_bulk([event.ref["deliverable"] for event in listed])
        return {
            event.pk: _line(deliverable, viewer, *words(event, deliverable))
            for event in listed
            if (deliverable := found.get(event.ref["deliverable"]))
        }

    return lines


def _line(deliverable: Deliverable, viewer: Viewer, title: str, detail: str, **more: Any) -> Line:
    """Somebody outside the group reads why it concerns them."""
    return Line(
        **{
            "title": title,
            "detail": detail,
            "url": deliverable.get_absolute_url(),
            "why": _("because you are in %(group)s") % {"group": deliverable.group.name},
            "group_name": deliverable.group.name,
            "group_slug": deliverable.group.slug,
            "thread_key": f"deliverable:{deliverable.uuid}",
            **more,
        }
    )


def _of_comments(events: Iterable[Event], viewer: Viewer) -> Mapping[int, Line]:
    listed = list(events)
    comments = (
        ReviewComment.objects.filter(
            revision__deliverable__in=Deliverable.objects.visible_to(viewer)
        )
        .select_related("revision__deliverable__group", "author")
        .in_bulk([event.ref["comment"] for event in listed])
    )
    return {
        event.pk: _comment_line(event, comment, viewer)
        for event in listed
        if (comment := comments.get(event.ref["comment"]))
    }


def _comment_line(event: Event, comment: ReviewComment, viewer: Viewer) -> Line:
    deliverable = comment.revision.deliverable
    facts = {
        "number": comment.number,
        "title": deliverable.title,
        "person": comment.author.name,
        "state": comment.get_state_display().lower(),
    }
    url = f"{comment.revision.get_absolute_url()}#comment-{comment.number}"
    if event.kind == "comment_answered":
        title = _("Your comment on %(title)s is answered: %(state)s") % facts
        detail, why = _("Comment %(number)d") % facts, _("because you commented")
    else:
        title = _("%(person)s commented on %(title)s") % facts
        detail, why = _("Comment %(number)d waits for an answer") % facts, _("because you edit it")
    return _line(deliverable, viewer, title, detail, why=why, url=url)


def _of_publications(events: Iterable[Event], viewer: Viewer) -> Mapping[int, Line]:
    listed = list(events)
    publications = Publication.objects.select_related("deliverable__group").in_bulk(
        [event.ref["publication"] for event in listed]
    )
    return {
        event.pk: _publication_line(event, publication, viewer)
        for event in listed
        if (publication := publications.get(event.ref["publication"]))
    }


def _publication_line(event: Event, publication: Publication, viewer: Viewer) -> Line:
    deliverable = publication.deliverable
    facts = {"identifier": publication.identifier, "number": publication.number}
    if event.kind == "publication_withdrawn":
        title = _("Withdrawn: %(title)s") % {"title": publication}
        detail = publication.withdrawn_reason
    else:
        title = _("Published: %(title)s") % {"title": publication}
        detail = _("%(identifier)s, version %(number)s, is in the public catalogue") % facts
    group = deliverable.group
    if viewer.is_member(group.pk):
        return _line(deliverable, viewer, title, detail, url=publication.get_absolute_url())
    # A former member hears of the work it took part in, not of the group.
    return Line(
        title=title,
        detail=detail,
        url=publication.get_absolute_url(),
        why=_("because you worked or commented on it"),
        group_name=publication.group_name,
        group_slug=publication.group_slug,
        thread_key=f"deliverable:{deliverable.uuid}",
    )


def _review_words(event: Event, deliverable: Deliverable) -> tuple[str, str]:
    facts = {
        "title": deliverable.title,
        "number": event.ref["revision"],
        "until": deliverable.review_until,
    }
    detail = _("Comments until %(until)s") % facts if deliverable.review_until else _("It is over")
    return _("In review: %(title)s, revision %(number)d") % facts, detail


def _changes_words(event: Event, deliverable: Deliverable) -> tuple[str, str]:
    facts = {"title": deliverable.title, "number": event.ref["revision"]}
    return (
        _("Changes asked for: %(title)s, revision %(number)d") % facts,
        deliverable.returned_reason,
    )


def _approved_words(event: Event, deliverable: Deliverable) -> tuple[str, str]:
    facts = {"title": deliverable.title, "decision": event.ref["decision"]}
    return _("Approved: %(title)s") % facts, _("Decision D-%(decision)d") % facts


# --- the kinds -----------------------------------------------------------------------------------


def register_kinds() -> None:
    topic = gettext_lazy("Deliverables")
    register(
        Kind(
            name="review_opened",
            label=gettext_lazy("A review opens"),
            topic=topic,
            audience=_members,
            lines=_of_deliverable(_review_words),
        ),
        Kind(
            name="comment_added",
            label=gettext_lazy("Somebody comments on what you edit"),
            topic=topic,
            audience=_editors_of_comment,
            lines=_of_comments,
        ),
        Kind(
            name="comment_answered",
            label=gettext_lazy("Your comment is answered"),
            topic=topic,
            audience=_commenter,
            lines=_of_comments,
        ),
        Kind(
            name="changes_requested",
            label=gettext_lazy("Changes are asked for in what you edit"),
            topic=topic,
            audience=_editors,
            lines=_of_deliverable(_changes_words),
        ),
        Kind(
            name="deliverable_approved",
            label=gettext_lazy("A deliverable is approved"),
            topic=topic,
            audience=_members,
            lines=_of_deliverable(_approved_words),
        ),
        Kind(
            name="published",
            label=gettext_lazy("A work is published"),
            topic=topic,
            audience=_concerned,
            lines=_of_publications,
        ),
        Kind(
            name="publication_withdrawn",
            label=gettext_lazy("A publication is withdrawn"),
            topic=topic,
            audience=_concerned,
            lines=_of_publications,
        ),
    )
