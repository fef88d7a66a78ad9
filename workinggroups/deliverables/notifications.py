"""What the rooms of work announce: a review, a comment, an answer, an approval, a publication."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import days
from common.access import Viewer
from common.web.clock import day_words, moment_words
from members.people.models import Person
from notifications.about import lines_about
from notifications.models import Event
from notifications.registry import Kind, Line, register
from workinggroups.deliverables.models import (
    Authorship,
    Deliverable,
    Editorship,
    Publication,
    ReviewComment,
)
from workinggroups.groups.notices import line_in
from workinggroups.groups.queries import chairs_of, members_of, members_reading, readers_of

People = QuerySet[Person]

# --- who hears -----------------------------------------------------------------------------------


def _members(event: Event) -> People:
    """Members of the group who may read the deliverable now."""
    return members_reading(_deliverable(event))


def _editors(event: Event) -> People:
    """Its editors, as far as they still have a seat."""
    deliverable = _deliverable(event)
    return _nobody() if deliverable is None else _editing(deliverable)


def _editors_of_comment(event: Event) -> People:
    """The editors; the chairs where nobody edits."""
    comment = _comment(event)
    if comment is None:
        return _nobody()
    deliverable = comment.revision.deliverable
    editors = _editing(deliverable)
    return editors if editors.exists() else chairs_of(deliverable.group_id)


def _editing(deliverable: Deliverable) -> People:
    editors = Editorship.objects.current().filter(deliverable=deliverable).values("person")
    return members_of(deliverable.group_id).filter(pk__in=editors)


def _commenter(event: Event) -> People:
    """Whoever commented, while they may read the deliverable."""
    comment = _comment(event)
    if comment is None:
        return _nobody()
    deliverable = comment.revision.deliverable
    return readers_of(deliverable.group_id, deliverable.level).filter(pk=comment.author_id)


def _concerned(event: Event) -> People:
    """Members of the group, and whoever writes, ever edited or commented: the work is public."""
    publication = Publication.objects.filter(pk=event.ref["publication"]).first()
    if publication is None:
        return _nobody()
    work = publication.deliverable_id
    return Person.objects.active().filter(
        Q(pk__in=members_of(publication.deliverable.group_id).values("pk"))
        | Q(pk__in=Authorship.objects.filter(deliverable=work).values("person"))
        | Q(pk__in=Editorship.objects.filter(deliverable=work).values("person"))
        | Q(pk__in=ReviewComment.objects.filter(revision__deliverable=work).values("author"))
    )


def _nobody() -> People:
    return Person.objects.active().none()


def _deliverable(event: Event) -> Deliverable | None:
    return Deliverable.objects.filter(pk=event.ref["deliverable"]).first()


def _comment(event: Event) -> ReviewComment | None:
    comments = ReviewComment.objects.select_related("revision__deliverable")
    return comments.filter(pk=event.ref["comment"]).first()


# --- what they read ------------------------------------------------------------------------------


def _deliverables_seen(viewer: Viewer) -> QuerySet[Deliverable]:
    seen: QuerySet[Deliverable] = Deliverable.objects.visible_to(viewer)
    return seen.select_related("group")


def _comments_seen(viewer: Viewer) -> QuerySet[ReviewComment]:
    return ReviewComment.objects.filter(
        revision__deliverable__in=Deliverable.objects.visible_to(viewer)
    ).select_related("revision__deliverable__group", "author")


def _publications_seen(viewer: Viewer) -> QuerySet[Publication]:
    """All of them: what is published is public, and a withdrawn one says so on its page."""
    return Publication.objects.select_related("deliverable__group")


def _line(
    deliverable: Deliverable, *, title: str, detail: str, url: str = "", why: str = ""
) -> Line:
    return line_in(
        deliverable.group,
        title=title,
        url=url or deliverable.get_absolute_url(),
        why=why,
        detail=detail,
        thread_key=f"deliverable:{deliverable.uuid}",
        subject=deliverable.title,
    )


def _review(deliverable: Deliverable, event: Event, viewer: Viewer) -> Line:
    facts = {"title": deliverable.title, "number": event.ref["revision"]}
    until = deliverable.review_until
    return _line(
        deliverable,
        title=_("In review: %(title)s, revision %(number)d") % facts,
        detail=_("Comments until the end of %(day)s anywhere on Earth: for you, %(moment)s")
        % {
            "day": day_words(until, weekday=True),
            "moment": moment_words(days.end_of(until), viewer.zone),
        }
        if until
        else _("The review is over"),
    )


def _changes(deliverable: Deliverable, event: Event, viewer: Viewer) -> Line:
    facts = {"title": deliverable.title, "number": event.ref["revision"]}
    return _line(
        deliverable,
        title=_("Changes asked for: %(title)s, revision %(number)d") % facts,
        detail=deliverable.returned_reason,
    )


def _approved(deliverable: Deliverable, event: Event, viewer: Viewer) -> Line:
    return _line(
        deliverable,
        title=_("Approved: %(title)s") % {"title": deliverable.title},
        detail=_("Decision D-%(decision)d") % {"decision": event.ref["decision"]},
    )


def _commented(comment: ReviewComment, event: Event, viewer: Viewer) -> Line:
    deliverable = comment.revision.deliverable
    facts = {
        "number": comment.number,
        "title": deliverable.title,
        "person": comment.author.name,
        "state": comment.get_state_display().lower(),
    }
    if event.kind == "comment_answered":
        title = _("Your comment on %(title)s is answered: %(state)s") % facts
        detail, why = _("Comment %(number)d") % facts, _("because you commented")
    else:
        title = _("%(person)s commented on %(title)s") % facts
        detail, why = _("Comment %(number)d waits for an answer") % facts, _("because you edit it")
    url = f"{comment.revision.get_absolute_url()}#comment-{comment.number}"
    return _line(deliverable, title=title, detail=detail, url=url, why=why)


def _published(publication: Publication, event: Event, viewer: Viewer) -> Line:
    deliverable = publication.deliverable
    if event.kind == "publication_withdrawn":
        title = _("Withdrawn: %(title)s") % {"title": publication}
        detail = publication.withdrawn_reason
    else:
        title = _("Published: %(title)s") % {"title": publication}
        facts = {"identifier": publication.identifier, "number": publication.number}
        detail = _("%(identifier)s, version %(number)s, is in the public catalogue") % facts
    url = publication.get_absolute_url()
    if viewer.is_member(deliverable.group_id):
        return _line(deliverable, title=title, detail=detail, url=url)
    # A former member hears of the work it took part in, not of the group.
    return Line(
        title=title,
        detail=detail,
        url=url,
        why=_("because you worked or commented on it"),
        group_name=publication.group_name,
        group_slug=deliverable.group.list_name if publication.group_slug else "",
        thread_key=f"deliverable:{deliverable.uuid}",
        subject=deliverable.title,
    )


# --- the kinds -----------------------------------------------------------------------------------


def register_kinds() -> None:
    topic = gettext_lazy("Deliverables")
    comment_lines = lines_about("comment", _comments_seen, _commented)
    publication_lines = lines_about("publication", _publications_seen, _published)
    register(
        Kind(
            name="review_opened",
            label=gettext_lazy("A review opens"),
            topic=topic,
            audience=_members,
            lines=lines_about("deliverable", _deliverables_seen, _review),
        ),
        Kind(
            name="comment_added",
            label=gettext_lazy("Somebody comments on what you edit"),
            topic=topic,
            audience=_editors_of_comment,
            lines=comment_lines,
        ),
        Kind(
            name="comment_answered",
            label=gettext_lazy("Your comment is answered"),
            topic=topic,
            audience=_commenter,
            lines=comment_lines,
        ),
        Kind(
            name="changes_requested",
            label=gettext_lazy("Changes are asked for in what you edit"),
            topic=topic,
            audience=_editors,
            lines=lines_about("deliverable", _deliverables_seen, _changes),
        ),
        Kind(
            name="deliverable_approved",
            label=gettext_lazy("A deliverable is approved"),
            topic=topic,
            audience=_members,
            lines=lines_about("deliverable", _deliverables_seen, _approved),
        ),
        Kind(
            name="published",
            label=gettext_lazy("A work is published"),
            topic=topic,
            audience=_concerned,
            lines=publication_lines,
        ),
        Kind(
            name="publication_withdrawn",
            label=gettext_lazy("A publication is withdrawn"),
            topic=topic,
            audience=_concerned,
            lines=publication_lines,
        ),
    )
