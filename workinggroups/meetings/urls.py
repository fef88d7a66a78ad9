"""Addresses of meetings. The page of one meeting is in `alliance/portal/urls.py`."""

from django.urls import path

from workinggroups.meetings.views import (
    agenda,
    attendance,
    calendar,
    meetings,
    minutes,
    notes,
    series,
    series_answers,
)

BASE = "groups/<group_address:slug>/meetings/"
ONE = f"{BASE}<meeting_address:address>/"

urlpatterns = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/reset/", calendar.calendar_reset, name="calendar-reset"),
    path("calendar/<str:token>.ics", calendar.calendar_feed, name="calendar-feed"),
    path(
        "calendar/<str:token>/<group_address:slug>.ics",
        calendar.calendar_feed,
        name="calendar-group-feed",
    ),
    path("meetings/answer/<str:token>/", attendance.answer_by_link, name="meeting-answer-by-link"),
    path(
        "meetings/answer/series/<str:token>/",
        series_answers.answer_series_by_link,
        name="series-answer-by-link",
    ),
    path(BASE, meetings.meeting_list, name="meetings"),
    path(f"{BASE}plan/", meetings.meeting_plan, name="meeting-plan"),
    path(f"{BASE}enter/", meetings.meeting_enter, name="meeting-enter"),
    path(f"{BASE}series/<uuid:uuid>/", series.meeting_series, name="meeting-series"),
    path(
        f"{BASE}series/<uuid:uuid>/extra/", series.meeting_series_extra, name="meeting-series-extra"
    ),
    path(f"{BASE}series/<uuid:uuid>/end/", series.meeting_series_end, name="meeting-series-end"),
    path(
        f"{BASE}series/<uuid:uuid>/series.ics", series.meeting_series_ics, name="meeting-series-ics"
    ),
    path(f"{ONE}following/", series.meeting_following, name="meeting-following"),
    path(f"{ONE}edit/", meetings.meeting_edit, name="meeting-edit"),
    path(f"{ONE}cancel/", meetings.meeting_cancel, name="meeting-cancel"),
    path(f"{ONE}meeting.ics", meetings.meeting_ics, name="meeting-ics"),
    path(f"{ONE}agenda/", agenda.meeting_agenda, name="meeting-agenda"),
    path(f"{ONE}agenda/post/", agenda.agenda_post, name="agenda-post"),
    path(f"{ONE}agenda/<uuid:uuid>/", agenda.agenda_item, name="agenda-item"),
    path(f"{ONE}agenda/<uuid:uuid>/move/", agenda.agenda_item_move, name="agenda-item-move"),
    path(f"{ONE}agenda/<uuid:uuid>/remove/", agenda.agenda_item_remove, name="agenda-item-remove"),
    path(f"{ONE}answer/", attendance.meeting_answer, name="meeting-answer"),
    path(f"{ONE}attendance/", attendance.meeting_attendance, name="meeting-attendance"),
    path(f"{ONE}notes/", notes.notes_edit, name="notes-edit"),
    path(f"{ONE}notes/both/<uuid:uuid>/", notes.notes_clash, name="notes-clash"),
    path(f"{ONE}notes/history/", notes.notes_history, name="notes-history"),
    path(f"{ONE}notes/history/kept/<uuid:uuid>/", notes.notes_conflict, name="notes-kept"),
    path(f"{ONE}notes/history/<int:revision>/", notes.notes_revision, name="notes-revision"),
    path(f"{ONE}notes/history/<int:revision>/restore/", notes.notes_restore, name="notes-restore"),
    path(f"{ONE}actions/record/", notes.meeting_action, name="meeting-action"),
    path(f"{ONE}actions/assign/", notes.meeting_assign, name="meeting-assign"),
    path(f"{ONE}minutes/offer/", minutes.minutes_offer, name="minutes-offer"),
    path(f"{ONE}minutes/reopen/", minutes.minutes_reopen, name="minutes-reopen"),
    path(f"{ONE}minutes/approve/", minutes.minutes_approve, name="minutes-approve"),
    path(f"{ONE}minutes/unlock/", minutes.minutes_unlock, name="minutes-unlock"),
    path(f"{ONE}minutes/correct/", minutes.minutes_correct, name="minutes-correct"),
]
