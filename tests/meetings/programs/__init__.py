"""What calendar programs read in our files: ical.js, as Thunderbird does, and libical, as Evolution does.

Neither shares code with ours, and both take the rules of time zones from the file.
"""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

# Of each calendar file: the moments at which its events start, in seconds since 1970 and in order, by
# the `uid` of the events. Cancelled events are left out.
Moments = list[dict[str, list[int]]]
Read = Callable[[Sequence[bytes], datetime], Moments]

HERE = Path(__file__).parent
ICAL_JS = HERE.parents[1] / "vendor" / "ical.js-2.2.1" / "ical.es5.min.cjs"
# libical would take its own table for a name that it knows.
ZONE_NAME = re.compile(r"(\bTZID[:=])")
# Debian's own Python: PyGObject and the bindings are no packages of an index.
PYTHON = "/usr/bin/python3"
MISSING = (
    "no libical here, so calendar files were read by ical.js alone "
    "(apt install gir1.2-ical-3.0 python3-gi)"
)


@contextmanager
def ical_js(chromium: Any) -> Iterator[Read]:
    """Read calendar files with ical.js in one page of the browser; events after a moment are left out."""
    page = chromium.new_page()
    page.add_script_tag(content=ICAL_JS.read_text(encoding="utf-8"))
    expand = (HERE / "expand.js").read_text(encoding="utf-8")
    yield lambda contents, until: page.evaluate(
        expand, [[content.decode() for content in contents], int(until.timestamp())]
    )
    page.close()


def libical(contents: Sequence[bytes], until: datetime) -> Moments:
    """Read calendar files with libical in one process; events after `until` are left out.

    Where there is no libical, skips the test, or fails it when REQUIRE_VALIDATOR is set.
    """
    if not has_libical():
        if os.environ.get("REQUIRE_VALIDATOR"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    texts = [ZONE_NAME.sub(r"\1Of-File/", content.decode()) for content in contents]
    asked = {"texts": texts, "until": int(until.timestamp())}
    read = subprocess.run(
        [PYTHON, str(HERE / "with_libical.py")],
        input=json.dumps(asked).encode(),
        capture_output=True,
        check=True,
    )
    moments: Moments = json.loads(read.stdout)
    return moments


@cache
def has_libical() -> bool:
    found = "import gi; gi.require_version('ICalGLib', '3.0')"
    return (
        Path(PYTHON).exists()
        and subprocess.run([PYTHON, "-c", found], capture_output=True, check=False).returncode == 0
    )
