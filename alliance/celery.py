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

app.conf.beat_schedule = {
    # Messages expire, so that a stopped worker does not find a thousand of them when it starts.
    "mail, in case a message was lost": {
        "task": "mail.deliver_due",
        "schedule": 30,
        "options": {"expires": 25},
    },
    "notifications, in case a message was lost": {
        "task": "notifications.tell",
        "schedule": 20,
        "options": {"expires": 15},
    },
    "digests, as mornings come round the world": {
        "task": "notifications.tell_digests",
        "schedule": crontab(minute="1,16,31,46"),
    },
    "codes nobody typed in": {
        "task": "onboarding.forget_old_proofs",
        "schedule": crontab(hour=3, minute=0),
    },
    "old mail": {"task": "mail.prune", "schedule": crontab(hour=3, minute=10)},
    "ended sign-ins and tokens": {
        "task": "people.purge_expired",
        "schedule": crontab(hour=3, minute=30),
    },
    "action items that are due": {
        "task": "groups.remind_of_due_items",
        "schedule": crontab(hour=6, minute=0),
    },
    "meetings of series further ahead": {
        "task": "meetings.extend_series",
        "schedule": crontab(minute=5),
    },
    "numbers of meetings of series": {
        "task": "meetings.number_begun",
        "schedule": 60,
        "options": {"expires": 50},
    },
    # Finds nothing, cheaply, until an upgrade brings a new renderer.
    "texts of an older renderer": {
        "task": "text.render_again",
        "schedule": 300,
        "options": {"expires": 240},
    },
    "outdated comparisons": {
        "task": "comparisons.sweep",
        "schedule": crontab(hour=3, minute=40),
    },
    "pictures, in case a message was lost": {
        "task": "files.make_pictures",
        "schedule": 60,
        "options": {"expires": 50},
    },
    "files that wait for the virus scanner": {
        "task": "files.scan",
        "schedule": 60,
        "options": {"expires": 50},
    },
    "due search entries, in case a message was lost": {
        "task": "search.renew",
        "schedule": 300,
        "options": {"expires": 240},
    },
    "words of attached files, in case a message was lost": {
        "task": "search.read_files",
        "schedule": 120,
        "options": {"expires": 100},
    },
    "drafts nobody went on with": {
        "task": "drafts.sweep",
        "schedule": crontab(hour=3, minute=50),
    },
    "old public changes": {
        "task": "public_changes.forget_old",
        "schedule": 300,
        "options": {"expires": 240},
    },
    "discarded files": {"task": "files.sweep", "schedule": crontab(hour=3, minute=20)},
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
    for task in (
        *("notifications.tell", "mail.deliver_due", "text.render_again", "files.make_pictures"),
    ):
        app.send_task(task, retry=False, expires=60)
