"""An app answers at the addresses that its models name, or the pages above all apps do."""

import inspect
import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.models import Model
from django.urls import URLResolver, get_resolver

from alliance.portal import urls as portal


def owners(resolver: URLResolver, module: str = "") -> Iterator[tuple[str, str]]:
    """Each name of a route and the module of urls that declares it."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = pattern.urlconf_name
            yield from owners(pattern, getattr(inner, "__name__", module))
        elif pattern.name:
            yield pattern.name, module


def source_of_address(model: type[Model]) -> str:
    address = getattr(model, "get_absolute_url", None)
    return inspect.getsource(address) if address else ""


MODELS = [model for model in apps.get_models() if "reverse(" in source_of_address(model)]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_upper_app_answers_at_the_address_of_a_model(model: type[Model]) -> None:
    by_name = dict(owners(get_resolver()))
    own = f"{apps.get_app_config(model._meta.app_label).name}.urls"

    names = re.findall(r'reverse\(\s*"([^"]+)"', source_of_address(model))

    assert names
    assert {by_name[name] for name in names} <= {own, portal.__name__}
