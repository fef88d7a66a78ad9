"""Composed documents in rendered HTML, and edits of them, for tests of comparisons."""

import html

from hypothesis import strategies as st

WORDS = ["group", "limit", "the", "a", "評価", "&", "x<y", "data", "test", "one", "two", "é"]
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join).map(html.escape)


def element(
    name: str, inner: st.SearchStrategy[str], attributes: str = ""
) -> st.SearchStrategy[str]:
    return inner.map(lambda text: f"<{name}{attributes}>{text}</{name}>")


def run_of(pieces: st.SearchStrategy[str], most: int = 3) -> st.SearchStrategy[str]:
    return st.lists(pieces, min_size=1, max_size=most).map("\n".join)


inline = st.one_of(
    words,
    element("em", words),
    element("strong", words),
    element("code", words),
    element("del", words),
    element("a", words, ' href="https://a.example/?a=1&amp;b=2"'),
    st.just('<img class="figure" data-file="fig%201.png" alt="Figure 1">'),
    st.just("<math><mi>x</mi><mo>=</mo><mn>1</mn></math>"),
    st.just('<sup class="footnote-ref"><a href="#user-content-fn-1" id="fr-1">1</a></sup>'),
    st.just("a<br>b"),
)
line = st.lists(inline, min_size=1, max_size=4).map(" ".join)
code = st.lists(st.sampled_from(["def", "x", "=", "1", "\n", " "]), min_size=1, max_size=8).map(
    lambda parts: (
        '<pre><code class="language-python"><span class="k">{}</span></code></pre>'.format(
            "".join(parts)
        )
    )
)
row = (
    st.lists(element("td", line), min_size=2, max_size=2)
    .map("".join)
    .map(lambda cells: f"<tr>{cells}</tr>")
)
table = st.tuples(words, run_of(row)).map(
    lambda parts: (
        f"<table><thead><tr><th>{parts[0]}</th><th>h</th></tr></thead>"
        f"<tbody>{parts[1]}</tbody></table>"
    )
)
leaf = st.one_of(
    element("p", line), element("h2", line, ' id="anchor"'), code, st.just("<hr>"), table
)
block = st.recursive(
    leaf,
    lambda inner: st.one_of(
        element("blockquote", run_of(inner)),
        element("ul", run_of(element("li", st.one_of(line, run_of(inner))))),
        element("ol", run_of(element("li", st.tuples(line, inner).map("\n".join)))),
        st.tuples(words, run_of(inner)).map(
            lambda parts: f"<details><summary>{parts[0]}</summary>\n{parts[1]}</details>"
        ),
    ),
    max_leaves=6,
)
documents = st.lists(block, max_size=6)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str]:
    """Two documents, the second an edit of the first: blocks and words gone, new and moved."""
    old = draw(documents)
    new = []
    for piece in old:
        fate = draw(st.sampled_from(["same", "same", "words", "gone", "before"]))
        if fate == "words":
            piece = piece.replace(draw(st.sampled_from(["group", "limit", "two"])), "changed")
        if fate == "before":
            new.append(draw(block))
        if fate != "gone":
            new.append(piece)
    return "\n".join(old), "\n".join(draw(st.one_of(st.just(new), documents)))
