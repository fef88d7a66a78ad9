"""Meetings: who wrote at once, what was kept, and minutes at each point of their way."""

from typing import Any

from django.test import Client
from django.urls import reverse

from tests import factories
from tests.meetings.calendar_samples import APPLE, GOOGLE
from tests.pages import Stage
from tests.rendered_pages import NOTE, RenderedPage
from tests.states.looking import ANYBODY, browser, in_group, look, seen, sent_back
from workinggroups.meetings import actions as meetings
from workinggroups.meetings.answers import answer_token, poll_token, series_answer_token
from workinggroups.meetings.models import Meeting, NotesConflict


def _open_notes(stage: Stage) -> Meeting:
    """A meeting that is over and in whose notes everybody writes."""
    meeting = stage.held
    if not meeting.has_open_notes:
        meetings.reopen_notes(actor=stage.people["chair"], meeting=meeting)
        meeting.refresh_from_db()
    return meeting


def _place(meeting: Meeting) -> tuple[str, str]:
    return meeting.group.slug, meeting.address


def _kept(stage: Stage) -> NotesConflict:
    """The member's text, which met another that was saved first."""
    meeting = _open_notes(stage)
    path = reverse("notes-edit", args=_place(meeting))
    before = {"source": "We met.\n\n# Results\n\n- None yet.", "base": meeting.notes_count}
    browser(stage, "chair").post(path, before)
    browser(stage, "chair").post(
        path, {"source": "We met twice.\n\n# Results\n\n- One.", "base": before["base"] + 1}
    )
    mine = {"source": f"We met.\n\n# Results\n\n{NOTE}", "base": before["base"] + 1}
    response = browser(stage, "member").post(path, mine)
    assert response.status_code == 302
    return NotesConflict.objects.get(meeting=meeting, author=stage.people["member"], outcome="open")


def _clash(stage: Stage) -> Any:
    kept = _kept(stage)
    return look(browser(stage, "member"), "notes-clash", *_place(kept.meeting), kept.uuid)


def _clash_overtaken(stage: Stage) -> Any:
    """Somebody saved a third text while its author chose between two."""
    kept = _kept(stage)
    path = reverse("notes-clash", args=[*_place(kept.meeting), kept.uuid])
    values = {"choice": "edited", "seen": 0, "source": NOTE}
    response = browser(stage, "member").post(path, values)
    assert response.status_code == 409
    return response


def _set_aside(stage: Stage) -> NotesConflict:
    kept = _kept(stage)
    kept.meeting.refresh_from_db()
    seen = kept.meeting.notes_count
    meetings.settle_text(actor=stage.people["member"], conflict=kept, choice="theirs", seen=seen)
    return kept


def _uncertain(stage: Stage) -> tuple[str, str]:
    """Lines that name nobody, or a day that is none."""
    meeting = _open_notes(stage)
    source = (
        "# Results\n\naction: somebody writes the plan\n\naction: @Nobody Known asks the hospitals"
        "\n\naction: @Chair asks them again by 2026-02-31"
    )
    meetings.save_notes(
        actor=stage.people["chair"], meeting=meeting, base=meeting.notes_count, source=source
    )
    return _place(meeting)


def _drafted(stage: Stage, days: int = 7) -> Meeting:
    meeting = _open_notes(stage)
    meetings.offer_minutes(actor=stage.people["chair"], meeting=meeting, correction_days=days)
    meeting.refresh_from_db()
    return meeting


def _with_a_correction(stage: Stage) -> Meeting:
    meeting = _drafted(stage)
    meetings.ask_for_correction(actor=stage.people["member"], meeting=meeting, text=NOTE)
    return meeting


def _ready(stage: Stage) -> Meeting:
    """Draft minutes whose time for corrections is over."""
    meeting = _with_a_correction(stage)
    Meeting.objects.filter(pk=meeting.pk).update(corrections_until=factories.ago(hours=1))
    meeting.refresh_from_db()
    return meeting


