"""The rules of docs/architecture.md that `lint-imports` cannot say: of tables, names and calls.

Which app and which file may import which stands in pyproject.toml; `make check` holds them.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from workinggroups.groups.content import GroupContent

ROOT = Path(__file__).resolve().parent.parent

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LAYERS = PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
# The layers of the import contract, from the ground up. Apps in one layer do not know each other.
LAYERS = {
    app: height
    for height, layer in enumerate(reversed(LAYERS))
    for app in re.split(r" [|:] ", layer)
    if app not in {"tests", "bench"}
}
LABELS = {
    "people": "members.people",
    "notifications": "notifications",
    "organizations": "members.organizations",
    "onboarding": "members.onboarding",
    "groups": "workinggroups.groups",
    "attachments": "workinggroups.attachments",
    "discussion": "workinggroups.discussion",
    "meetings": "workinggroups.meetings",
    "decisions": "workinggroups.decisions",
    "deliverables": "workinggroups.deliverables",
    "catalogue": "catalogue",
    "desk": "alliance",
    "demo": "demo",
}

# Deleted with their owner on purpose: they are no history.
MAY_CASCADE = {"account", "mfa", "knox", "auth", "contenttypes"}


def our_files() -> list[Path]:
    apps = ["alliance", "catalogue", "common", "demo", "members", "notifications", "workinggroups"]
    return sorted(path for app in apps for path in (ROOT / app).rglob("*.py"))


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def app_of(module: str) -> str | None:
    """The room a module lies in; None for what is not ours."""
    return next((app for app in LAYERS if module == app or module.startswith(app + ".")), None)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """Every module named in an import statement of the file, wherever it stands, with its line."""
    package = module_of(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*base, node.module or ""]).strip(".")
            for alias in node.names:
                yield node.lineno, f"{source}.{alias.name}"


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if is_ours(model)]


def is_ours(model: type[models.Model]) -> bool:
    return app_of(model.__module__) is not None


def test_every_room_stands_on_a_floor() -> None:
    unknown = [
        module_of(path)
        for path in our_files()
        if app_of(module_of(path)) is None and path.name != "__init__.py"
    ]

    assert unknown == []


def test_foreign_keys_point_down_or_stay_in_their_room() -> None:
    arrows_up = []
    for model in our_models():
        here = app_of(model.__module__)
        for field in model._meta.get_fields():
            if not isinstance(field, models.ForeignKey):
                continue
            target = field.related_model
            there = app_of(target.__module__) if isinstance(target, type) else None
            if here and there and here != there and LAYERS[there] >= LAYERS[here]:
                arrows_up.append(f"{model._meta.label}.{field.name}")

    assert arrows_up == []


def test_foreign_keys_protect() -> None:
    """Nothing disappears because something else did. Views of the database are never written."""
    loose = [
        f"{model._meta.label}.{field.name}"
        for model in our_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.remote_field.on_delete is not models.PROTECT
        and model._meta.managed
    ]

    assert loose == []


@pytest.mark.django_db
def test_only_sessions_and_tokens_cascade() -> None:
    """No foreign key of a library deletes a row of ours along with its own."""
    cascading = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.remote_field.on_delete is models.CASCADE
        and model._meta.app_label not in MAY_CASCADE
    ]

    assert cascading == []


def test_rooms_know_themselves_by_their_labels() -> None:
    wrong = [
        config.label
        for config in apps.get_app_configs()
        if (app := app_of(config.name)) not in {None, "common"} and LABELS.get(config.label) != app
    ]

    assert wrong == []


def test_all_content_of_groups_is_filtered_by_one_rule() -> None:
    """Each model with a group's access key offers `visible_to`, and the one of groups."""
    content = [model for model in our_models() if issubclass(model, GroupContent)]

    own_rule = [
        model._meta.label
        for model in content
        if getattr(type(model._default_manager.all()), "visible_to", None) is None
    ]

    assert content
    assert own_rule == []


def test_only_the_environment_reader_reads_the_environment() -> None:
    # backup.py hands the environment on to PostgreSQL's programs, and reads none of it.
    allowed = {"alliance/env.py", "alliance/backup.py"}
    readers = [
        str(path.relative_to(ROOT))
        for path in our_files()
        if str(path.relative_to(ROOT)) not in allowed
        and not path.is_relative_to(ROOT / "alliance" / "server")
        and path.name != "celery.py"
        and path.name not in {"asgi.py", "wsgi.py"}
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute)
        and node.attr in {"environ", "getenv"}
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    ]

    assert readers == []


def test_no_effect_travels_by_signal() -> None:
    """What happens stands in an action. Only what libraries announce may be listened to."""
    allowed = {"members/people/apps.py", "members/people/receivers.py"}
    senders = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in our_files()
        for line, module in imports_of(path)
        if module.startswith(("django.dispatch", "django.db.models.signals"))
        and str(path.relative_to(ROOT)) not in allowed
    ]

    assert senders == []


def test_no_file_is_a_drawer_for_everything() -> None:
    drawers = [
        str(path.relative_to(ROOT))
        for path in our_files()
        if path.stem in {"utils", "helpers", "misc", "services", "managers"}
    ]

    assert drawers == []


def test_actions_take_keywords_only() -> None:
    """`approve(actor=…, application=…)` reads as a sentence; positions do not."""
    positional = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
        for path in our_files()
        if "actions" in (path.stem, path.parent.name)
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and "actor" in {argument.arg for argument in node.args.args}
    ]

    assert positional == []


def test_actions_know_no_http() -> None:
    knowing = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in our_files()
        if "actions" in (path.stem, path.parent.name)
        for line, module in imports_of(path)
        if module.startswith(("django.http", "django.shortcuts", "rest_framework"))
    ]

    assert knowing == []


def test_time_zones_are_on() -> None:
    assert settings.USE_TZ
