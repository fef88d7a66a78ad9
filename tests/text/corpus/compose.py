"""Writes the long texts of the corpus: `python -m tests.text.corpus.compose`.

Each is made of one subject's own sentences, headings, lists, tables and code, with every construct
that such documents have; the files are committed, so that a change of the reader shows.
"""

from pathlib import Path
from random import Random

SUBJECTS = {
    "minutes": ("Minutes of the plenary", "agenda item", "rapporteur", "motion", "attendance list"),
    "specification": ("Format of sensor logs", "field", "parser", "encoding", "version number"),
    "handbook": ("Handbook for chairs", "meeting", "chair", "reminder", "invitation"),
    "benchmark": ("Evaluation of summaries", "test set", "annotator", "score", "baseline"),
    "charter": ("Charter of the data group", "milestone", "co-chair", "deliverable", "liaison"),
    "readme": ("Tools for archives", "command", "maintainer", "option", "release"),
    "policy": ("Policy on shared records", "record", "custodian", "retention period", "request"),
    "conduct": ("Conduct at events", "event", "host", "complaint", "badge"),
    "glossary": ("Terms of measurement", "term", "editor", "definition", "source"),
    "audit": ("Audit of the registry", "finding", "auditor", "control", "sample"),
    "survey": ("Survey of members", "question", "respondent", "answer", "share"),
    "roadmap": ("Roadmap to the second edition", "phase", "coordinator", "dependency", "risk"),
}
SENTENCES = (
    "The {a} reads each {b} before the {c} is closed, and writes to the *other side* if anything is unclear.",
    "A **{b}** that arrives late counts for the next {d}; it is kept under `{e}/{n}`.",
    "We found {n} cases in which the {c} and the {d} disagree[^{m}], most of them in the south.",
    'See [the page on the {b}](https://docs.example/{e}/{n} "Page {n}") or [part {m}](#part-{m}).',
    "It costs ${n} to ${k} a year, i.e. US${n}.50 per {b}, and <TBD: {d}> is not yet known.",
    "Let $x_{m} \\le {n}$; then the {d} grows by $\\frac{{x_{m}}}{{{k}}}$ per step.",
    "Types such as List<{T}> or Map<String, {T}> stand for the {c}; R&D and AT&amp;T are names.",
    "Write to {e}-{m}@lists.example, or look at https://lists.example/{e}?n={n}&m={m} (if it answers).",
    "Press <kbd>Ctrl</kbd>+<kbd>{K}</kbd>, not <b>Shift</b>; CO<sub>2</sub> falls by {n} %<sup>a</sup>.",
    "“Nobody,” said the {a}, “has seen the {c} of 12\u00a0May – not even in draft…” The co\u00adordination failed.",
    "規格の**「{b}」**は第{m}版です。**注意：**期限は{n}日。Решение №{n} **принято**, а срок — 1 мая.",
    "The {d} is ~~optional~~ required, snake_case_{m} stays, 2*{m}*3 is a product, and \\*this\\* is typed.",
)
CODE = {
    "python": 'def {b}_{m}(items: list[str]) -> dict[str, int]:\n    """Counts <{b}> & more."""\n    return {{}}',
    "json": '{{"{e}": [{n}, {m}], "name": "<{b}>"}}',
    "sql": "SELECT {e}, count(*) FROM t{m} WHERE n <> {n} GROUP BY {e};",
    "": "plain text with [brackets](address) and *stars* {n}",
}


def text(name: str) -> str:
    """A text of some 20 KB on this subject, the same at each call."""
    title, b, a, c, d = SUBJECTS[name]
    random = Random(name)

    def filled(pattern: str) -> str:
        return pattern.format(
            a=a, b=b.replace(" ", "_") if "def" in pattern else b, c=c, d=d, e=name,
            n=random.randint(100, 999), k=random.randint(1000, 9999), m=random.randint(1, 9),
            K=random.choice("ABCXYZ"), T=b.title().replace(" ", ""),
        )  # fmt: skip

    def sentences(least: int, most: int) -> str:
        return " ".join(
            filled(random.choice(SENTENCES)) for _ in range(random.randint(least, most))
        )

    parts = [f"---\ntitle: {title}\nauthors: [Ilse Marrow, Ode Tann]\n---\n\n# {title}\n"]
    parts.append("\n".join(f"- [Part {number}](#part-{number})" for number in range(1, 10)))
    number = 0
    while sum(len(part.encode()) for part in parts) < 23_500:
        number += 1
        parts.append(f"## Part {number}" if number < 10 else f"### {title}, detail {number}")
        parts.append(sentences(2, 4))
        indent = random.choice([2, 3, 4])
        marker = random.choice(["-", "*", "+", "1."]) if indent > 2 else "-"
        parts.append(
            f"{marker} {sentences(1, 1)}\n{' ' * indent}- {sentences(1, 1)}\n\n"
            f"{' ' * indent}  {sentences(1, 1)}\n{marker} [ ] {sentences(1, 1)}"
        )
        kind = random.randrange(6)
        if kind == 0:
            parts.append(
                f"| {b} | {c} |\n|:--|--:|\n"
                + "\n".join(f"| {sentences(1, 1)} | {number} | surplus |" for _ in "ab")
            )
        elif kind == 1:
            parts.append(
                f"> [!{random.choice(['NOTE', 'TIP', 'CAUTION'])}]\n> {sentences(1, 2)}\n>\n> > {sentences(1, 1)}"
            )
        elif kind == 2:
            language = random.choice(list(CODE))
            parts.append(f"```{language}\n{filled(CODE[language])}\n```")
        elif kind == 3:
            parts.append(
                f"<details>\n<summary>About the {d}</summary>\n\n{sentences(1, 2)}\n\n</details>"
            )
        elif kind == 4:
            parts.append(
                f'<table>\n<tr><th align="left">{b}</th><th>{c}</th></tr>\n'
                f"<tr><td>{filled('the {a}, {n}')}</td><td>\n\n{sentences(1, 1)}\n\n</td></tr>\n</table>"
            )
        else:
            parts.append(
                f'![A chart of the {d}](figures/{name}-{number}.png "Figure {number}: the {c}")'
            )
    parts.append(f"[unused {name}]: https://unused.example/{name}")
    parts += [
        f"[^{note}]: Note on the *{c}*, no. {note}.\n\n    Its second paragraph."
        for note in range(1, 10)
    ]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    for name in SUBJECTS:
        (Path(__file__).parent / f"long-{name}.md").write_text(text(name))


if __name__ == "__main__":
    main()
