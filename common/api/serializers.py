"""Base serializers: strict with input, and fast for long lists."""

from collections.abc import Callable, Mapping
from datetime import UTC
from functools import cache
from operator import attrgetter
from typing import Any, ClassVar, TypeVar

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import Field
from rest_framework.relations import PKOnlyObject

from common.http.pasted_text import one_line
from common.text.shaping import shaping_fault
from common.unseen import fault_of

# A field that takes more holds sentences and can hold line breaks.
LINE_MAX_CHARACTERS = 300

Row = TypeVar("Row", bound=models.Model)
Shown = TypeVar("Shown")


def field_named_as_in_base(field: object) -> Any:
    """Return the field, whose name DRF's base class gives to something of another type."""
    return field


class TextField(serializers.CharField):
    """A text. Unlike DRF's own field, refuses a number."""

    def to_internal_value(self, data: object) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Strict(serializers.Serializer[Shown]):
    """Refuse unknown keys, so that a misspelt field is an error and is not ignored."""

    def to_internal_value(self, data: object) -> object:
        if isinstance(data, Mapping):
            unknown = sorted(str(key) for key in data if key not in self.fields)
            if unknown:
                raise serializers.ValidationError(
                    {key[:60]: ["Unknown field."] for key in unknown[:10]}
                )
            data = {key: self._clean_text(key, value) for key, value in data.items()}
        return super().to_internal_value(data)

    def _clean_text(self, key: str, value: object) -> object:
        """Remove the line breaks from a one-line field, as forms do.

        Raises ValidationError for invisible characters, and for a number in a field for text.
        """
        if type(self.fields[key]) is serializers.CharField and isinstance(value, int | float):
            raise serializers.ValidationError({key: ["Not a valid string."]})
        limit = getattr(self.fields[key], "max_length", None)
        if not isinstance(value, str):
            return value
        is_title = limit is not None and limit <= LINE_MAX_CHARACTERS
        if fault := shaping_fault(value) or (fault_of(value) if is_title else ""):
            raise serializers.ValidationError({key: [fault]})
        is_line = limit is not None and limit < LINE_MAX_CHARACTERS
        return one_line(value) if is_line else value


class StrictSerializer(Strict[object]):
    """The strict serializer of an input."""


class MomentField(serializers.DateTimeField):
    """A moment in UTC, without looking up the zone of the request for each value."""

    timezone = UTC


@extend_schema_field({"type": "string", "pattern": r"^\d\d:\d\d:\d\d$"})
class LocalTimeField(serializers.TimeField):
    """A local time without an offset, which the format "time" of JSON Schema would require."""


class StrictModelSerializer(Strict[Row], serializers.ModelSerializer[Row]):
    """The strict serializer of a model; `fields` are always listed by name."""

    serializer_field_mapping: ClassVar = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.DateTimeField: MomentField,
    }

    def get_extra_kwargs(self) -> dict[str, dict[str, object]]:
        """Make all fields read-only: inputs have serializers of their own."""
        return {name: {"read_only": True} for name in self.Meta.fields}

    def to_representation(self, instance: Row) -> dict[str, object]:
        """Do what DRF does in half the time, by reading plain columns without its general lookup."""
        if not isinstance(instance, self.Meta.model):
            return super().to_representation(instance)
        shown: dict[str, object] = {}
        for name, read, represent in _readers_of(type(self)):
            try:
                value = read(instance)
            except serializers.SkipField:
                continue
            is_null = value is None or (isinstance(value, PKOnlyObject) and value.pk is None)
            shown[name] = None if is_null else represent(value)
        return shown


Reader = Callable[[object], object]


@cache
def _readers_of(kind: type[StrictModelSerializer[Row]]) -> list[tuple[str, Reader, Reader]]:
    """Return of each field its name, how to read its value from a row, and how to show the value.

    Built once per process without a request: what a field shows must not depend on the request.
    """
    columns = {field.attname for field in kind.Meta.model._meta.concrete_fields}  # type: ignore[attr-defined]
    return [
        (
            str(field.field_name),
            attrgetter(str(field.source)) if _is_plain(field, columns) else field.get_attribute,
            field.to_representation,
        )
        for field in kind()._readable_fields
    ]


def _is_plain(field: Field[object, object, object, object], columns: set[str]) -> bool:
    """Whether the field shows a column of its own model and reads it as DRF's fields do."""
    return field.source in columns and type(field).get_attribute is Field.get_attribute
