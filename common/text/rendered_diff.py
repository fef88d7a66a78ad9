"""What changed between two rendered texts, marked in the new one."""

from collections.abc import Iterator

from django.utils.safestring import SafeString, mark_safe

from common.text.alignment import Budget, changes
from common.text.html_blocks import Block, blocks, comparable, is_markup, name_of, tokens
from common.text.marks import added, removed
from common.text.wordwise import readable, word_changes

# Raise it when the comparison of the same two texts changes.
COMPARISON_VERSION = 1

# Two blocks with less than this share of common words are not one block that changed.
_ALIKE = 0.4
# How many old blocks are compared to find the one that became a new block.
_LOOK_AHEAD = 8
# Of a long block, so many characters of its beginning, middle and end are compared.
_SAMPLE = 2_000
_LINE_BREAKS = frozenset(["\n", "<br>", "<br />"])
_LIKE_TEXT = frozenset(["", "p", "h1", "h2", "h3", "h4", "h5", "h6"])
# A parent has each of these once, so the new one always corresponds to the old one.
_ONLY_ONE = frozenset(["thead", "tbody", "tfoot", "caption", "summary"])
_SAME_KIND = {"ol": "ul", "th": "td"}


def rendered_diff_html(old: str, new: str) -> SafeString:
    """Return the new of two texts that `markdown.render` made, with its changes marked.

    The tags are those of the new text; removed words are put in at their former place, or as whole
    paragraphs, items, rows or cells where HTML allows them. A change of markup alone (a word that
    became bold) is shown without a mark. Pictures and formulas are compared whole, coloured code
    by its text. Where comparing words takes too many steps, whole blocks are marked. The same two
    texts always have the same result.
    """
    before, after = comparable(old), comparable(new)
    comparison = _Comparison(before, after)
    pieces = comparison.side_by_side(blocks(before), blocks(after), is_in_flow=True)
    return mark_safe("\n".join(pieces))  # noqa: S308  (words and tags of rendered, clean texts)


class _Comparison:
    """One comparison, and the steps it can still take."""

    def __init__(self, old: str, new: str) -> None:
        self.old = old
        self.new = new
        self.budget = Budget()
        self.words: dict[int, frozenset[str]] = {}  # of a block by its identity

    def side_by_side(
        self, before: list[Block], after: list[Block], *, is_in_flow: bool
    ) -> Iterator[str]:
        """Yield the new blocks of one parent, with the removed blocks between them."""
        old_texts = [self.old[block.start : block.end].strip("\n") for block in before]
        new_texts = [self.new[block.start : block.end].strip("\n") for block in after]
        place = 0
        for start, end, first, last in changes(old_texts, new_texts, self.budget):
            yield from new_texts[place:first]
            yield from self.changed(before[start:end], after[first:last], is_in_flow=is_in_flow)
            place = last
        yield from new_texts[place:]

    def changed(
        self, before: list[Block], after: list[Block], *, is_in_flow: bool
    ) -> Iterator[str]:
        """Yield each new block compared with its old one, and removed blocks whole."""
        if len(before) == len(after) and all(_kind(block) == "td" for block in [*before, *after]):
            yield from map(self.pair, before, after)
            return
        place = 0
        put_in: list[str] = []  # shown after the removed blocks at the same place
        for block in after:
            for index in range(place, min(place + _LOOK_AHEAD, len(before))):
                if self.are_alike(before[index], block):
                    yield from (_removed_block(gone, is_in_flow) for gone in before[place:index])
                    yield from put_in
                    put_in.clear()
                    yield self.pair(before[index], block)
                    place = index + 1
                    break
            else:
                put_in.append(_added_block(block))
        yield from (_removed_block(gone, is_in_flow) for gone in before[place:])
        yield from put_in

    def pair(self, old: Block, new: Block) -> str:
        """Return the new block with its changes from the old one marked."""
        if new.is_leaf:
            return f"{new.open}{self.leaf(old, new)}{new.close}"
        if _kind(new) == "td" and _is_line(old) and _is_line(new):
            return _element(new, [self.leaf(old.children[0], new.children[0])])
        pieces = self.side_by_side(old.children, new.children, is_in_flow=new.is_flow)
        return _element(new, list(pieces))

    def leaf(self, old: Block, new: Block) -> str:
        is_code = new.name == "pre"
        old_tokens = [token for token in tokens(old.inner) if not is_markup(token)]
        stream = tokens(new.inner)
        places = [place for place, token in enumerate(stream) if not is_markup(token)]
        before = old_tokens if is_code else [_folded(token) for token in old_tokens]
        after = [stream[place] if is_code else _folded(stream[place]) for place in places]
        changed = word_changes(before, after, self.budget, _LINE_BREAKS)
        writer = _LeafWriter(stream, places)
        for start, end, first, last in readable(changed, before, after, _LINE_BREAKS):
            writer.keep(first)
            writer.take_out(old_tokens[start:end])
            writer.put_in(last)
        return writer.finish()

    def are_alike(self, old: Block, new: Block) -> bool:
        if _kind(old) != _kind(new):
            return False
        if new.name in _ONLY_ONE:
            return True
        one, other = self.words_of(old, self.old), self.words_of(new, self.new)
        if not self.budget.take(8 + min(len(one), len(other))):
            return False
        if not one or not other:
            return one == other
        return 2 * len(one & other) >= _ALIKE * (len(one) + len(other))

    def words_of(self, block: Block, html: str) -> frozenset[str]:
        """Return the distinct words of a block, or of three samples of a long block."""
        known = self.words.get(id(block))
        if known is not None:
            return known
        text = html[block.start : block.end]
        if len(text) > 3 * _SAMPLE:
            middle = len(text) // 2
            text = text[:_SAMPLE] + text[middle : middle + _SAMPLE] + text[-_SAMPLE:]
        words = frozenset(
            token for token in tokens(text) if not (is_markup(token) or token.isspace())
        )
        if self.budget.take(8 + len(text)):
            self.words[id(block)] = words
        return words


