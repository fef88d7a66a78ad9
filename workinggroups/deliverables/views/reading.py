"""The list of a group's deliverables, and a revision with its comments and files."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from common.files.responses import download as serve
from common.files.responses import show_picture
from common.http.page_limit import part_of_page
from common.http.pagination import page_of
from common.http.sign_in_required import login_required
from common.record.registry import Ref
from common.text.figures import with_figures
from members.people.requests import PersonRequest
from workinggroups.decisions.models import Decision, DecisionQuerySet
from workinggroups.deliverables import pictures
from workinggroups.deliverables.choices import CommentState, DeliverableState
from workinggroups.deliverables.forms import CommentForm
from workinggroups.deliverables.models import Deliverable, RevisionFile
from workinggroups.deliverables.models import Revision as RevisionModel
from workinggroups.deliverables.permissions import can_create
from workinggroups.deliverables.queries import difference_of, editors_of
from workinggroups.deliverables.quoting import with_quotes
from workinggroups.deliverables.views.page_frame import deliverable_page_context, get_deliverable
from workinggroups.groups.lookup import group_of_member_space
from workinggroups.groups.page_frame import group_page_context
from workinggroups.meetings.choices import DISCUSSED_A_PAGE
from workinggroups.meetings.views.fetch import discussed_shown

REVISIONS_A_PAGE = 30
# The page has links to compare with this many earlier revisions, and a field for the others.
COMPARED_AT_ONCE = 8


@require_safe
@login_required
def deliverables(request: PersonRequest, slug: str) -> HttpResponse:
    """List the group's deliverables, the newest first."""
    group = group_of_member_space(request, slug)
    visible = Deliverable.objects.within(group.pk, request.viewer.read_level(group.pk))
    comments = Q(revisions__comments__state=CommentState.OPEN)
    listed = visible.annotate(
        open_comments=Count("revisions__comments", filter=comments, distinct=True)
    )
    if request.GET.get("show") != "all":
        listed = listed.exclude(state=DeliverableState.DROPPED)
    context = {
        **group_page_context(request, group, "deliverables"),
        "page": page_of(listed, request.GET, by="number"),
        "is_whole": request.GET.get("show") == "all",
        "can_create": can_create(request.viewer, group),
    }
    return render(request, "deliverables/list.html", context)


@require_safe
@login_required
def deliverable(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """Show the newest revision of the deliverable."""
    context = revision_context(request, get_deliverable(request, slug, number))
    return render(request, "deliverables/revision.html", context)


@require_safe
@login_required
def deliverable_meetings(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """List all meetings that had the deliverable or a revision on their agenda, the latest first."""
    deliverable = get_deliverable(request, slug, number)
    readable = RevisionModel.objects.visible_to(request.viewer).filter(deliverable=deliverable)
    refs = _refs(deliverable, readable.values_list("uuid", flat=True))
    before = request.GET.get("before", "")
    context = {
        **deliverable_page_context(request, deliverable),
        "discussed": discussed_shown(request, refs, before=before, size=DISCUSSED_A_PAGE),
    }
    return render(request, "deliverables/meetings.html", context)


def _refs(deliverable: Deliverable, revisions: Iterable[UUID]) -> list[Ref]:
    """Return the deliverable and these revisions of it, as the papers of agendas name them."""
    return [("deliverable", deliverable.uuid), *(("revision", uuid) for uuid in revisions)]


@require_safe
@login_required
def revision(request: PersonRequest, slug: str, number: int, revision: int) -> HttpResponse:
    """Show a revision; `?with=` compares it with an earlier one."""
    context = revision_context(request, get_deliverable(request, slug, number), revision)
    return render(request, "deliverables/revision.html", context)


@require_safe
@login_required
def download(
    request: PersonRequest, slug: str, number: int, revision: int, name: str
) -> HttpResponseBase:
    """Send a file of a revision that the viewer can read."""
    return serve(_file(request, slug, number, revision, name).stored, request)


@part_of_page
@require_safe
@login_required
def figure(
    request: PersonRequest, slug: str, number: int, revision: int, name: str
) -> HttpResponseBase:
    """Send the copy of a picture for the text of a revision that the viewer can read."""
    return show_picture(_file(request, slug, number, revision, name).stored, request)


def _file(request: PersonRequest, slug: str, number: int, revision: int, name: str) -> RevisionFile:
    readable = RevisionModel.objects.visible_to(request.viewer).filter(
        deliverable=get_deliverable(request, slug, number), number=revision
    )
    files = RevisionFile.objects.select_related("stored__picture")
    return get_object_or_404(files, revision__in=readable, name=name)


def revision_context(
    request: PersonRequest,
    deliverable: Deliverable,
    number: int | None = None,
    comment_form: CommentForm | None = None,
) -> dict[str, object]:
    """Return the context of `revision.html`: text or comparison, comments, files, other revisions.

    Without a number, of the newest revision. Raises Http404 if the viewer can read no such revision.
    """
    readable = RevisionModel.objects.visible_to(request.viewer).filter(deliverable=deliverable)
    listed = (
        readable.defer("source", "html")
        .select_related("author")
        .annotate(comments_count=Count("comments"))
    )
    named = dict(readable.order_by("-number").values_list("number", "uuid"))
    numbers = list(named)
    number = numbers[0] if numbers and number is None else number
    if number not in numbers:
        raise Http404
    compared = _compared(request, number)
    chosen = {row.number: row for row in readable.filter(number__in=[number, compared])}
    revision, older = chosen[number], chosen.get(compared)
    earlier = [number for number in numbers if number < revision.number]
    difference = difference_of(older, revision) if older else ""
    comments = list(revision.comments.select_related("author", "organization", "answered_by").all())
    editors = editors_of(deliverable)
    files = list(revision.files.select_related("stored__picture"))
    texts = [revision.html, *(comment.html for comment in comments)]
    shown = pictures.in_revision(deliverable, revision, *texts, files=files)
    # A comparison also shows what was removed.
    before = pictures.in_revision(deliverable, older, older.html) if older else {}
    decided: DecisionQuerySet = Decision.objects.visible_to(request.viewer)
    return {
        **deliverable_page_context(request, deliverable, {person.pk for person in editors}),
        "revision": revision,
        "is_newest": revision.number == numbers[0],
        "revisions": page_of(listed, request.GET, size=REVISIONS_A_PAGE, by="number"),
        "earlier": earlier[:COMPARED_AT_ONCE],
        "has_more_earlier": len(earlier) > COMPARED_AT_ONCE,
        "older": older,
        "difference": with_figures(difference or "", {**before, **shown}),
        "is_preparing": difference is None,
        "text": with_figures(with_quotes(revision.html, comments), shown),
        "pictures": shown,
        "comments": comments,
        "waiting": sum(item.state == CommentState.OPEN for item in comments),
        "comment_form": comment_form or CommentForm(),
        "files": files,
        "editors": editors,
        "discussed": discussed_shown(request, _refs(deliverable, named.values())),
        "discussed_url": reverse(
            "deliverable-meetings", args=[deliverable.group.slug, deliverable.number]
        ),
        "decided": list(decided.about("revision", revision.uuid).latest_first()),
        "publications": list(deliverable.publications.all()) if deliverable.identifier else [],
    }


def _compared(request: PersonRequest, number: int) -> int:
    """Return the number of the earlier revision in `?with=`; 0 if it has none."""
    given = request.GET.get("with", "")
    is_number = given.isascii() and given.isdigit() and len(given) < 7
    return int(given) if is_number and int(given) < number else 0
