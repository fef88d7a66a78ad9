"""The models whose formal acts are on record. Each app registers its own in `apps.ready`."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.functional import Promise

from common.access import Viewer
from common.identifiers import Identified
from common.record.verbs import Verb

# The stored kind of an object and its uuid, by which the record and the links name it.
Ref = tuple[str, UUID]


@dataclass(frozen=True, slots=True)
class TrackedModel:
    """A model with its name in the record, its label and its verbs.

    `kind` is stored and never changes, since the hashes of the chain depend on it. `visible_to`
    returns the objects whose name and address a viewer can see, joined with what these need; it is
    None when the audit log shows no link.
    """

    kind: str
    model: type[Model]
    label: str | Promise
    verbs: tuple[type[Verb], ...]
    visible_to: Callable[[Viewer], QuerySet[Any]] | None = None


_by_kind: dict[str, TrackedModel] = {}
_by_model: dict[type, TrackedModel] = {}
_verb_labels: dict[str, str | Promise] = {}


def register(*models: TrackedModel) -> None:
    """Add models. Called from `apps.ready`.

    Raises ValueError when the kind or the model is registered already.
    """
    for tracked in models:
        if tracked.kind in _by_kind or tracked.model in _by_model:
            raise ValueError(f"{tracked.kind!r} or {tracked.model.__name__} is registered already.")
        _by_kind[tracked.kind] = _by_model[tracked.model] = tracked
        _verb_labels.update({verb.value: verb.label for verbs in tracked.verbs for verb in verbs})


def tracked_models() -> list[TrackedModel]:
    """Return all models, in the order of the apps."""
    return list(_by_kind.values())


def kind_of(obj: Identified) -> str:
    """Return the stored kind of an object. Raises KeyError when its model is not registered."""
    return _tracked(obj).kind


def kind_for(verb: Verb, obj: Identified) -> str:
    """Return the kind under which this verb is recorded of the object.

    Raises KeyError when the object's model is not registered, ValueError when it lacks the verb.
    """
    tracked = _tracked(obj)
    if type(verb) not in tracked.verbs:
        raise ValueError(f"{verb!r} is not a verb of {tracked.model.__name__}.")
    return tracked.kind


def verb_label(verb: str) -> str:
    """Return the label of a stored verb; the verb itself, made readable, when no app has it."""
    return str(_verb_labels.get(verb) or _readable(verb))


def kind_label(kind: str) -> str:
    """Return the label of a stored kind; the kind itself, made readable, when no app has it."""
    return str(_by_kind[kind].label) if kind in _by_kind else _readable(kind)


def visible_objects(refs: Iterable[Ref], viewer: Viewer) -> dict[Ref, Any]:
    """Return the objects that the viewer can see. One query for each kind among them."""
    uuids_by_kind: dict[str, set[UUID]] = defaultdict(set)
    for kind, uuid in refs:
        uuids_by_kind[kind].add(uuid)
    return {
        (kind, obj.uuid): obj
        for kind, uuids in uuids_by_kind.items()
        if (tracked := _by_kind.get(kind)) and tracked.visible_to
        for obj in tracked.visible_to(viewer).filter(uuid__in=uuids)
    }


def _tracked(obj: Identified) -> TrackedModel:
    # Not `type(obj)`: the signed-in person of a request is a lazy object.
    return _by_model[obj.__class__]


def _readable(code: str) -> str:
    return code.replace("_", " ").capitalize()
