"""Choose the editors and authors of a deliverable."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.http.form_handling import posted, refusals_shown_in, status_of
from common.http.sign_in_required import login_required
from members.people.models import Person
from members.people.requests import PersonRequest
from workinggroups.deliverables import actions
from workinggroups.deliverables.forms import AuthorsForm, EditorForm
from workinggroups.deliverables.models import Authorship, Deliverable
from workinggroups.deliverables.permissions import can_edit, can_lead
from workinggroups.deliverables.queries import editor_ids
from workinggroups.deliverables.views.page_frame import deliverable_page_context, get_deliverable
from workinggroups.groups.models import Seat
from workinggroups.groups.queries import members_of


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def people(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """List editors and authors; the chairs add editors among the participants who can write."""
    deliverable = get_deliverable(request, slug, number)
    if request.method == "POST":
        can_lead.require(request.viewer, deliverable)
    editors = editor_ids(deliverable)
    writers = Seat.objects.filter(group=deliverable.group).exclude(level="observer")
    eligible = members_of(deliverable.group_id).filter(pk__in=writers.values("person"))
    form = EditorForm(posted(request), people=eligible.exclude(pk__in=editors))
    if form.is_valid():
        person = form.cleaned_data["person"]
        with refusals_shown_in(form):
            actions.name_editor(actor=request.user, deliverable=deliverable, person=person)
            messages.success(request, _("%(person)s is now an editor.") % {"person": person})
            return redirect("deliverable-people", slug, number)
    context = {
        **deliverable_page_context(request, deliverable),
        "form": form,
        "editors": Person.objects.filter(pk__in=editors),
        "authors": _authorships(deliverable),
    }
    return render(request, "deliverables/people.html", context, status=status_of(form))


@require_POST
@login_required
def release(request: PersonRequest, slug: str, number: int, uuid: str) -> HttpResponse:
    """Release an editor."""
    deliverable = get_deliverable(request, slug, number)
    editors = Person.objects.filter(pk__in=editor_ids(deliverable))
    person = get_object_or_404(editors, uuid=uuid)
    actions.release_editor(actor=request.user, deliverable=deliverable, person=person)
    return redirect("deliverable-people", slug, number)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def authors(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """Choose the authors and their order."""
    deliverable = get_deliverable(request, slug, number)
    can_edit.require(request.viewer, deliverable, editor_ids(deliverable))
    authorships = _authorships(deliverable)
    positions = {item.person_id: item.position for item in authorships}
    members = members_of(deliverable.group_id).exclude(pk__in=positions)
    form = AuthorsForm(
        posted(request),
        authors=[item.person for item in authorships],
        others=members.order_by("sort_name", "pk"),
        positions=positions,
    )
    if form.is_valid():
        with refusals_shown_in(form):
            actions.name_authors(
                actor=request.user, deliverable=deliverable, people=form.in_order()
            )
            messages.success(request, _("Authors saved."))
            if form.cleaned_data.get("another"):
                # Authors are looked up one at a time: show the form again, also to set the order.
                return redirect("deliverable-authors", slug, number)
            return redirect("deliverable-people", slug, number)
    context = {**deliverable_page_context(request, deliverable), "form": form}
    return render(request, "deliverables/authors.html", context, status=status_of(form))


def _authorships(deliverable: Deliverable) -> list[Authorship]:
    return list(deliverable.authorships.select_related("person", "organization"))
