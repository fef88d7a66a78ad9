"""The guests of a meeting: the list with a form, removing one, erasing a name."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.http.form_handling import posted, refusals_shown_in, status_of
from common.http.once import once
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.meetings import actions, permissions, queries
from workinggroups.meetings.forms.presence import GuestForm
from workinggroups.meetings.models import Guest, Meeting
from workinggroups.meetings.views.fetch import meeting_of, meeting_page, meeting_under
from workinggroups.meetings.views.live import live_page, sent_from_live, show_live_again


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def meeting_guests(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """List the guests, to officers with a form for the next one."""
    meeting = meeting_of(request, slug, address)
    if request.method == "POST":
        permissions.can_manage_guests.require(request.viewer, meeting)
    form = GuestForm(posted(request))
    if form.is_valid():
        with refusals_shown_in(form):
            guest = actions.add_guest(actor=request.user, meeting=meeting, **form.cleaned_data)
            messages.success(request, _("%(name)s added.") % {"name": guest.name})
            if sent_from_live(request):
                return live_page(request, meeting)
            return redirect("meeting-guests", slug, address)
    if sent_from_live(request):
        return show_live_again(request, meeting, "guest_form", form)
    guests = list(meeting.guests.all())
    for guest in guests:
        guest.meeting = meeting
    viewer = request.viewer
    context = meeting_page(
        request,
        meeting,
        form=form,
        guests=guests,
        can_add_guests=queries.can_add_guests(meeting, viewer),
        # It is one right for all guests of a meeting.
        can_anonymise=bool(guests) and permissions.can_anonymise_guest(viewer, guests[0]),
    )
    return render(request, "meetings/guests.html", context, status=status_of(form))


@require_POST
@login_required
def guest_remove(request: PersonRequest, slug: str, address: str, uuid: UUID) -> HttpResponse:
    """Remove a guest who was added by mistake; one who is gone already stays gone."""
    meeting = meeting_under(permissions.can_manage_guests, request, slug, address)
    guest = meeting.guests.filter(uuid=uuid).first()
    if guest is not None:
        actions.remove_guest(actor=request.user, guest=guest)
        messages.success(request, _("Guest removed."))
    return redirect("meeting-guests", slug, address)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def guest_anonymise(request: PersonRequest, slug: str, address: str, uuid: UUID) -> HttpResponse:
    """Ask whether to erase the name of a guest for good; then erase it."""
    meeting = meeting_of(request, slug, address)
    guest = _guest_of(meeting, uuid)
    permissions.can_anonymise_guest.require(request.viewer, guest)
    if request.method == "POST":
        actions.anonymise_guest(actor=request.user, guest=guest)
        messages.success(request, _("Name removed. The affiliation stays."))
        return redirect("meeting-guests", slug, address)
    context = meeting_page(request, meeting, guest=guest)
    return render(request, "meetings/guest_anonymise.html", context)


def _guest_of(meeting: Meeting, uuid: UUID) -> Guest:
    guest: Guest = get_object_or_404(meeting.guests, uuid=uuid)
    guest.meeting = meeting
    return guest
