"""Import series from a calendar file: a dry run says what will happen, then the chosen ones are saved."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from common.errors import Conflict
from common.http.form_handling import posted, posted_files, refusals_shown_in
from common.http.once import once
from common.http.sign_in_required import login_required
from members.people.requests import PersonRequest
from workinggroups.groups.lookup import group_of_member_space
from workinggroups.groups.models import Group
from workinggroups.meetings import actions, permissions, queries
from workinggroups.meetings.calendar_files import components_of
from workinggroups.meetings.choices import IMPORT_MAX_PAST
from workinggroups.meetings.foreign_zones import ForeignZones
from workinggroups.meetings.forms.importing import ImportSeriesForm
from workinggroups.meetings.imported_series import ChangedDate, ImportedSeries
from workinggroups.meetings.models import Meeting, MeetingSeries
from workinggroups.meetings.series_reader import series_in
from workinggroups.meetings.views.fetch import page


@dataclass(frozen=True, slots=True)
class DryRun:
    """What an import of one series would do; `existing` is the one that came from it before."""

    series: ImportedSeries
    existing: MeetingSeries | None
    is_chosen: bool
    first_dates: list[datetime]
    last_date: date | None
    past: int

    @property
    def can_import(self) -> bool:
        return not self.series.problem and self.existing is None

    @property
    def moved(self) -> list[ChangedDate]:
        return [one for one in self.series.exceptions if not one.is_cancelled]

    @property
    def cancelled(self) -> list[ChangedDate]:
        return [one for one in self.series.exceptions if one.is_cancelled]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@once
def series_import(request: PersonRequest, slug: str) -> HttpResponse:
    """Read a calendar file: the first post shows what is in it, the second imports what was chosen."""
    group = group_of_member_space(request, slug)
    permissions.can_plan_meeting.require(request.viewer, group)
    form = ImportSeriesForm(
        posted(request), files=posted_files(request), initial={"zone": _usual_zone(request, group)}
    )
    series_read: list[ImportedSeries] = []
    keys = set(request.POST.getlist("series"))
    if form.is_valid():
        now = timezone.now()
        components = components_of(form.cleaned_data["lines"])
        zones = ForeignZones(components, now=now, preferred=form.cleaned_data["zone"])
        with refusals_shown_in(form):
            series_read = series_in(components, zones, now=now)
        # A new file is always shown first.
        if series_read and "save" in request.POST and not form.cleaned_data["file"]:
            with refusals_shown_in(form):
                form.chosen(sorted(keys))
                if response := _import(request, group, form, series_read, keys):
                    return response
    lines = form.cleaned_data.get("lines", "") if form.is_bound else ""
    context = page(
        request,
        group,
        form=form,
        runs=_runs(group, series_read, keys),
        lines=lines,
        most_past=IMPORT_MAX_PAST,
        has_read=bool(series_read) or bool(lines and not form.errors),
    )
    status = 422 if form.errors else 200
    return render(request, "meetings/series_import.html", context, status=status)


def _import(
    request: PersonRequest,
    group: Group,
    form: ImportSeriesForm,
    series_read: list[ImportedSeries],
    keys: set[str],
) -> HttpResponse | None:
    """Import all chosen series, or none of them; a refusal is shown in the form."""
    chosen = [each for each in series_read if each.key in keys]
    try:
        with transaction.atomic():
            planned = [
                actions.import_series(
                    actor=request.user,
                    group=group,
                    imported=each,
                    with_past=form.cleaned_data["with_past"],
                )
                for each in chosen
            ]
    except Conflict as error:
        form.add_error(None, error.message)
        return None
    if not planned:
        form.chosen([])
        return None
    messages.success(
        request,
        ngettext(
            "%(count)d series imported. The group has been notified.",
            "%(count)d series imported. The group has been notified.",
            len(planned),
        )
        % {"count": len(planned)},
    )
    return redirect(planned[0]) if len(planned) == 1 else redirect("meetings", group.slug)


def _runs(group: Group, series_read: list[ImportedSeries], keys: set[str]) -> list[DryRun]:
    """Return what is shown of each series; a single one that can be imported is chosen at first,
    with all of its weekdays."""
    now = timezone.now()
    existing = queries.imported_already(group, [uid for each in series_read for uid in each.uids])
    known = {
        each.uid: next((existing[u] for u in each.uids if u in existing), None)
        for each in series_read
    }
    able = [each for each in series_read if not each.problem and known[each.uid] is None]
    is_one = len({each.whole_uid or each.uid for each in able}) == 1
    chosen = keys or ({each.key for each in able} if is_one else set())
    return [_run(each, known[each.uid], each.key in chosen, now) for each in series_read]


def _run(
    series: ImportedSeries, existing: MeetingSeries | None, is_chosen: bool, now: datetime
) -> DryRun:
    if series.problem:
        return DryRun(series, existing, False, [], None, 0)
    return DryRun(
        series,
        existing,
        is_chosen and existing is None,
        [series.moment(day) for day in series.first_dates(now)],
        series.recurrence.until if series.recurrence else None,
        len(series.past(now)),
    )


def _usual_zone(request: PersonRequest, group: Group) -> str:
    """Return the zone of the group's last meeting, or of the person."""
    last = Meeting.objects.filter(group=group).order_by("-starts_at").first()
    return last.zone if last else request.user.zone
