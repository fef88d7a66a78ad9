"""How rows go out through the API and what comes in is read: strictly, and quickly in long lists."""

from collections.abc import Callable, Mapping
from datetime import UTC
from functools import cache
from operator import attrgetter
from typing import Any, ClassVar

from django.db import models
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import Field
from rest_framework.relations import PKOnlyObject

from common.http.pasted_text import one_line
from common.text.shaping import shaping_fault
from common.unseen import fault_of

# A field that takes more holds sentences, and may hold lines.
LINE_MAX_CHARACTERS = 300


class TextField(serializers.CharField):
    """A text. The library's own field takes a number for one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses keys it does not know, so that a misspelt field is an error and not a silence."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = sorted(str(key) for key in data if key not in self.fields)
            if unknown:
                raise serializers.ValidationError(
                    {key[:60]: ["There is no such field here."] for key in unknown[:10]}
                )
            data = {key: self._flat(key, value) for key, value in data.items()}
        return super().to_internal_value(data)

    def _flat(self, key: str, value: Any) -> Any:
        """A field of one line keeps no line break, as in a form, and shows what it holds; a number
        is no text."""
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


class MomentField(serializers.DateTimeField):
    """A moment in UTC, without asking for each which zone the request is in."""

    timezone = UTC


@extend_schema_field({"type": "string", "pattern": r"^\d\d:\d\d:\d\d$"})
class LocalTimeField(serializers.TimeField):
    """A time on the clock of a place, without an offset: the format "time" of JSON wants one."""


class StrictModelSerializer(StrictSerializer, serializers.ModelSerializer[Any]):
    """A model's serializer with the same strictness; `fields` are always listed by name."""

    serializer_field_mapping: ClassVar[dict[Any, Any]] = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.DateTimeField: MomentField,
    }

    def to_representation(self, instance: Any) -> Any:
        """As the library's own, at half the time: lists are mostly made of columns, which need not be
        searched for defaults and methods in every row."""
        if not isinstance(instance, self.Meta.model):
            return super().to_representation(instance)
        shown: dict[str, Any] = {}
        for name, read, represent in _readings_of(type(self)):
            try:
                value = read(instance)
            except serializers.SkipField:
                continue
            is_null = value is None or (isinstance(value, PKOnlyObject) and value.pk is None)
            shown[name] = None if is_null else represent(value)
        return shown


Reading = Callable[[Any], Any]


@cache
def _readings_of(kind: type[StrictModelSerializer]) -> list[tuple[str, Reading, Reading]]:
    """For each field its name, how its value is read from a row, and how that is written.

    Made once a process, of a serializer that knows no request: what a field shows may not depend on
    one.
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


def _is_plain(field: Any, columns: set[str]) -> bool:
    """The field is read from a column of its own model, and reads as every field does."""
    return field.source in columns and type(field).get_attribute is Field.get_attribute
