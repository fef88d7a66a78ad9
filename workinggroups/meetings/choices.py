"""States of a meeting and its minutes, and limits with their units."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.record.verbs import Verb

MEETING_MAX_MINUTES = 24 * 60
AGENDA_MAX_ITEMS = 60
AGENDA_TEMPLATE_MAX_ITEMS = 30
# So many days before an agenda is due, it begins with its template. Without a notice period in the
# charter, it is due when the meeting begins, and the officers are reminded so many days before.
AGENDA_REMINDER_DAYS = 2
# Nobody is reminded of the agenda of a meeting that was scheduled less than so many minutes ago.
AGENDA_REMINDER_AFTER_MINUTES = 60
# So many items proposed for an agenda can wait for an answer: of one person, and in all.
PROPOSALS_OPEN_EACH = 10
PROPOSALS_OPEN_MAX = 60
PROPOSAL_REASON_MAX_CHARACTERS = 2000
AGENDA_TITLE_MAX_CHARACTERS = 160
AGENDA_TEXT_MAX_CHARACTERS = 20_000  # of one item
# Of an agenda pasted as one text: less, so that the text of one item has room for the whole of it.
AGENDA_PASTE_MAX_CHARACTERS = 15_000
# So many papers an item, and so many matches while one is looked for.
PAPERS_MAX = 20
PAPERS_FOUND = 20
PAPER_TITLE_MAX_CHARACTERS = 200
# On the page of a paper, so many of the meetings at which it was discussed.
DISCUSSED_SHOWN = 5
DISCUSSED_A_PAGE = 50
# One agenda item lists so many open action items; their page has the others.
CARRIED_ACTION_ITEMS = 40
# At most so many action items per save of the notes, since each one notifies its owner.
ITEMS_AT_ONCE = 200
# Minutes not approved so many days after the meeting are shown as late.
MINUTES_DUE_DAYS = 21
CORRECTION_DAYS = 7
# Whoever writes is reminded so many days after a meeting whose minutes were not offered yet.
MINUTES_REMINDER_DAYS = 5
# Nobody is reminded of minutes of meetings that were longer ago, such as in the first run.
MINUTES_REMINDED_DAYS = 90
CORRECTION_MAX_CHARACTERS = 2000
# A recording and its transcript are kept for so many days, unless an officer chooses another day.
RECORDING_DAYS = 90
RECORDING_MAX_DAYS = 366
CONSENT_MAX_CHARACTERS = 300
TRANSCRIPT_MAX_BYTES = 4 * 1024 * 1024
TRANSCRIPT_MAX_CUES = 20_000
# What approved minutes' checksum covers: at first the text alone, now text, roll and decisions.
SEAL_TEXT = 1
SEAL_MINUTES = 2
# A calendar feed has meetings of so many days before and after today, up to a maximum.
FEED_PAST_DAYS = 90
FEED_COMING_DAYS = 400
FEED_MAX_MEETINGS = 500
FEED_MAX_SERIES = 100
# A month of the calendar shows so many meetings.
MONTH_MAX_MEETINGS = 500

# From so many minutes before the start people can check in.
CHECK_IN_MINUTES = 15
# A meeting that takes longer than planned goes on for at most so many minutes after its end.
OVERRUN_MINUTES = 60
# The page "In the meeting" is linked until so many hours after the planned end.
LIVE_HOURS = 24
# So many guests a meeting, and what is written of each in characters.
GUESTS_MAX = 200
GUEST_NAME_MAX_CHARACTERS = 120
AFFILIATION_MAX_CHARACTERS = 160
CLAIM_NOTE_MAX_CHARACTERS = 300
# A list of attendance from a video call: its bytes, its lines, and the participants after lines of one
# person are merged. A form can have 500 fields, two of which each participant has.
ATTENDANCE_FILE_MAX_BYTES = 2_000_000
ATTENDANCE_LIST_MAX_ROWS = 2000
ATTENDANCE_LIST_MAX_LINES = 240

# Meetings of a series exist so many days ahead, and at least one of them.
SERIES_AHEAD_DAYS = 200
SERIES_MAX_INTERVAL = 12
SERIES_MAX_SKIPPED = 100  # days
SKIPPED_REASON_MAX_CHARACTERS = 100
# Of each series, so many coming meetings are listed with those of the group.
SERIES_SHOWN = 3
# So many coming meetings of a series can be extra ones.
SERIES_MAX_EXTRA = 50
# The longest meeting of several days.
SEVERAL_DAYS_MAX = 14
# While a series is planned: at how many of its dates we look who has another meeting, and how many of
# them are shown.
DATES_CHECKED = 30
DATES_SHOWN = 4

# So many meetings scheduled singly are offered and can be gathered into a series at once.
GATHERED_MAX = 100
# A meeting so many days from a date of the series without a meeting counts as moved from there.
MOVED_MAX_DAYS = 3

# A calendar file to import: its size, events and the length of one line; more than so many exceptions
# or past meetings of one series are not taken over, nor more series at once; nor are more shown.
CALENDAR_FILE_MAX_BYTES = 512 * 1024
CALENDAR_FILE_MAX_EVENTS = 1000
CALENDAR_LINE_MAX_CHARACTERS = 20_000
IMPORT_MAX_EXCEPTIONS = 100
IMPORT_MAX_PAST = 100
IMPORT_MAX_SERIES = 10
IMPORT_MAX_SHOWN = 50

# A poll for a time proposes so many times, each within so many days from now.
POLL_MIN_OPTIONS = 2
POLL_MAX_OPTIONS = 60
POLL_AHEAD_DAYS = 400
POLL_NOTE_MAX_CHARACTERS = 2000
# A group has at most so many open polls.
POLLS_OPEN_MAX = 20


# Fair times: a region of fewer people is counted with its neighbour, so that it tells nobody's zone.
REGION_MIN_PEOPLE = 3
# Ways to share the hours are compared over so many meetings: each of one, two or three times in turn
# comes equally often.
COMPARED_MEETINGS = 12
ROTATION_MAX_TIMES = 3
COMPARED_MAX_TIMES = 60
QUARTER_DAYS = 91


# Clock changes: people are notified so many days before the first meeting at another hour. Where it is
# at the former hour again within so many days, that is part of the same notification.
CLOCK_CHANGE_NOTIFY_DAYS = 7
CLOCK_CHANGE_SHORT_DAYS = 42
# Meetings of other series that shift by the same change are named with it, so many days ahead.
CLOCK_CHANGE_TOGETHER_DAYS = 45
CLOCK_CHANGE_SERIES_NAMED = 20
CLOCK_CHANGE_SHOWN_DAYS = 60


class Frequency(models.TextChoices):
    """How often a series meets; weekday and day of the month are those of its first meeting.

    DAILY: the days of one meeting of several days, which has a last day.
    """

    DAILY = "daily", _("Every day")
    WEEKLY = "weekly", _("Weekly")
    MONTHLY_WEEKDAY = "monthly_weekday", _("Monthly on the same weekday")
    MONTHLY_LAST = "monthly_last", _("Monthly on the last such weekday")
    MONTHLY_DAY = "monthly_day", _("Monthly on the same day of the month")


# What can be chosen for a meeting that repeats.
REPEATING = [choice for choice in Frequency.choices if choice[0] != Frequency.DAILY]


class SeriesState(models.TextChoices):
    ACTIVE = "active", _("Active")
    ENDED = "ended", _("Ended")


class PollState(models.TextChoices):
    OPEN = "open", _("Open")
    DECIDED = "decided", _("Decided")
    CANCELLED = "cancelled", _("Cancelled")


class Availability(models.TextChoices):
    """Whether a person can meet at a proposed time."""

    YES = "yes", _("Yes")
    IF_NEEDED = "if_needed", _("If need be")
    NO = "no", _("No")


class InSeries(models.TextChoices):
    """How a meeting belongs to its series.

    DATE: by the rule. EXTRA: scheduled beside the rule. DROPPED: a changed rule has no date for it, so
    it is cancelled. Empty for a meeting of no series.
    """

    DATE = "date", _("Date of the series")
    EXTRA = "extra", _("Extra meeting")
    DROPPED = "dropped", _("Without a date")


class MeetingState(models.TextChoices):
    PLANNED = "planned", _("Scheduled")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


class MinutesState(models.TextChoices):
    """NONE: the notes are still open. DRAFT: offered for correction. APPROVED: the minutes."""

    NONE = "none", _("Notes open")
    DRAFT = "draft", _("Draft minutes")
    APPROVED = "approved", _("Approved minutes")


class Goal(models.TextChoices):
    INFORM = "inform", _("To inform")
    DISCUSS = "discuss", _("To discuss")
    DECIDE = "decide", _("To decide")


class AttendanceState(models.TextChoices):
    COMING = "coming", _("Coming")
    REGRETS = "regrets", _("Can't come")
    PRESENT = "present", _("Present")
    ABSENT = "absent", _("Absent")


class CarriedKind(models.TextChoices):
    """What an item was carried over from: `AgendaItem.carried_uuid` says which one."""

    ITEM = "item", _("Item of an earlier agenda")
    ACTION_ITEMS = "action_items", _("Open action items")  # of the group
    COMMENTS = "comments", _("Unresolved comments")  # on a deliverable


class PresenceSource(models.TextChoices):
    """How we know that a person was present."""

    SELF = "self", _("checked in")
    OFFICER = "officer", _("recorded by an officer")
    IMPORTED = "imported", _("from the report of the video call")
    CLAIM = "claim", _("confirmed afterwards")


class NotAttending(models.TextChoices):
    """Why someone in the list of a video call is left out when it is imported."""

    PROGRAM = "program", _("A program that records or takes notes")
    DEVICE = "device", _("A meeting room")
    TELEPHONE = "telephone", _("No name, only a telephone number")
    NAMELESS = "nameless", _("No name, only an address")
    WAITING = "waiting", _("Was only in the waiting room")
    SAME = "same", _("Is in the list already")
    LISTED = "listed", _("Is on the list of guests already")


class ListedAs(models.TextChoices):
    """As what someone in the list of a video call is imported."""

    PERSON = "person", _("In the group")
    GUEST = "guest", _("Guest")
    NOBODY = "nobody", _("Leave out")


class ClaimState(models.TextChoices):
    OPEN = "open", _("Waiting for an officer")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")


class ProposalState(models.TextChoices):
    """What became of an item that somebody proposed for an agenda."""

    OPEN = "open", _("Not answered yet")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class TextOutcome(models.TextChoices):
    """What happened to a text that could not be saved because another person saved first."""

    OPEN = "open", _("Waiting for its author")
    MERGED = "merged", _("Merged")
    SAVED = "saved", _("Saved over the other")
    SET_ASIDE = "set_aside", _("Set aside")


class CorrectionKind(models.TextChoices):
    ASKED = "asked", _("Requested for the draft")
    NOTE = "note", _("Correction to the approved minutes")


class CorrectionAnswer(models.TextChoices):
    OPEN = "open", _("Not answered yet")
    TAKEN_UP = "taken_up", _("Taken up")
    DECLINED = "declined", _("Declined")


class MinutesReminder(models.IntegerChoices):
    """Of what the people who write were reminded last, for one meeting."""

    NONE = 0, _("None")
    TO_OFFER = 1, _("To offer the minutes")
    LATE = 2, _("The minutes are late")


class PdfKind(models.TextChoices):
    """What a PDF of a meeting is."""

    MINUTES = "minutes", _("Minutes")
    COMPETITION = "competition", _("Competition-law record")


class SeriesAct(Verb):
    PLANNED = "planned", _("Planned")
    GATHERED = "gathered", _("Gathered from single meetings")
    CHANGED = "changed", _("Changed")
    ENDED = "ended", _("Ended")


class MeetingAct(Verb):
    PLANNED = "planned", _("Planned")
    ENTERED_AFTERWARDS = "entered_afterwards", _("Added afterwards")
    MOVED = "moved", _("Moved")
    CANCELLED = "cancelled", _("Cancelled")
    AGENDA_POSTED = "agenda_posted", _("Agenda posted")
    CARRIED_OVER = "carried_over", _("Agenda items carried over")
    ITEM_PROPOSED = "item_proposed", _("Agenda item proposed")
    PROPOSAL_ACCEPTED = "proposal_accepted", _("Proposed item accepted")
    PROPOSAL_DECLINED = "proposal_declined", _("Proposed item declined")
    PROPOSAL_WITHDRAWN = "proposal_withdrawn", _("Proposed item withdrawn")
    ATTENDANCE_RECORDED = "attendance_recorded", _("Attendance recorded")
    NOTES_RESTORED = "notes_restored", _("Earlier notes restored")
    MINUTES_OFFERED = "minutes_offered", _("Draft minutes offered")
    NOTES_REOPENED = "notes_reopened", _("Notes reopened")
    MINUTES_APPROVED = "minutes_approved", _("Minutes approved")
    MINUTES_UNLOCKED = "minutes_unlocked", _("Minutes unlocked")
    MINUTES_CORRECTED = "minutes_corrected", _("Minutes corrected")
    CORRECTION_ANSWERED = "correction_answered", _("Requested correction answered")
    CLAIM_CONFIRMED = "claim_confirmed", _("Attendance confirmed afterwards")
    GUEST_ADDED = "guest_added", _("Guest added")
    GUEST_REMOVED = "guest_removed", _("Guest removed")
    GUEST_ANONYMISED = "guest_anonymised", _("Name of a guest removed")
    COMPETITION_LAW_SHOWN = "competition_law_shown", _("Competition-law notice shown")
    RECORDING_CONSENT_NOTED = "recording_consent_noted", _("Consent to the recording noted")
    RECORDING_ADDED = "recording_added", _("Recording added")
    TRANSCRIPT_ADDED = "transcript_added", _("Transcript added")
    RECORDING_DELETED = "recording_deleted", _("Recording and transcript deleted")
