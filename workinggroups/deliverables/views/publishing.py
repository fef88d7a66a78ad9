"""Publish an approved revision."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.http.form_handling import posted, refusals_shown_in, status_of
from common.http.sign_in_required import login_required
from members.people.recent_sign_in import recent_sign_in_required
from members.people.requests import PersonRequest
from workinggroups.deliverables import actions
from workinggroups.deliverables.actions import states
from workinggroups.deliverables.actions.publishing import standing_approval
from workinggroups.deliverables.forms import PublishForm
from workinggroups.deliverables.permissions import can_lead
from workinggroups.deliverables.queries import last_revision
from workinggroups.deliverables.views.page_frame import deliverable_page_context, get_deliverable


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@recent_sign_in_required
def publish(request: PersonRequest, slug: str, number: int) -> HttpResponse:
    """Show the chairs what will be in the catalogue, and publish it."""
    deliverable = get_deliverable(request, slug, number)
    can_lead.require(request.viewer, deliverable)
    states.check(deliverable, "publish")
    revision = last_revision(deliverable)
    approval = standing_approval(deliverable, revision)
    before = deliverable.publications.filter(is_latest=True).first()
    form = PublishForm(posted(request), initial={"number": "" if before else "1.0"})
    if form.is_valid():
        with refusals_shown_in(form):
            publication = actions.publish(
                actor=request.user, deliverable=deliverable, **form.cleaned_data
            )
            facts = {"identifier": publication.identifier, "number": publication.number}
            message = _("%(identifier)s, version %(number)s, is now public.") % facts
            messages.success(request, message)
            return redirect(publication)
    context = {
        **deliverable_page_context(request, deliverable),
        "form": form,
        "revision": revision,
        "files": revision.files.select_related("stored"),
        "authors": deliverable.authorships.select_related("person", "organization"),
        "approval": approval,
        "before": before,
    }
    return render(request, "deliverables/publish.html", context, status=status_of(form))
