"""The list of a group's deliverables, and one revision with what was said about it."""

from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from common.files.responses import download as serve
from common.files.responses import show_picture
from common.http.page_limit import part_of_page
from common.http.pagination import page_of
from common.http.sign_in_required import login_required
from common.text.figures import with_figures
from members.people.requests import PersonRequest
from workinggroups.deliverables import pictures
from workinggroups.deliverables.choices import CommentState, DeliverableState
from workinggroups.deliverables.forms import CommentForm
from workinggroups.deliverables.models import Deliverable, RevisionFile
from workinggroups.deliverables.models import Revision as RevisionModel
from workinggroups.deliverables.permissions import can_create
from workinggroups.deliverables.queries import difference_of, editors_of
from workinggroups.deliverables.quoting import with_quotes
from workinggroups.deliverables.views.frame import find, frame
from workinggroups.groups.lookup import group_of_member_space
from workinggroups.groups.page_frame import group_page_context

REVISIONS_A_PAGE = 30
# With so many of the revisions before it one compares by a link, with others by their number.
COMPARED_AT_ONCE = 8


@require_safe
@login_required
def deliverables(request: PersonRequest, slug: str) -> HttpResponse:
    """What the group makes and made, the newest first."""
    group = group_of_member_space(request, slug)
    visible: Any = Deliverable.objects.visible_to(request.viewer).filter(group=group)
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
    """The deliverable, opened at its newest text."""
    page = revision_page(request, find(request, slug, number))
    return render(request, "deliverables/revision.html", page)


@require_safe
@login_required
def revision(request: PersonRequest, slug: str, number: int, revision: int) -> HttpResponse:
    """One revision; `?with=` compares it with an earlier one."""
    page = revision_page(request, find(request, slug, number), revision)
    return render(request, "deliverables/revision.html", page)


@require_safe
@login_required
def download(
    request: PersonRequest, slug: str, number: int, revision: int, name: str
) -> HttpResponseBase:
    """A file of a revision, by the right to read the revision."""
    return serve(_file(request, slug, number, revision, name).stored, request)


@part_of_page
@require_safe
@login_required
def figure(
    request: PersonRequest, slug: str, number: int, revision: int, name: str
) -> HttpResponseBase:
    """The copy of a picture that the text of a revision shows, by the same right."""
    return show_picture(_file(request, slug, number, revision, name).stored, request)


def _file(request: PersonRequest, slug: str, number: int, revision: int, name: str) -> RevisionFile:
    found = find(request, slug, number)
    readable = RevisionModel.objects.visible_to(request.viewer).filter(
        deliverable=found, number=revision
    )
    files = RevisionFile.objects.select_related("stored__picture")
    return get_object_or_404(files, revision__in=readable, name=name)


def revision_page(
    request: PersonRequest,
    deliverable: Deliverable,
    number: int | None = None,
    comment_form: CommentForm | None = None,
) -> dict[str, Any]:
    """The context of `revision.html`: text or comparison, comments, files, other revisions.

    Of the newest revision without a number. Http404 where the viewer reads no such one.
    """
    readable = RevisionModel.objects.visible_to(request.viewer).filter(deliverable=deliverable)
    listed = (
        readable.defer("source", "html")
        .select_related("author")
        .annotate(comments_count=Count("comments"))
    )
    numbers = list(readable.order_by("-number").values_list("number", flat=True))
    number = numbers[0] if numbers and number is None else number
    if number not in numbers:
        raise Http404
    compared = _compared(request, number)
    opened = {row.number: row for row in readable.filter(number__in=[number, compared])}
    revision, older = opened[number], opened.get(compared)
    earlier = [number for number in numbers if number < revision.number]
    difference = difference_of(older, revision) if older else ""
    comments = list(revision.comments.select_related("author", "organization", "answered_by").all())
    editors = editors_of(deliverable)
    files = list(revision.files.select_related("stored__picture"))
    texts = [revision.html, *(comment.html for comment in comments)]
    shown = pictures.in_revision(deliverable, revision, *texts, files=files)
    # A comparison shows what was taken out as well.
    before = pictures.in_revision(deliverable, older, older.html) if older else {}
    return {
        **frame(request, deliverable, {person.pk for person in editors}),
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
        "publications": list(deliverable.publications.all()) if deliverable.identifier else [],
    }


def _compared(request: PersonRequest, number: int) -> int:
    """The number of the earlier revision that `?with=` names; 0, which none has, without one."""
    given = request.GET.get("with", "")
    is_number = given.isascii() and given.isdigit() and len(given) < 7
    return int(given) if is_number and int(given) < number else 0
