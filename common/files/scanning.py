"""Scanning files for viruses, in a worker and never in a request, where a scanner is configured.

waiting --nothing found--> clean
        --found----------> infected
none    --the same, for files from before there was a scanner; these are served meanwhile

A waiting or infected file is served to nobody. While the scanner is unreachable, files wait.
"""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import WrongState
from common.files.choices import (
    SCAN_AGAIN_SECONDS,
    SCAN_REFUSED_SECONDS,
    SCAN_SECONDS,
    ScanState,
    State,
)
from common.files.clamd import ScannerAway, ScanRefused, scan
from common.files.models import StoredFile
from common.wake_worker import enqueue_on_commit

logger = logging.getLogger(__name__)

TASK = "files.scan"
# After so many seconds a task queues the next one and ends.
TURN_SECONDS = 45

InfectedCallback = Callable[[StoredFile], None]
_infected_callbacks: list[InfectedCallback] = []


def on_infected(callback: InfectedCallback) -> None:
    """Call `callback` in each transaction that marks a file as infected. Called in `apps.ready`."""
    if callback not in _infected_callbacks:
        _infected_callbacks.append(callback)


def queue_scan(stored: StoredFile) -> None:
    """Make a file that is about to be saved wait for the scanner, where there is one."""
    if settings.CLAMD_URL:
        stored.scan, stored.scan_due_at = ScanState.WAITING, timezone.now()
        enqueue_on_commit(TASK)


def refuse_unscanned(stored: StoredFile) -> None:
    """Raise WrongState for a file that the scanner has not checked yet or found infected."""
    if stored.is_infected:
        raise WrongState(
            _("We found a virus in this file, so nobody can download it. Upload a clean copy.")
        )
    if stored.awaits_scan:
        raise WrongState(
            _("This file is still being checked for viruses. Try again in a few minutes.")
        )


def scan_waiting() -> int:
    """Scan the waiting files, then those never scanned; return how many were scanned.

    Queues another task when more may wait. Stops when the scanner is unreachable; the next task, a
    minute later, tries again.
    """
    deadline, scanned = time.monotonic() + TURN_SECONDS, 0
    while settings.CLAMD_URL and (stored := _claim()) is not None:
        try:
            finding = scan(Path(settings.MEDIA_ROOT) / stored.path, settings.CLAMD_URL)
        except ScannerAway as error:
            logger.warning("The virus scanner is unreachable, files wait for it: %s", error)
            _postpone(stored, SCAN_AGAIN_SECONDS)
            break
        except (ScanRefused, OSError) as error:
            logger.error("File %s could not be scanned: %s", stored.pk, error)
            _postpone(stored, SCAN_REFUSED_SECONDS)
            continue
        _save_finding(stored, finding)
        scanned += 1
        if time.monotonic() > deadline:
            enqueue_on_commit(TASK)
            break
    return scanned


def _claim() -> StoredFile | None:
    """Claim the next file to be scanned; no other worker takes it until this scan is over."""
    now = timezone.now()
    due = Q(scan_due_at__isnull=True) | Q(scan_due_at__lte=now)
    to_scan = StoredFile.objects.filter(due, state=State.STORED)
    with transaction.atomic():
        stored = None
        for state in (ScanState.WAITING, ScanState.NONE):
            rows = to_scan.filter(scan=state).select_for_update(skip_locked=True)
            stored = stored or rows.order_by(F("scan_due_at").asc(nulls_first=True)).first()
        if stored is not None:
            _postpone(stored, 2 * SCAN_SECONDS)
    return stored


def _postpone(stored: StoredFile, seconds: int) -> None:
    due = timezone.now() + timedelta(seconds=seconds)
    StoredFile.objects.filter(pk=stored.pk).update(scan_due_at=due)


def _save_finding(stored: StoredFile, finding: str) -> None:
    """Save the scanner's finding; call the callbacks for a virus, once."""
    with transaction.atomic():
        unscanned = StoredFile.objects.filter(
            pk=stored.pk, scan__in=[ScanState.NONE, ScanState.WAITING]
        )
        stored.scan = ScanState.INFECTED if finding else ScanState.CLEAN
        stored.scan_finding = finding[:200]
        is_first_finding = unscanned.update(
            scan=stored.scan, scan_finding=stored.scan_finding, scan_due_at=None
        )
        if is_first_finding and finding:
            for callback in _infected_callbacks:
                callback(stored)
