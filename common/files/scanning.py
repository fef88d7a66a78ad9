"""Having files scanned for viruses, in a worker and never in a request, where a scanner is set.

waiting --nothing found--> clean
        --found----------> infected
none    --the same, for files from before there was a scanner; these are served meanwhile

A file that waits or is infected is served to nobody. While the scanner is away, files wait.
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
# A task that scans hands over to the next one after so many seconds.
TURN_SECONDS = 45

Found = Callable[[StoredFile], None]
_found: list[Found] = []


def when_found(tell: Found) -> None:
    """`tell` is called in the transaction that marks a file as infected; from `apps.ready`."""
    if tell not in _found:
        _found.append(tell)


def expect_scan(stored: StoredFile) -> None:
    """A file that is about to be saved waits for the scanner, where there is one."""
    if settings.CLAMD_URL:
        stored.scan, stored.scan_due_at = ScanState.WAITING, timezone.now()
        enqueue_on_commit(TASK)


def refuse_unscanned(stored: StoredFile) -> None:
    """Raise WrongState for a file that the scanner has not seen yet, or in which it found a virus."""
    if stored.is_infected:
        raise WrongState(
            _("We found a virus in this file, so nobody can download it. Upload a clean copy.")
        )
    if stored.awaits_scan:
        raise WrongState(
            _("This file is still being checked for viruses. Try again in a few minutes.")
        )


def scan_waiting() -> int:
    """Scan what waits, then what was never scanned; return how many files were scanned.

    Rings for another turn when there may be more. Stops when the scanner is away; what waits is
    offered again by the next turn, a minute later.
    """
    until, scanned = time.monotonic() + TURN_SECONDS, 0
    while settings.CLAMD_URL and (stored := _claim()) is not None:
        try:
            finding = scan(Path(settings.MEDIA_ROOT) / stored.path, settings.CLAMD_URL)
        except ScannerAway as error:
            logger.warning("The virus scanner is away, files wait for it: %s", error)
            _offer_again(stored, SCAN_AGAIN_SECONDS)
            break
        except (ScanRefused, OSError) as error:
            logger.error("File %s could not be scanned: %s", stored.pk, error)
            _offer_again(stored, SCAN_REFUSED_SECONDS)
            continue
        _settle(stored, finding)
        scanned += 1
        if time.monotonic() > until:
            enqueue_on_commit(TASK)
            break
    return scanned


def _claim() -> StoredFile | None:
    """The next file to be scanned, which no other worker takes until this scan is over."""
    now = timezone.now()
    due = Q(scan_due_at__isnull=True) | Q(scan_due_at__lte=now)
    to_scan = StoredFile.objects.filter(due, state=State.STORED)
    with transaction.atomic():
        stored = None
        for state in (ScanState.WAITING, ScanState.NONE):
            rows = to_scan.filter(scan=state).select_for_update(skip_locked=True)
            stored = stored or rows.order_by(F("scan_due_at").asc(nulls_first=True)).first()
        if stored is not None:
            _offer_again(stored, 2 * SCAN_SECONDS)
    return stored


def _offer_again(stored: StoredFile, seconds: int) -> None:
    due = timezone.now() + timedelta(seconds=seconds)
    StoredFile.objects.filter(pk=stored.pk).update(scan_due_at=due)


def _settle(stored: StoredFile, finding: str) -> None:
    """What the scanner said stands; of a virus those are told who look after the file, once."""
    with transaction.atomic():
        unsettled = StoredFile.objects.filter(
            pk=stored.pk, scan__in=[ScanState.NONE, ScanState.WAITING]
        )
        stored.scan = ScanState.INFECTED if finding else ScanState.CLEAN
        stored.scan_finding = finding[:200]
        settled = unsettled.update(
            scan=stored.scan, scan_finding=stored.scan_finding, scan_due_at=None
        )
        if settled and finding:
            for tell in _found:
                tell(stored)
