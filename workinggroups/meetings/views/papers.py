"""The papers of an agenda item: looking for objects, adding web addresses, order and removal."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import Invalid
from common.http.form_handling import refusals_shown_in, status_of
from common.http.once import once
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.meetings import actions
from workinggroups.meetings.forms.agenda import MoveItemForm, WebPaperForm
from workinggroups.meetings.models import AgendaItem, Paper
from workinggroups.meetings.papers import find_objects, papers_of, ref_of
from workinggroups.meetings.views.agenda import editable_item
from workinggroups.meetings.views.fetch import meeting_page, note_groups_read, papers_read


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def item_papers(request: PersonRequest, slug: str, address: str, uuid: UUID) -> HttpResponse:
    """Show the papers of an item with ways to add one: `?q=` looks for objects to choose from."""
    meeting, item = editable_item(request, slug, address, uuid)
    is_object = "object" in request.POST
    form = WebPaperForm(request.POST if request.method == "POST" and not is_object else None)
    refusal = ""
    if is_object:
        try:
            _add_object(request, item)
            return redirect("agenda-item-papers", slug, address, uuid)
        except Invalid as error:
            refusal = error.message
    elif form.is_valid():
        with refusals_shown_in(form):
            actions.add_web_paper(actor=request.user, item=item, **form.cleaned_data)
            return redirect("agenda-item-papers", slug, address, uuid)
    words = request.GET.get("q", "")[:200]
    papers = papers_read(request, [item]).get(item.uuid, ())
    urls = {paper.url for paper in papers}
    matches = find_objects(request.viewer, meeting.group, words)
    note_groups_read(request, matches)
    context = meeting_page(
        request,
        meeting,
        item=item,
        papers=papers,
        words=words,
        matches=[one for one in matches if one.url not in urls],
        form=form,
        refusal=refusal,
    )
    status = 422 if refusal else status_of(form)
    return render(request, "meetings/item_papers.html", context, status=status)


def _add_object(request: PersonRequest, item: AgendaItem) -> Paper:
    ref = ref_of(request.POST["object"])
    if ref is None:
        raise Invalid(_("We cannot find what you want to add. Look for it again."))
    return actions.add_paper(actor=request.user, item=item, ref=ref)


@require_POST
@login_required
def paper_move(
    request: PersonRequest, slug: str, address: str, uuid: UUID, paper_uuid: UUID
) -> HttpResponse:
    """Move one paper a place up or down."""
    paper = _paper(request, slug, address, uuid, paper_uuid)
    form = MoveItemForm(request.POST)
    if form.is_valid():
        actions.move_paper(actor=request.user, paper=paper, places=form.places)
    return redirect("agenda-item-papers", slug, address, uuid)


@require_POST
@login_required
def paper_remove(
    request: PersonRequest, slug: str, address: str, uuid: UUID, paper_uuid: UUID
) -> HttpResponse:
    """Remove one paper from the item."""
    paper = _paper(request, slug, address, uuid, paper_uuid)
    actions.remove_paper(actor=request.user, paper=paper)
    return redirect("agenda-item-papers", slug, address, uuid)


def _paper(request: PersonRequest, slug: str, address: str, uuid: UUID, paper_uuid: UUID) -> Paper:
    """Return a paper that the officer can see. Raises Http404 for any other."""
    _meeting, item = editable_item(request, slug, address, uuid)
    shown = papers_of([item], request.viewer).get(item.uuid, ())
    if str(paper_uuid) not in {paper.uuid for paper in shown}:
        raise Http404
    return get_object_or_404(
        Paper.objects.select_related("item__meeting__group"), item=item, uuid=paper_uuid
    )
