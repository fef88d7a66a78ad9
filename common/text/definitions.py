"""Definitions of links, such as `[draft]: https://…`, for texts that are cut into several."""

from dataclasses import dataclass

import pyromark

from common.text.lost_words import label_key
from common.text.tree import Kind, Node, walk


@dataclass(frozen=True, slots=True)
class LinkDefinition:
    """One definition and its place in the source, in bytes."""

    key: str
    source: str
    start: int
    end: int


def link_definitions(source: str) -> dict[str, LinkDefinition]:
    """Return the definitions of a text by the keys of their labels."""
    data = source.encode()
    definitions = {}
    for label, place in pyromark.reference_definitions(source).items():
        start, end = place["span"]["start"], place["span"]["end"]
        key = label_key(label)
        definitions[key] = LinkDefinition(key, data[start:end].decode().strip(), start, end)
    return definitions


def labels_used(source: bytes, nodes: list[Node]) -> set[str]:
    """Return the keys of the labels by which links and pictures in these nodes name definitions."""
    return {
        label_key(label)
        for root in nodes
        for node in walk(root)
        if node.kind in {Kind.LINK, Kind.IMAGE}
        and (label := _label(source[node.start : node.end].decode(errors="replace")))
    }


def _label(link: str) -> str:
    """Return the label in `[words][label]`, `[label][]` or `[label]`; "" for other links."""
    if not link.endswith("]"):
        return ""
    words, _bracket, label = link[:-1].rpartition("[")
    return label if label else words.rstrip("]").lstrip("!").removeprefix("[")
