"""Texts that put every construct of Markdown and HTML into every other, for generated tests.

A template holds places: SEEN for a word that a reader must see, NOTE for one of a footnote, HIDDEN
for one that may vanish, as an address does. `numbered` makes each place a word of its own, so that
a test knows what must stand in the output, and in which order, without reading the text.
"""

import re
from dataclasses import dataclass
from random import Random

SEEN, NOTE, HIDDEN = "\ue000", "\ue001", "\ue002"
_PLACE = re.compile(f"[{SEEN}{NOTE}{HIDDEN}]")
_LETTERS = {SEEN: "w", NOTE: "n", HIDDEN: "h"}

_WORDS = [
    SEEN,
    SEEN,
    f"{SEEN} {SEEN}",
    f"「{SEEN}」",
    f"規格{SEEN}です。",
    f"ไทย{SEEN}",
    f"é{SEEN}",
    f"(see {SEEN} there)",
]
_SCRAPS = [
    *("{:", "}", "{: .x}", "{:toc}", "{: x", '="'),
    *("*", "**", "***", "_", "__", "~~", "~", "`", "``", "[", "]", "![", "(", ")", "<", ">", "|"),
    *("\\", "\\\\", "&", "&amp;", "&lt;", "&#35;", "&nbsp;", "&copy", "$", "$$", "\\$", "$5", "#"),
    *(
        " ",
        "  ",
        "\u00a0",
        "\u00ad",
        "\u200b",
        "、",
        "。",
        "」",
        "「",
        ":",
        "!",
        "^",
        "@",
        "www.",
        "://",
    ),
    *("<b>", "</b>", "<em>", "<sub>", "</sub>", "<code>", "</code>", "<span>", "<a>", "</a>"),
    *("<div>", "</div>", "<p>", "</p>", "<td>", "</td>", "<tr>", "</tr>", "<table>", "</table>"),
    *("<details>", "</details>", "<summary>", "</summary>", "<ul>", "<li>", "</li>", "</ul>"),
    *("<h2>", "</h2>", "<pre>", "</pre>", "<br>", "<hr>", "<br/>", "<blockquote>", "</blockquote>"),
    *("<TBD>", "<T, U>", "</x>", "<x y", "<!", "<?", "<b", "</", "<dl>", "<dt>", "<dd>", "</dl>"),
    *("<th>", "<tbody>", "<thead>", "<tfoot>", "<caption>", "</caption>", "<ol>", "</ol>", "<q>"),
]
# Around what stands in a line; {w} is a seen and {h} a hidden word.
_IN_LINE = [
    *("*{}*", "**{}**", "***{}***", "_{}_", "__{}__", "~~{}~~", "~{}~", "`{}`", "`` {} ``"),
    *("[{}](https://a.example/{h})", "[{}](#{h})", "[{}](images/{h}.png)", "[{}](javascript:{h})"),
    *(
        "[{}](https://a.example '{w}')",
        "[{}][ref]",
        "[{}][]",
        "[{}]",
        "![**{w}** {w}](https://a.example/{h}.png)",
    ),
    *(
        "![{w}](fig/{h}.png)",
        "![{w}](fig/{h}.png '{w}')",
        "<https://a.example/{w}>",
        "https://a.example/{w}",
    ),
    *("<b>{}</b>", "<i>{}</i>", "<u\n>{}</u>", "<sub>{}</sub>", "<kbd>{}</kbd>", "<code>{}</code>"),
    *(
        '<a href="https://a.example/{h}">{}</a>',
        "<a\n href='{h}.md'>{}</a>",
        '<a name="{h}">{}</a>',
    ),
    *(
        '<a href="javascript:{h}">{}</a>',
        '<span title="{w}">{}</span>',
        '<font color="red">{}</font>',
    ),
    *(
        '<img src="fig/{h}.png" alt="{w}">',
        '<img src="https://a.example/{h}" alt="{w}" title="{w}">',
    ),
    *(
        "<!-- {h} -->{}",
        "{}<br>{w}",
        "{}\\\n{w}",
        "{}  \n{w}",
        "{}\n{w}",
        "**{}**の{w}",
        "**「{w}」**と{}",
    ),
    *("{}[^1]", "{}[^zwei]", "{}[^none]", "${}$", "$${}$$", "US$5 {} US$6", "$\\frac{{w}}{2}$ {}"),
    *(
        "{}{w}",
        "{} {w}",
        "\\{}",
        "&lt;{}&gt;",
        "<{}>",
        "<TBD {}>",
        "List<{}>",
        "mailto:{w}@a.example",
        '[{}](https://a.example){:target="{h}"}',
        "**{}**{: .{h} #{h}}",
        "{: {w}: {}}",
        "{}\n{: .{h}}\n{w}",
    ),
    *("<q>{}</q>", "<ins>{}</ins>", "<abbr title='{w}'>{}</abbr>", "<time>{}</time>", "<p>{}</p>"),
    *(
        "<div>{}</div>",
        "<h3>{}</h3>",
        "<summary>{}</summary>",
        "<li>{}</li>",
        "<td>{}</td>",
        "{w}|{}",
    ),
]
# Before the first line of a block, and before its others.
_PREFIXES = [
    *(("> ", "> "), (">", ">"), ("> ", ""), ("- ", "  "), ("* ", "    "), ("+   ", "    ")),
    *(("1. ", "   "), ("1) ", "    "), ("7. ", "  "), ("- [ ] ", "  "), ("- [x] ", "  ")),
    *(("- > ", "  > "), ("> [!NOTE]\n> ", "> "), ("    ", "    "), ("  ", "  "), ("\t", "\t")),
]
# Around blocks.
_AROUND = [
    *("<div>\n\n{}\n\n</div>", "<div>\n{}\n</div>", "<div align='center'>{}</div>", "<div>\n{}"),
    *(
        "<details>\n<summary>{w}</summary>\n\n{}\n\n</details>",
        "<details><summary>{w}</summary>{}</details>",
    ),
    *(
        "<details open>\n{}\n</details>",
        "<table><tr><td>{}</td><td>{w}</td></tr></table>",
        "{}\n</div>",
    ),
    *(
        "<table>\n<tr><th>{w}\n<td>\n\n{}\n\n</table>",
        "<table><caption>{w}</caption>{}<tr><td>{w}</table>",
    ),
    *(
        "<ul>\n<li>{}\n<li>{w}\n</ul>",
        "<ol start='3'><li>{}</li>{w}</ol>",
        "<dl><dt>{w}<dd>{}</dl>",
    ),
    *(
        "<blockquote>{}</blockquote>",
        "<p align=center>{}</p>",
        "<pre>{}</pre>",
        "<h2>{}</h2>",
        "<p>\n\n{}",
    ),
    *(
        "<section>\n{}\n</section>\n",
        "{: .{h}}\n{}",
        "{}\n{: .{h} title='{h}'}",
        "<figure>{}<figcaption>{w}</figcaption></figure>",
        "<table>{}</table>",
    ),
    *(
        "<!-- {h}\n\n{h} -->\n{}",
        "{}\n\n<!-- {h} -->",
        "<table><td><table><td>{}</table>{w}</table>",
    ),
]
_DEFINITIONS = [
    f"\n[ref]: https://a.example/{HIDDEN}\n",
    f"\n[ref]: https://a.example/{HIDDEN} '{HIDDEN}'\n",
    f"\n[{SEEN}]: {SEEN}.md\n",
    f"\n[^{HIDDEN}]: {NOTE} {NOTE}\n",
]


