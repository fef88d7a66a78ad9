"""An agenda pasted as one text: a preview of its items, then the chosen ones are added.

The same page is for the agenda of a meeting and for the template of a series.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
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
from members.people.models import Person
from members.people.requests import PersonRequest
from workinggroups.meetings import actions, permissions, queries
from workinggroups.meetings.actions.agenda import ItemDetails
from workinggroups.meetings.actions.agenda_template import TemplateDetails
from workinggroups.meetings.choices import AGENDA_MAX_ITEMS, AGENDA_TEMPLATE_MAX_ITEMS
from workinggroups.meetings.forms.agenda import PasteForm
from workinggroups.meetings.pasted_agenda import Point
from workinggroups.meetings.views.fetch import (
    meeting_page,
    meeting_under,
    page,
    people_of,
    series_of,
)


@dataclass(frozen=True)
class Target:
    """What the items are added to: the `most` it can have, how many it has, who can present."""

    most: int
    count: int
    people: Iterable[Person]
    add: Callable[[list[Point]], object]
    url: str
    context: dict[str, object]


class PreviewRow(NamedTuple):
    """A point of the preview, its text as it will be shown, and whether it is chosen."""

    point: Point
    html: SafeString
    is_chosen: bool


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def agenda_paste(request: PersonRequest, slug: str, address: str) -> HttpResponse:
    """Add the items of a pasted text to the agenda of a meeting."""
    meeting = meeting_under(permissions.can_edit_meeting, request, slug, address)

    def add(points: list[Point]) -> None:
        items: list[ItemDetails] = [
            {
                "title": point.title,
                "text": point.text,
                "minutes": point.minutes,
                "presenter": point.presenter,
            }
            for point in points
        ]
        actions.add_agenda_items(actor=request.user, meeting=meeting, items=items)

    return _paste(
        request,
        Target(
            most=AGENDA_MAX_ITEMS,
            count=len(queries.agenda_or_template(meeting)),
            people=people_of(meeting.group),
            add=add,
            url=reverse("meeting-agenda", args=[slug, address]),
            context=meeting_page(request, meeting, frame="meetings/_frame.html"),
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def template_paste(request: PersonRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Add the items of a pasted text to the agenda template of a series."""
    series = series_of(request, slug, uuid)
    permissions.can_plan_meeting.require(request.viewer, series.group)

    def add(points: list[Point]) -> None:
        items: list[TemplateDetails] = [
            {"title": point.title, "text": point.text, "minutes": point.minutes} for point in points
        ]
        actions.add_template_items(actor=request.user, series=series, items=items)

    return _paste(
        request,
        Target(
            most=AGENDA_TEMPLATE_MAX_ITEMS,
            count=series.template.count(),
            # A template has no people: their names stay in the titles.
            people=(),
            add=add,
            url=reverse("agenda-template", args=[slug, uuid]),
            context=page(request, series.group, series=series, frame="meetings/_series_frame.html"),
        ),
    )


def _paste(request: PersonRequest, target: Target) -> HttpResponse:
    """Split the text: the first post shows its items, the second adds those chosen."""
    free = target.most - target.count
    form = PasteForm(posted(request), people=target.people, most=max(free, 1))
    is_adding = form.is_valid() and "add" in request.POST
    is_seen = is_adding and form.is_seen
    chosen = set(request.POST.getlist("point"))
    if is_seen:
        with refusals_shown_in(form):
            points = form.chosen(chosen)
            if not points:
                raise Invalid(_("Choose at least one item."))
            target.add(points)
            words = ngettext("%(count)d item added.", "%(count)d items added.", len(points))
            messages.success(request, words % {"count": len(points)})
            return redirect(target.url)
    context = {
        **target.context,
        "form": form,
        "back_url": target.url,
        "is_full": free <= 0,
        "most": target.most,
        "rows": _rows(form, chosen if is_seen else None),
        "merged": form.pasted.merged if form.pasted else 0,
        "is_changed": is_adding and not is_seen,
    }
    status = 422 if form.errors else 200
    return render(request, "meetings/agenda_paste.html", context, status=status)


def _rows(form: PasteForm, chosen: Collection[str] | None) -> list[PreviewRow]:
    """Return the preview of the form's text; all points are chosen when it is shown first."""
    points = form.pasted.points if form.pasted else ()
    return [
        PreviewRow(
            point, with_figures(html_of(point.text), {}), chosen is None or str(place) in chosen
        )
        for place, point in enumerate(points)
    ]