def _approved(stage: Stage) -> Meeting:
    meeting = _ready(stage)
    meetings.approve_minutes(actor=stage.people["chair"], meeting=meeting, seen=meeting.notes_count)
    meeting.refresh_from_db()
    return meeting


def _approved_and_corrected(stage: Stage) -> tuple[str, str]:
    meeting = _approved(stage)
    meetings.note_correction(actor=stage.people["chair"], meeting=meeting, text=NOTE)
    return _place(meeting)


def _cancelled(stage: Stage) -> tuple[str, str]:
    reason = "The speaker is ill. We look for a day in the week after."
    meetings.cancel_meeting(actor=stage.people["chair"], meeting=stage.planned, reason=reason)
    return _place(stage.planned)


def _saved(stage: Stage) -> Any:
    """The meeting's page just after its notes were saved: with the word that they are."""
    meeting = _open_notes(stage)
    values = {"source": NOTE, "base": meeting.notes_count}
    return browser(stage, "member").post(
        reverse("notes-edit", args=_place(meeting)), values, follow=True
    )


def _group_of_few(stage: Stage) -> tuple[str]:
    return (factories.group("Two or three", chair=stage.people["chair"]).slug,)


def _decided_poll(stage: Stage) -> tuple[Any, ...]:
    poll = factories.time_poll(stage.group, "Decided")
    for option in poll.options.all():
        factories.option_answer(option, stage.people["member"])
    option = poll.options.all()[0]
    meetings.decide_poll(actor=stage.people["chair"], poll=poll, option=option)
    return stage.group.slug, poll.uuid


def _overdue_poll(stage: Stage) -> tuple[Any, ...]:
    due_on = factories.ago(days=3).date()
    poll = factories.time_poll(stage.group, "Overdue", answers_due_on=due_on, note=NOTE)
    return stage.group.slug, poll.uuid


def _cancelled_poll(stage: Stage) -> tuple[Any, ...]:
    poll = factories.time_poll(stage.group, "Cancelled")
    meetings.cancel_poll(actor=stage.people["chair"], poll=poll, reason="We meet in spring.")
    return stage.group.slug, poll.uuid


def _gathering(stage: Stage) -> Any:
    """What will happen to the chosen meetings."""
    single = Meeting.objects.filter(group=stage.group).single().order_by("-starts_at")
    query = "&".join(f"meeting={number}" for number in single.values_list("number", flat=True)[:6])
    path = reverse("meeting-gather", args=[stage.group.slug])
    return browser(stage, "chair").get(f"{path}?{query}")


def _dry_run(stage: Stage) -> Any:
    """What an import of a calendar file would do, and what cannot be imported."""
    path = reverse("series-import", args=[stage.group.slug])
    values = {"source": GOOGLE.replace("END:VCALENDAR\n", "") + APPLE, "zone": "UTC"}
    return browser(stage, "chair").post(path, values)


