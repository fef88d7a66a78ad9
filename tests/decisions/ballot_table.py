"""The table of states in docs/ballots.md, rendered from the code."""

from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "ballots.md"
BEGIN, END = "<!-- states -->\n", "<!-- /states -->\n"


def table() -> str:
    """Return the state table in Markdown, one row for each event."""
    from workinggroups.decisions.ballot_states import TRANSITIONS  # after django.setup()

    rows = ["| event | from | to | who | what it does | notified |", "|---|---|---|---|---|---|"]
    for row in TRANSITIONS.values():
        sources = ", ".join(sorted(source.value for source in row.sources))
        cells = (row.event.value, sources, row.target.value, row.who, row.effect, row.notified)
        rows.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join(rows) + "\n"


def rendered(page: str) -> str:
    """Return the page with the table as the code has it."""
    before, rest = page.split(BEGIN)
    return before + BEGIN + table() + END + rest.split(END)[1]


if __name__ == "__main__":
    import django

    django.setup()
    PAGE.write_text(rendered(PAGE.read_text()))
