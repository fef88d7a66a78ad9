"""An agenda pasted as one text: a preview of its items, then the chosen ones are added."""

from collections.abc import Collection
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from common.errors import Invalid
from common.http.form_handling import posted, refusals_shown_in
from common.http.once import once
from common.http.sign_in_required import login_required
from common.text.figures import with_figures
from common.text.markdown import render as html_of
from members.people.requests import PersonRequest
from workinggroups.meetings import actions, permissions
from workinggroups.meetings.actions.agenda import ItemDetails
from workinggroups.meetings.choices import AGENDA_MAX_ITEMS
from workinggroups.meetings.forms.agenda import PasteForm
from workinggroups.meetings.pasted_agenda import Point
from workinggroups.meetings.views.fetch import meeting_page, meeting_under, people_of


class PreviewRow(NamedTuple):
    """A point of the preview, its text as it will be shown, and whether it is chosen."""

    point: Point
    html: SafeString
    is_chosen: bool


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def agenda_paste(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Split a pasted text into items: the first post shows them, the second adds the chosen ones."""
    meeting = meeting_under(permissions.can_edit_meeting, request, slug, address)
    room = AGENDA_MAX_ITEMS - meeting.agenda.count()
    form = PasteForm(posted(request), people=people_of(meeting.group), room=max(room, 1))
    is_adding = form.is_valid() and "add" in request.POST
    is_seen = is_adding and form.is_seen
    chosen = set(request.POST.getlist("point"))
    if is_seen:
        with refusals_shown_in(form):
            points = form.chosen(chosen)
            if not points:
                raise Invalid(_("Choose at least one item."))
            actions.add_agenda_items(
                actor=request.user, meeting=meeting, items=[_details(point) for point in points]
            )
            words = ngettext("%(count)d item added.", "%(count)d items added.", len(points))
            messages.success(request, words % {"count": len(points)})
            return redirect("meeting-agenda", slug, address)
    context = meeting_page(
        request,
        meeting,
        form=form,
        is_full=room <= 0,
        most=AGENDA_MAX_ITEMS,
        rows=_rows(form, chosen if is_seen else None),
        merged=form.pasted.merged if form.pasted else 0,
        is_changed=is_adding and not is_seen,
    )
    status = 422 if form.errors else 200
    return render(request, "meetings/agenda_paste.html", context, status=status)


def _details(point: Point) -> ItemDetails:
    return {
        "title": point.title,
        "text": point.text,
        "minutes": point.minutes,
        "presenter": point.presenter,
    }


def _rows(form: PasteForm, chosen: Collection[str] | None) -> list[PreviewRow]:
    """Return the preview of the form's text; all points are chosen when it is shown first."""
    points = form.pasted.points if form.pasted else ()
    return [
        PreviewRow(
            point, with_figures(html_of(point.text), {}), chosen is None or str(place) in chosen
        )
        for place, point in enumerate(points)
    ]