MEETINGS = [
    RenderedPage("import-a-series-dry-run", "meetings", _dry_run, "series-import"),
    RenderedPage("gather-into-a-series", "meetings", _gathering, "meeting-gather"),
    RenderedPage("notes-clash", "meetings", _clash, "notes-clash"),
    RenderedPage("notes-clash-overtaken", "meetings", _clash_overtaken, "notes-clash"),
    RenderedPage(
        "notes-kept",
        "meetings",
        lambda stage: _kept_page(stage, _set_aside(stage)),
        "notes-kept",
    ),
    RenderedPage(
        "notes-history-with-kept",
        "meetings",
        seen("member", "notes-history", lambda stage: _place(_set_aside(stage).meeting)),
    ),
    RenderedPage("notes-saved", "meetings", _saved),
    RenderedPage(
        "assign-lines", "meetings", seen("chair", "meeting-assign", _uncertain), "meeting-assign"
    ),
    RenderedPage(
        "minutes-draft",
        "meetings",
        seen("member", "meeting", lambda stage: _place(_with_a_correction(stage))),
    ),
    RenderedPage(
        "minutes-ask-for-correction",
        "meetings",
        seen("member", "minutes-correct", lambda stage: _place(_drafted(stage))),
        "minutes-correct",
    ),
    RenderedPage(
        "minutes-approve",
        "meetings",
        seen("chair", "minutes-approve", lambda stage: _place(_ready(stage))),
        "minutes-approve",
    ),
    RenderedPage(
        "minutes-approve-too-early",
        "meetings",
        seen("chair", "minutes-approve", lambda stage: _place(_with_a_correction(stage))),
    ),
    RenderedPage(
        "minutes-approved", "meetings", seen("member", "meeting", _approved_and_corrected)
    ),
    RenderedPage(
        "minutes-correct",
        "meetings",
        seen("chair", "minutes-correct", lambda stage: _place(_approved(stage))),
    ),
    RenderedPage(
        "minutes-unlock",
        "meetings",
        seen("chair", "minutes-unlock", lambda stage: _place(_approved(stage))),
        "minutes-unlock",
    ),
    RenderedPage("cancelled", "meetings", seen("member", "meeting", _cancelled)),
    RenderedPage(
        "meetings-with-a-cancelled-one",
        "meetings",
        seen("member", "meetings", lambda stage: _cancelled(stage)[:1]),
    ),
    RenderedPage(
        "plan-sent-back",
        "meetings",
        sent_back(
            "chair",
            "meeting-plan",
            {"title": "", "local_date": "2026-02-31", "zone": "Europe/Oslo", "about": NOTE},
            in_group,
        ),
    ),
    RenderedPage("fair-times-of-few", "meetings", seen("chair", "fair-times", _group_of_few)),
    RenderedPage("poll-decided", "meetings", seen("member", "poll", _decided_poll)),
    RenderedPage("poll-overdue", "meetings", seen("chair", "poll", _overdue_poll)),
    RenderedPage("poll-cancelled", "meetings", seen("member", "poll", _cancelled_poll)),
    RenderedPage(
        "poll-sent-back",
        "meetings",
        sent_back(
            "chair",
            "poll-new",
            {"title": "", "zone": "Europe/Oslo", "times": ["2026-02-31T10:00"], "note": NOTE},
            in_group,
        ),
    ),
    RenderedPage(
        "poll-answer-by-link",
        "meetings",
        seen("", "poll-answer-by-link", lambda stage: (_poll_link(stage),)),
        "poll-answer-by-link",
    ),
    RenderedPage(
        "poll-answered-by-link",
        "meetings",
        lambda stage: Client(**ANYBODY).post(
            reverse("poll-answer-by-link", args=[_poll_link(stage)]), {"rest": "on"}
        ),
    ),
    RenderedPage(
        "answer-by-link",
        "meetings",
        seen("", "meeting-answer-by-link", lambda stage: (_link(stage),)),
        "meeting-answer-by-link",
    ),
    RenderedPage(
        "answered-by-link",
        "meetings",
        lambda stage: Client(**ANYBODY).post(
            reverse("meeting-answer-by-link", args=[_link(stage)]), {"answer": "coming"}
        ),
    ),
    RenderedPage(
        "answer-for-a-series",
        "meetings",
        seen("", "series-answer-by-link", lambda stage: (_series_link(stage),)),
        "series-answer-by-link",
    ),
    RenderedPage(
        "answered-for-a-series",
        "meetings",
        lambda stage: Client(**ANYBODY).post(
            reverse("series-answer-by-link", args=[_series_link(stage)]),
            {"answer": "coming", "following": "on"},
        ),
    ),
]


def _series_link(stage: Stage) -> str:
    """The token in the mail to the member about a series."""
    return series_answer_token(stage.series.uuid, stage.people["member"])


def _poll_link(stage: Stage) -> str:
    return poll_token(stage.poll.uuid, stage.people["member"])


def _link(stage: Stage) -> str:
    """The token in the mail to the member about a meeting to come."""
    return answer_token(factories.meeting(stage.group).uuid, stage.people["member"])


def _kept_page(stage: Stage, kept: NotesConflict) -> Any:
    return look(browser(stage, "chair"), "notes-kept", *_place(kept.meeting), kept.uuid)
