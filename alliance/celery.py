"""The Celery application and, in one table, the schedule of periodic tasks."""

import os
import signal

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_init, worker_process_init, worker_ready

from alliance.server.launch import die_with

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")

app = Celery("alliance")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def _every(seconds: int, task: str, *, expires: int) -> dict[str, object]:
    """Run the task so often. Its messages expire, so that a stopped worker does not find a thousand
    of them when it starts."""
    return {"task": task, "schedule": seconds, "options": {"expires": expires}}


def _daily(hour: int, minute: int, task: str) -> dict[str, object]:
    return {"task": task, "schedule": crontab(hour=hour, minute=minute)}


app.conf.beat_schedule = {
    "mail, in case a message was lost": _every(30, "mail.deliver_due", expires=25),
    "notifications, in case a message was lost": _every(20, "notifications.tell", expires=15),
    "digests, as mornings come round the world": {
        "task": "notifications.tell_digests",
        "schedule": crontab(minute="1,16,31,46"),
    },
    "codes nobody typed in": _daily(3, 0, "onboarding.forget_old_proofs"),
    "old mail": _daily(3, 10, "mail.prune"),
    "PDF files nobody uses": _daily(3, 25, "pdf.sweep"),
    "discarded files": _daily(3, 20, "files.sweep"),
    "ended sign-ins and tokens": _daily(3, 30, "people.purge_expired"),
    "grants that are over": _daily(3, 35, "access.sweep_grants"),
    "outdated comparisons": _daily(3, 40, "comparisons.sweep"),
    "drafts nobody went on with": _daily(3, 50, "drafts.sweep"),
    # Before each hour of the digests: their zones begin at any quarter of an hour.
    "action items that are due": {
        "task": "groups.remind_of_due_items",
        "schedule": crontab(minute="10,25,40,55"),
    },
    "voters who left their organization": _every(600, "groups.end_lapsed_voters", expires=500),
    "clocks that change on different days": _daily(6, 30, "meetings.notify_of_clock_changes"),
    "polls that are due": {"task": "meetings.remind_of_polls", "schedule": crontab(minute=20)},
    "meetings of series further ahead": {
        "task": "meetings.extend_series",
        "schedule": crontab(minute=5),
    },
    "minutes that become final": _every(60, "meetings.make_minutes_final", expires=50),
    "ballots whose time is over": _every(30, "decisions.close_ballots", expires=25),
    "rolls of open ballots": _every(300, "decisions.keep_rolls", expires=280),
    "votes that are missing": {"task": "decisions.remind_voters", "schedule": crontab(minute=25)},
    "results that nobody stated": {
        "task": "decisions.state_results",
        "schedule": crontab(minute=35),
    },
    "recordings whose time is over": {
        "task": "meetings.delete_recordings",
        "schedule": crontab(minute=20),
    },
    "minutes that are missing": _daily(6, 10, "meetings.remind_of_minutes"),
    "agendas that begin with their template": {
        "task": "meetings.begin_due_agendas",
        "schedule": crontab(minute=10),
    },
    # After the agendas that begin with their template.
    "agendas that are missing": {
        "task": "meetings.remind_of_agendas",
        "schedule": crontab(minute=15),
    },
    "proposals that nobody answered in time": _every(
        300, "meetings.move_open_proposals", expires=240
    ),
    "numbers of meetings of series": _every(60, "meetings.number_begun", expires=50),
    # Finds nothing, cheaply, until an upgrade brings a new renderer.
    "texts of an older renderer": _every(300, "text.render_again", expires=240),
    "pictures, in case a message was lost": _every(60, "files.make_pictures", expires=50),
    "PDF files, in case a message was lost": _every(60, "pdf.make_waiting", expires=50),
    "files that wait for the virus scanner": _every(60, "files.scan", expires=50),
    "due search entries, in case a message was lost": _every(300, "search.renew", expires=240),
    "words of attached files, in case a message was lost": _every(
        120, "search.read_files", expires=100
    ),
    "old public changes": _every(300, "public_changes.forget_old", expires=240),
}


@worker_init.connect
def tie_pool(**_: object) -> None:
    """Have the processes of the pool end with a killed worker, so that none runs beside the next one."""
    worker = os.getpid()

    def tie(**_: object) -> None:
        die_with(worker, signal.SIGKILL)

    worker_process_init.connect(tie, weak=False)


@worker_ready.connect
def catch_up(**_: object) -> None:
    """Look at once, when a worker starts, for what the previous one left."""
    left = ("notifications.tell", "mail.deliver_due", "text.render_again", "files.make_pictures")
    for task in left:
        app.send_task(task, retry=False, expires=60)
