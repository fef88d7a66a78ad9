"""The list of a group's deliverables, and one revision with what was said about it."""

from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from common.files.responses import download as serve
from common.text.diff import rendered_diff_html
from common.web.pagination import page_of
from common.web.views import member_required, methods
from members.people.requests import PersonRequest
from workinggroups.deliverables import permissions
from workinggroups.deliverables.choices import CommentState, DeliverableState
from workinggroups.deliverables.forms import CommentForm
from workinggroups.deliverables.models import Deliverable, Editorship, RevisionFile
from workinggroups.deliverables.models import Revision as RevisionModel
from workinggroups.deliverables.quoting import with_quotes
from workinggroups.deliverables.views.frame import find, frame
from workinggroups.groups.lookup import group_of_member_space
from workinggroups.groups.room import room_context

REVISIONS_A_PAGE = 30
# With so many of the revisions before it one compares by a link, with others by their number.
COMPARED_AT_ONCE = 8


@methods("GET")
@member_required
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
        **room_context(request, group, "deliverables"),
        "page": page_of(listed, request.GET, by="number"),
        "is_whole": request.GET.get("show") == "all",
        "can_create": permissions.can_create(request.viewer, group),
    }
    return render(request, "deliverables/list.html", context)


@methods("GET")
@member_required
def deliverable(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """The deliverable, opened at its newest text."""
    found = find(request, slug, number)
    readable = RevisionModel.objects.visible_to(request.viewer)
    newest = readable.filter(deliverable=found).order_by("-number").first()
    if newest is None:
        raise Http404
    return render(request, "deliverables/revision.html", revision_page(request, found, newest))


@methods("GET")
@member_required
def revision(request: PersonRequest, slug: str, number: int, revision: int) -> HttpResponse:
    """One revision; `?with=` compares it with an earlier one."""
    found = find(request, slug, number)
    readable = RevisionModel.objects.visible_to(request.viewer).filter(deliverable=found)
    page = revision_page(request, found, get_object_or_404(readable, number=revision))
    return render(request, "deliverables/revision.html", page)


@methods("GET")
@member_required
def download(
    request: PersonRequest, slug: str, number: int, revision: int, name: str
) -> HttpResponseBase:
    """A file of a revision, by the right to read the revision."""
    found = find(request, slug, number)
    readable = RevisionModel.objects.visible_to(request.viewer).filter(
        deliverable=found, number=revision
    )
    files = RevisionFile.objects.select_related("stored")
    file = get_object_or_404(files, revision__in=readable, name=name)
    return serve(file.stored, request)


def revision_page(
    request: PersonRequest,
    deliverable: Deliverable,
    revision: RevisionModel,
    comment_form: CommentForm | None = None,
) -> dict[str, Any]:
    """The context of `revision.html`: text or comparison, comments, files, other revisions."""
    readable = RevisionModel.objects.visible_to(request.viewer).filter(deliverable=deliverable)
    listed = (
        readable.defer("source", "html")
        .select_related("author")
        .annotate(comments_count=Count("comments"))
    )
    numbers = list(readable.order_by("-number").values_list("number", flat=True))
    earlier = [number for number in numbers if number < revision.number]
    comments = list(revision.comments.select_related("author", "organization", "answered_by").all())
    older = _compared(request, readable, revision)
    editors = Editorship.objects.current().filter(deliverable=deliverable)
    return {
        **frame(request, deliverable),
        "revision": revision,
        "is_newest": revision.number == numbers[0],
        "revisions": page_of(listed, request.GET, size=REVISIONS_A_PAGE, by="number"),
        "earlier": earlier[:COMPARED_AT_ONCE],
        "has_more_earlier": len(earlier) > COMPARED_AT_ONCE,
        "older": older,
        "difference": rendered_diff_html(older.html, revision.html) if older else "",
        "text": with_quotes(revision.html, comments),
        "comments": comments,
        "waiting": sum(item.state == CommentState.OPEN for item in comments),
        "comment_form": comment_form or CommentForm(),
        "files": list(revision.files.select_related("stored")),
        "editors": [item.person for item in editors.select_related("person")],
        "publications": list(deliverable.publications.all()),
    }


def _compared(
    request: PersonRequest, readable: Any, revision: RevisionModel
) -> RevisionModel | None:
    """The earlier revision that `?with=` names, if the viewer may read it."""
    number = request.GET.get("with", "")
    if not (number.isascii() and number.isdigit() and len(number) < 7):
        return None
    found: RevisionModel | None = readable.filter(
        number=int(number), number__lt=revision.number
    ).first()
    return found
