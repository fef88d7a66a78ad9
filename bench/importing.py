"""How long others wait while a thousand organizations are imported: `python -m bench.importing`.

Run it beside the platform's servers, on a database that `make demo` filled:
`python -m alliance.server with python -m bench.importing`. Three writers each change the profile of
an organization, which strangers read and which is on record, again and again until the import has
committed. The import holds the record's chain while its links are made; nothing else may wait.
"""

import os
import statistics
import sys
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import django

ORGANIZATIONS = 1000
WRITERS = 3
GOAL_MS = 100


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "alliance.settings")
    django.setup()

    from django.db import connection

    from members.organizations.actions.importing import import_members
    from members.organizations.models import Organization
    from members.people.models import Person

    staff = Person.objects.active().filter(is_staff=True).order_by("pk")[0]
    chosen = list(Organization.objects.order_by("-pk").values_list("pk", flat=True)[:WRITERS])
    is_over = threading.Event()
    took: list[float] = []

    def in_own_connection(act: Callable[[], None]) -> None:
        try:
            act()
        finally:
            connection.close()

    def write(pk: int) -> None:
        while not is_over.is_set():
            began = time.perf_counter()
            _edit(staff, pk)
            took.append((time.perf_counter() - began) * 1000)
            time.sleep(0.02)

    writers = [
        threading.Thread(target=in_own_connection, args=(lambda one=one: write(one),))
        for one in chosen
    ]
    for writer in writers:
        writer.start()
    time.sleep(1)
    alone = len(took)
    began = time.perf_counter()
    import_members(actor=staff, text=_table())
    seconds = time.perf_counter() - began
    is_over.set()
    for writer in writers:
        writer.join()
    beside = took[alone:]
    print(
        f"{ORGANIZATIONS} organizations imported in {seconds:.1f} s beside {len(beside)} writes: "
        f"p50 {statistics.median(beside):.0f} ms, longest {max(beside):.0f} ms "
        f"(alone: p50 {statistics.median(took[:alone]):.0f} ms; goal: at most {GOAL_MS})"
    )
    return 0 if max(beside) <= GOAL_MS else 1


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
