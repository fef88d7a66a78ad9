"""`make shots`: every type of page, pictured with the demo's data, and one contact sheet a room.

It starts a platform of its own with the demo in `shots/.platform`, which later runs use again. The
arguments name rooms or pages; without any, all are pictured. Looks are four: two widths, two themes.
"""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

from tests.chromium import ARGUMENTS, LOOKS
from tests.server.running import ROOT, Platform, platform

if TYPE_CHECKING:
    from tests.pages import PageType, Stage
    from tests.rendered_pages import RenderedPage

FOLDER = ROOT / "shots"
SHEET = """<!doctype html><meta charset="utf-8"><title>{family}</title><style>
body {{ margin: 24px; font: 14px sans-serif; background: #e8e8e8 }}
section {{ display: grid; grid-template-columns: 480px 480px 150px 150px; gap: 12px }}
h2 {{ grid-column: 1 / -1; margin: 12px 0 0; font-size: 16px }}
img {{ width: 100%; max-height: 470px; object-fit: cover; object-position: top; align-self: start }}
</style><h1>{family}</h1>{rows}"""


def main(wanted: list[str]) -> None:
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if executable is None:
        sys.exit("There is no Chromium here: apt install chromium, or name one in CHROMIUM.")
    FOLDER.mkdir(exist_ok=True)
    with platform(FOLDER / ".platform", DEMO="1") as running, sync_playwright() as playwright:
        print("Starting a platform with the demo; the first time takes minutes.", flush=True)
        running.start(seconds=1800)
        stage = demo_stage(running)
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        address = f"http://localhost:{running.port}"
        for family, pages in of_families(wanted):
            for page in pages:
                picture(browser, address, stage, page)
            print(contact_sheet(browser, family), flush=True)
        for family, pages in rendered_of_families(wanted):
            for page in pages:
                picture_rendered(browser, address, stage, page)
            print(contact_sheet(browser, family), flush=True)
        browser.close()


def demo_stage(running: Platform) -> "Stage":
    """The demo's cast and examples, read from the platform's own database."""
    servers = json.loads((running.data / "run.json").read_text())
    os.environ |= running.environment
    os.environ |= {"DATABASE_URL": servers["database_url"], "REDIS_URL": servers["redis_url"]}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "alliance.settings", "DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
    # Only now is it known which database the models are read from.
    import django

    django.setup()
    from demo.cast import CAST
    from members.people.models import Person
    from tests.pages import Stage

    stage = Stage({role.code: Person.objects.get(email=role.email) for role in CAST})
    _begin_what_is_missing(stage)
    return stage


def _begin_what_is_missing(stage: "Stage") -> None:
    """In the demo the chair has offered every work for review, and the stranger has sent nothing."""
    from tests import factories
    from tests.factories import works
    from workinggroups.deliverables.choices import DeliverableState

    try:
        stage.work(DeliverableState.DRAFT)
    except IndexError:
        chair = stage.people["chair"]
        draft = works.deliverable(chair, stage.group, title="A guide for small laboratories")
        works.attach(chair, draft)
    if not stage.people["stranger"].applications.filter(number=None).exists():
        factories.unsent_application(stage.people["stranger"])


def of_families(wanted: list[str]) -> Iterator[tuple[str, list["PageType"]]]:
    from tests.pages import PAGES

    chosen = [page for page in PAGES if not wanted or {page.family, page.name} & set(wanted)]
    for family, pages in groupby(
        sorted(chosen, key=lambda page: page.family), lambda page: page.family
    ):
        yield family, list(pages)


def rendered_of_families(wanted: list[str]) -> Iterator[tuple[str, list["RenderedPage"]]]:
    from tests.rendered_pages import RENDERED
    from tests.states import STATES

    chosen = [
        page
        for page in (*RENDERED, *STATES)
        if not wanted or {page.family, page.name} & set(wanted)
    ]
    for family, pages in groupby(
        sorted(chosen, key=lambda page: page.family), lambda page: page.family
    ):
        yield family, list(pages)


def picture(browser: Any, address: str, stage: "Stage", page: "PageType") -> None:
    """The page in its four looks, as `shots/<room>/<page>-<width>-<theme>.png`."""
    try:
        path = page.path(stage)
    except (IndexError, LookupError) as missing:
        print(f"  {page.family}/{page.name}: the demo has no example ({missing})")
        return
    folder = FOLDER / page.family
    folder.mkdir(exist_ok=True)
    context = browser.new_context(reduced_motion="reduce")
    tab = context.new_page()
    if page.role:
        tab.goto(f"{address}/dev/sign-in/")
        tab.locator(f"button[value='{page.role}']").click()
        tab.wait_for_load_state()
    for look in LOOKS:
        tab.set_viewport_size({"width": look.width, "height": 900})
        tab.emulate_media(color_scheme=look.theme)
        tab.goto(address + path)
        tab.screenshot(path=folder / f"{page.name}-{look}.png", full_page=True)
    context.close()


def picture_rendered(browser: Any, address: str, stage: "Stage", page: "RenderedPage") -> None:
    """A page that no address leads to, or not in that state, put under one for the browser."""
    try:
        answer = page.answer(stage)
    except (IndexError, LookupError) as missing:
        print(f"  {page.family}/{page.name}: the demo has no example ({missing})")
        return
    folder = FOLDER / page.family
    folder.mkdir(exist_ok=True)
    context = browser.new_context(reduced_motion="reduce")
    tab = context.new_page()
    tab.route(f"{address}/drawn/", lambda route: route.fulfill(**answer))
    for look in LOOKS:
        tab.set_viewport_size({"width": look.width, "height": 900})
        tab.emulate_media(color_scheme=look.theme)
        tab.goto(f"{address}/drawn/")
        tab.screenshot(path=folder / f"{page.name}-{look}.png", full_page=True)
    context.close()


def contact_sheet(browser: Any, family: str) -> Path:
    """All pictures of a room side by side, as one picture; Chromium lays them out."""
    folder = FOLDER / family
    names = sorted({file.name.rsplit("-", 2)[0] for file in folder.glob("*-*-*.png")})
    rows = "".join(
        f"<section><h2>{escape(name)}</h2>"
        + "".join(f'<img src="{family}/{name}-{look}.png">' for look in LOOKS_ON_SHEET)
        + "</section>"
        for name in names
    )
    page = FOLDER / f"{family}.html"
    page.write_text(SHEET.format(family=escape(family), rows=rows), encoding="utf-8")
    tab = browser.new_page(viewport={"width": 1344, "height": 900})
    tab.goto(page.as_uri())
    sheet = FOLDER / f"{family}.png"
    tab.screenshot(path=sheet, full_page=True)
    tab.close()
    return sheet


LOOKS_ON_SHEET = sorted(LOOKS, key=lambda look: (-look.width, look.theme != "light"))


if __name__ == "__main__":
    main(sys.argv[1:])