class _LeafWriter:
    """Writes the new words of a leaf with their tags, and the removed words between them."""

    def __init__(self, stream: list[str], places: list[int]) -> None:
        self.stream = stream
        self.places = places
        self.next = 0  # of the words
        self.written = 0  # of the stream
        self.pieces: list[str] = []

    def keep(self, last: int) -> None:
        """Write the words up to `last` unchanged."""
        if last > self.next:
            end = self.places[last - 1] + 1
            self.pieces += self.stream[self.written : end]
            self.next, self.written = last, end

    def take_out(self, words: list[str]) -> None:
        """Write removed words, after the end tags that follow the word before."""
        if _is_blank(words):
            return
        while self.written < len(self.stream) and self.stream[self.written].startswith("</"):
            self.pieces.append(self.stream[self.written])
            self.written += 1
        self.pieces.append(removed("".join(words)))

    def put_in(self, last: int) -> None:
        """Write the words up to `last` as added."""
        if last > self.next:
            end = self.places[last - 1] + 1
            self.pieces.append(_added_words(self.stream[self.written : end]))
            self.next, self.written = last, end

    def finish(self) -> str:
        return "".join([*self.pieces, *self.stream[self.written :]])


def _folded(token: str) -> str:
    """Return white space in running text as a browser shows it."""
    return " " if token.isspace() else token


def _is_line(block: Block) -> bool:
    """Whether a container has only words and no blocks."""
    return len(block.children) == 1 and not block.children[0].name


def _kind(block: Block) -> str:
    return "p" if block.name in _LIKE_TEXT else _SAME_KIND.get(block.name, block.name)


def _added_words(stream: list[str]) -> str:
    """Return the words with each run between two tags marked as added."""
    pieces: list[str] = []
    run: list[str] = []
    for token in [*stream, ""]:
        if token and not is_markup(token):
            run.append(token)
            continue
        words = "".join(run)
        pieces.append(words if _is_blank(run) else added(words))
        pieces.append(token)
        run.clear()
    return "".join(pieces)


def _is_blank(words: list[str]) -> bool:
    return all(word.isspace() or name_of(word) == "br" for word in words)


def _element(block: Block, children: list[str]) -> str:
    """Return a container with its children; <details> is open."""
    opened = block.open
    if block.name == "details" and " open" not in opened:
        opened = "<details open" + opened[len("<details") :]
    inner = "\n".join(children)
    return f"{opened}{inner}{block.close}"


def _added_block(block: Block) -> str:
    """Return a new block, with its words marked."""
    if block.is_leaf:
        return f"{block.open}{_added_words(tokens(block.inner))}{block.close}"
    return _element(block, [_added_block(child) for child in block.children])


def _removed_block(block: Block, is_in_flow: bool) -> str:
    """Return a removed block, with its words marked and without links and colours."""
    name = _name_of_removed(block)
    if not block.is_leaf and not _is_line(block):
        inner = "\n".join(_removed_block(child, block.is_flow) for child in block.children)
        return f"<{name}>{inner}</{name}>"
    if name == "hr":
        return "<hr>"
    marked = _removed_words(block.children[0] if _is_line(block) else block)
    if name == "pre":
        return f"<pre><code>{marked}</code></pre>"
    if block.name == "caption" and not is_in_flow:
        return f"<tbody><tr><td>{marked}</td></tr></tbody>"
    return f"<{name}>{marked}</{name}>"


def _removed_words(leaf: Block) -> str:
    words = [token for token in tokens(leaf.inner) if not is_markup(token)]
    return "".join(words) if _is_blank(words) else removed("".join(words))


def _name_of_removed(block: Block) -> str:
    """Return an element that can hold a removed block wherever its siblings can be."""
    if block.name in ("", "summary", "caption"):
        return "p"
    if block.name in ("details", "section"):
        return "div"
    return "tbody" if block.name in ("thead", "tfoot") else block.name
