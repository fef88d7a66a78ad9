"""Addresses of meetings. The page of one meeting is in `alliance/portal/urls.py`."""

from django.urls import path

from workinggroups.meetings.views import (
    agenda,
    agenda_paste,
    agenda_template,
    attendance,
    attendance_import,
    calendar,
    competition,
    documents,
    fairness,
    gathering,
    guests,
    importing,
    live,
    meetings,
    minutes,
    notes,
    papers,
    polls,
    presence,
    proposals,
    recordings,
    rotations,
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
    path(
        "meetings/answer/poll/<str:token>/", polls.poll_answer_by_link, name="poll-answer-by-link"
    ),
    path(BASE, meetings.meeting_list, name="meetings"),
    path(f"{BASE}plan/", meetings.meeting_plan, name="meeting-plan"),
    path(f"{BASE}enter/", meetings.meeting_enter, name="meeting-enter"),
    path(f"{BASE}gather/", gathering.meeting_gather, name="meeting-gather"),
    path(f"{BASE}import/", importing.series_import, name="series-import"),
    path(f"{BASE}fair-times/", fairness.fair_times_page, name="fair-times"),
    path(f"{BASE}fair-times/plan/", rotations.rotation_plan, name="rotation-plan"),
    path(f"{BASE}polls/", polls.poll_list, name="polls"),
    path(f"{BASE}polls/new/", polls.poll_new, name="poll-new"),
    path(f"{BASE}polls/<uuid:uuid>/", polls.poll, name="poll"),
    path(f"{BASE}polls/<uuid:uuid>/answers/", polls.poll_answers, name="poll-answers"),
    path(f"{BASE}polls/<uuid:uuid>/choose/", polls.poll_decide, name="poll-decide"),
    path(f"{BASE}polls/<uuid:uuid>/edit/", polls.poll_edit, name="poll-edit"),
    path(f"{BASE}polls/<uuid:uuid>/cancel/", polls.poll_cancel, name="poll-cancel"),
    path(f"{BASE}series/<uuid:uuid>/", series.meeting_series, name="meeting-series"),
    path(
        f"{BASE}series/<uuid:uuid>/extra/", series.meeting_series_extra, name="meeting-series-extra"
    ),
    path(f"{BASE}series/<uuid:uuid>/end/", series.meeting_series_end, name="meeting-series-end"),
    path(
        f"{BASE}series/<uuid:uuid>/series.ics", series.meeting_series_ics, name="meeting-series-ics"
    ),
    path(
        f"{BASE}series/<uuid:uuid>/agenda/", agenda_template.agenda_template, name="agenda-template"
    ),
    path(
        f"{BASE}series/<uuid:uuid>/agenda/paste/",
        agenda_paste.template_paste,
        name="template-paste",
    ),
    path(
        f"{BASE}series/<uuid:uuid>/agenda/<uuid:item_uuid>/",
        agenda_template.template_item,
        name="template-item",
    ),
    path(
        f"{BASE}series/<uuid:uuid>/agenda/<uuid:item_uuid>/move/",
        agenda_template.template_item_move,
        name="template-item-move",
    ),
    path(
        f"{BASE}series/<uuid:uuid>/agenda/<uuid:item_uuid>/remove/",
        agenda_template.template_item_remove,
        name="template-item-remove",
    ),
    path(f"{ONE}following/", series.meeting_following, name="meeting-following"),
    path(f"{ONE}edit/", meetings.meeting_edit, name="meeting-edit"),
    path(f"{ONE}cancel/", meetings.meeting_cancel, name="meeting-cancel"),
    path(f"{ONE}meeting.ics", meetings.meeting_ics, name="meeting-ics"),
    path(f"{ONE}agenda/", agenda.meeting_agenda, name="meeting-agenda"),
    path(f"{ONE}agenda/post/", agenda.agenda_post, name="agenda-post"),
    path(f"{ONE}agenda/begin/", agenda_template.agenda_begin, name="agenda-begin"),
    path(f"{ONE}agenda/template/", agenda_template.agenda_as_template, name="agenda-as-template"),
    path(f"{ONE}agenda/carry-over/", agenda.agenda_carry_over, name="agenda-carry-over"),
    path(f"{ONE}agenda/paste/", agenda_paste.agenda_paste, name="agenda-paste"),
    path(f"{ONE}agenda/proposals/new/", proposals.proposal_new, name="agenda-proposal-new"),
    path(
        f"{ONE}agenda/proposals/<uuid:uuid>/", proposals.proposal_edit, name="agenda-proposal-edit"
    ),
    path(
        f"{ONE}agenda/proposals/<uuid:uuid>/withdraw/",
        proposals.proposal_withdraw,
        name="agenda-proposal-withdraw",
    ),
    path(
        f"{ONE}agenda/proposals/<uuid:uuid>/answer/",
        proposals.proposal_answer,
        name="agenda-proposal-answer",
    ),
    path(f"{ONE}agenda/<uuid:uuid>/", agenda.agenda_item, name="agenda-item"),
    path(f"{ONE}agenda/<uuid:uuid>/move/", agenda.agenda_item_move, name="agenda-item-move"),
    path(f"{ONE}agenda/<uuid:uuid>/remove/", agenda.agenda_item_remove, name="agenda-item-remove"),
    path(f"{ONE}agenda/<uuid:uuid>/papers/", papers.item_papers, name="agenda-item-papers"),
    path(
        f"{ONE}agenda/<uuid:uuid>/papers/<uuid:paper_uuid>/move/",
        papers.paper_move,
        name="agenda-paper-move",
    ),
    path(
        f"{ONE}agenda/<uuid:uuid>/papers/<uuid:paper_uuid>/remove/",
        papers.paper_remove,
        name="agenda-paper-remove",
    ),
    path(f"{ONE}answer/", attendance.meeting_answer, name="meeting-answer"),
    path(f"{ONE}attendance/", attendance.meeting_attendance, name="meeting-attendance"),
    path(
        f"{ONE}attendance/import/",
        attendance_import.attendance_import,
        name="meeting-attendance-import",
    ),
    path(
        f"{ONE}attendance/claims/<uuid:uuid>/", presence.claim_answer, name="meeting-claim-answer"
    ),
    path(f"{ONE}attendance/claim/", presence.meeting_claim, name="meeting-claim"),
    path(f"{ONE}attendance/guests/", guests.meeting_guests, name="meeting-guests"),
    path(
        f"{ONE}attendance/guests/<uuid:uuid>/remove/",
        guests.guest_remove,
        name="meeting-guest-remove",
    ),
    path(
        f"{ONE}attendance/guests/<uuid:uuid>/name/",
        guests.guest_anonymise,
        name="meeting-guest-anonymise",
    ),
    path(
        f"{ONE}competition-law/",
        competition.meeting_competition_law,
        name="meeting-competition-law",
    ),
    path(f"{ONE}agenda/<uuid:uuid>/begin/", live.item_begin, name="agenda-item-begin"),
    path(f"{ONE}agenda/<uuid:uuid>/end/", live.item_end, name="agenda-item-end"),
    path(f"{ONE}live/", live.meeting_live, name="meeting-live"),
    path(f"{ONE}live/state/", live.meeting_live_state, name="meeting-live-state"),
    path(f"{ONE}live/hand/", live.meeting_hand, name="meeting-hand"),
    path(f"{ONE}live/present/", live.mark_present, name="meeting-mark-present"),
    path(f"{ONE}live/speakers/add/", live.speaker_add, name="meeting-speaker-add"),
    path(f"{ONE}live/speakers/next/", live.speaker_next, name="meeting-speaker-next"),
    path(
        f"{ONE}live/speakers/<uuid:uuid>/close/", live.speaker_close, name="meeting-speaker-close"
    ),
    path(f"{ONE}check-in/", presence.meeting_check_in, name="meeting-check-in"),
    path(f"{ONE}notes/", notes.notes_edit, name="notes-edit"),
    path(f"{ONE}notes/import/", notes.notes_import, name="notes-import"),
    path(f"{ONE}notes/markdown/", notes.notes_markdown, name="notes-markdown"),
    path(f"{ONE}notes/both/<uuid:uuid>/", notes.notes_clash, name="notes-clash"),
    path(f"{ONE}notes/history/", notes.notes_history, name="notes-history"),
    path(f"{ONE}notes/history/kept/<uuid:uuid>/", notes.notes_conflict, name="notes-kept"),
    path(f"{ONE}notes/history/<int:revision>/", notes.notes_revision, name="notes-revision"),
    path(f"{ONE}notes/history/<int:revision>/restore/", notes.notes_restore, name="notes-restore"),
    path(f"{ONE}actions/record/", notes.meeting_action, name="meeting-action"),
    path(f"{ONE}actions/assign/", notes.meeting_assign, name="meeting-assign"),
    path(f"{ONE}recording/", recordings.meeting_recording, name="meeting-recording"),
    path(f"{ONE}recording/consent/", recordings.recording_consent, name="recording-consent"),
    path(f"{ONE}recording/link/", recordings.recording_link, name="recording-link"),
    path(
        f"{ONE}recording/transcript/", recordings.recording_transcript, name="recording-transcript"
    ),
    path(f"{ONE}recording/delete/", recordings.recording_delete, name="recording-delete"),
    path(f"{ONE}minutes/offer/", minutes.minutes_offer, name="minutes-offer"),
    path(f"{ONE}minutes/reopen/", minutes.minutes_reopen, name="minutes-reopen"),
    path(f"{ONE}minutes/approve/", minutes.minutes_approve, name="minutes-approve"),
    path(f"{ONE}minutes/unlock/", minutes.minutes_unlock, name="minutes-unlock"),
    path(f"{ONE}minutes/correct/", minutes.minutes_correct, name="minutes-correct"),
    path(f"{ONE}minutes/print/", documents.minutes_print, name="minutes-print"),
    path(f"{ONE}minutes/sealed/", documents.minutes_sealed, name="minutes-sealed"),
    path(f"{ONE}minutes/pdf/", documents.minutes_pdf_request, name="minutes-pdf-request"),
    path(f"{ONE}minutes/pdf/<uuid:uuid>/", documents.minutes_pdf, name="minutes-pdf"),
    path(
        f"{BASE}series/<uuid:uuid>/minutes/",
        documents.series_minutes,
        name="meeting-series-minutes",
    ),
    path(
        f"{BASE}series/<uuid:uuid>/minutes/<uuid:file>/",
        documents.series_minutes_pdf,
        name="meeting-series-minutes-pdf",
    ),
    path(
        f"{ONE}minutes/corrections/<uuid:uuid>/",
        minutes.correction_answer,
        name="correction-answer",
    ),
]