@dataclass
class Composed:
    """A text, the words of it that must be seen in their order, and those of its notes."""

    source: str
    seen: list[str]
    notes: list[str]


def composed(seed: int) -> Composed:
    """The text of this number."""
    composer = _Composer(Random(seed))
    return numbered(
        "\n\n".join(composer.block(3) for _count in range(composer.random.randint(1, 4)))
    )


def numbered(template: str) -> Composed:
    """The template with a word of its own at each place."""
    words: dict[str, list[str]] = {SEEN: [], NOTE: [], HIDDEN: []}

    def word(place: re.Match[str]) -> str:
        kind = place[0]
        words[kind].append(f"{_LETTERS[kind]}{len(words[kind])}q")
        return words[kind][-1]

    return Composed(_PLACE.sub(word, template), words[SEEN], words[NOTE])


def _filled(pattern: str, inner: str) -> str:
    return pattern.replace("{w}", SEEN).replace("{h}", HIDDEN).replace("{}", inner)


def _one_line(text: str) -> str:
    return text.replace("\n", " ")


class _Composer:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.pick = random.choice

    def line(self, depth: int) -> str:
        """Words of a line, with `depth` constructs within one another."""
        kind = self.random.random()
        if depth and kind < 0.6:
            return _filled(self.pick(_IN_LINE), self.line(depth - 1))
        if depth and kind < 0.75:
            return self.line(depth - 1) + self.pick(_SCRAPS) + self.line(depth - 1)
        before, after = (self.pick(_SCRAPS) if self.random.random() < 0.2 else "" for _ in "ab")
        return before + self.pick(_WORDS) + after

    def block(self, depth: int) -> str:
        kind = self.random.random()
        if not depth or kind < 0.3:
            return self.leaf()
        if kind < 0.55:
            first, rest = self.pick(_PREFIXES)
            return first + self.block(depth - 1).replace("\n", f"\n{rest}")
        if kind < 0.8:
            return _filled(self.pick(_AROUND), self.block(depth - 1))
        between = self.pick(["\n", "\n\n"])
        return between.join(self.block(depth - 1) for _count in range(self.random.randint(2, 3)))

    def leaf(self) -> str:
        kind = self.random.random()
        if kind < 0.5:
            return self.line(3)
        if kind < 0.6:
            return _filled(
                self.pick(["# {}", "### {} ##", "{}\n---", "{}\n==="]), _one_line(self.line(2))
            )
        if kind < 0.75:
            return self.table()
        if kind < 0.85:
            fence, language = (
                self.pick(["```", "~~~", "````"]),
                self.pick(["", "py", "js x", HIDDEN]),
            )
            return f"{fence}{language}\n{self.line(2)}\n" + self.pick([fence, ""])
        if kind < 0.9:
            return self.pick(_DEFINITIONS)
        if kind < 0.95:
            label = self.pick(["1", "zwei", "unused"])
            return f"\n[^{label}]: {_one_line(self.line(2)).replace(SEEN, NOTE)}\n"
        return "---"

    def table(self) -> str:
        rows = [
            f"| {' | '.join(_one_line(self.line(2)) for _cell in range(self.random.randint(1, 4)))} |"
            for _row in range(self.random.randint(1, 3))
        ]
        rows.insert(1, "|" + "-:|" * self.random.randint(1, 4))
        return "\n".join(rows)
