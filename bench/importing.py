"""How long others wait while a thousand organizations are imported: `python -m bench.importing`.

Run it beside the platform's servers, on a database that `make demo` filled:
`python -m alliance.server with python -m bench.importing`. Three writers each change the profile of
an organization, which strangers read and which is on record, again and again until the import has
committed. The import holds the record's chain while its links are made; nothing else may wait.
"""

import multiprocessing
import os
import statistics
import sys
import time
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from typing import Any
from uuid import uuid4

import django

ORGANIZATIONS = 1000
WRITERS = 3
GOAL_MS = 100

Write = tuple[float, float]  # when it began, in seconds since 1970, and its milliseconds


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
    django.setup()

    from django.db import connection

    from members.organizations.actions.importing import import_members
    from members.organizations.models import Organization
    from members.people.models import Person

    staff = Person.objects.active().filter(is_staff=True).order_by("pk")[0]
    chosen = list(Organization.objects.order_by("-pk").values_list("pk", flat=True)[:WRITERS])
    connection.close()
    # The writers have processes of their own, as web processes have: one Python process would also
    # measure how long the import keeps its interpreter busy.
    processes = multiprocessing.get_context("spawn")
    is_over, measured = processes.Event(), processes.Queue()
    writers = [
        processes.Process(target=_write, args=(staff.pk, pk, is_over, measured)) for pk in chosen
    ]
    for writer in writers:
        writer.start()
    time.sleep(10)  # until each has started and written for a while
    began = time.time()
    import_members(actor=staff, text=_table())
    seconds = time.time() - began
    is_over.set()
    writes = [write for _writer in writers for write in measured.get()]
    for writer in writers:
        writer.join()
    alone = [took for at, took in writes if at < began]
    beside = [took for at, took in writes if at >= began]
    print(
        f"{ORGANIZATIONS} organizations imported in {seconds:.1f} s beside {len(beside)} writes: "
        f"p50 {statistics.median(beside):.0f} ms, longest {max(beside):.0f} ms "
        f"(alone: p50 {statistics.median(alone):.0f} ms; goal: at most {GOAL_MS})"
    )
    return 0 if max(beside) <= GOAL_MS else 1


def _write(staff_pk: int, pk: int, is_over: Event, measured: "Queue[list[Write]]") -> None:
    """Edit one profile again and again until it is over; then hand over when each began, and its ms."""
    django.setup()
    from members.people.models import Person

    staff = Person.objects.get(pk=staff_pk)
    writes: list[Write] = []
    while not is_over.is_set():
        at, began = time.time(), time.perf_counter()
        _edit(staff, pk)
        writes.append((at, (time.perf_counter() - began) * 1000))
        time.sleep(0.02)
    measured.put(writes)


def _edit(staff: Any, pk: int) -> None:
    from members.organizations.actions.profile import edit_profile
    from members.organizations.models import Organization

    organization = Organization.objects.get(pk=pk)
    edit_profile(
        actor=staff,
        organization=organization,
        version=organization.version,
        other_names=[name.name for name in organization.other_names.all()],
        website=f"https://{uuid4().hex[:12]}.example/",
    )


def _table() -> str:
    """The CSV text of as many organizations as the name says, each with a mail domain."""
    lines = ["name,legal_name,kind,sector,country,website,domains,member_since"]
    for number in range(ORGANIZATIONS):
        mark = uuid4().hex[:10]
        lines.append(
            f"Institute {mark},Institute {mark} e.V.,nonprofit,research,DE,"
            f"https://{mark}.example/,{mark}.example,2026-01-{number % 28 + 1:02d}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
