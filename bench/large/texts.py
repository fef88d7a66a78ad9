"""What people write: sentences that are put together anew each time, and rendered once."""

import random
from dataclasses import dataclass
from functools import lru_cache

from common.text import markdown
from workinggroups.meetings.rendering import notes_html

SENTENCES = (
    "The test runs on a laptop in under an hour, which was the point of it.",
    "Two laboratories got the same number; the third had another tokenizer.",
    "Nobody could say where a fifth of the recordings come from.",
    "We publish the failures beside the successes.",
    "The licence of the pictures does not allow what the text promises.",
    "A reader without a computer has to understand the first page.",
    "The threshold is a matter of policy and not of measurement.",
    "Rows without a source are left out until somebody vouches for them.",
    "The interface stays as it is; the names of the fields change once and then never again.",
    "Clinics asked for a version that works without a network.",
    "The old benchmark is kept so that results can be compared.",
    "Three members tried the tool and sent what broke.",
    "The report names the energy that each run took.",
    "Teachers tried the material in four classes and want shorter lessons.",
    "An agent says what it may do before it does anything.",
    "The definition of an incident is narrower than that of a weakness.",
    "We asked the translators to go over the glossary first.",
    "The sample has to be drawn before the model is seen.",
    "Small groups of speakers are overlooked when results are averaged.",
    "What the model refuses is part of the result.",
    "The data sheet has one page and no appendix.",
    "A grid operator showed how a wrong forecast travels.",
    "Whoever publishes a score publishes the prompt with it.",
    "The form for reports fits on a phone.",
    "We could not agree on the weights and report both.",
    "The reference implementation is the last thing to be written, not the first.",
    "Archives want to know what happens to a picture that is withdrawn.",
    "The reviewers ask for an example in every section.",
    "No result is shown without its uncertainty.",
    "The next version names the limits of money and of time.",
    "計測の手順は一枚の紙に収まる長さにした。",
    "Les résultats négatifs figurent dans le même tableau que les autres.",
    "Die Prüfung beginnt mit dem, was das Modell nicht können soll.",
    "Los maestros pidieron ejemplos que funcionen sin conexión.",
    "Звіт має бути зрозумілим без додатків.",
)
HEADINGS = (
    "Where we stand", "Results", "Data", "What is missing", "Terms", "Method", "Limits",
    "Next steps", "For readers", "Open questions",
)  # fmt: skip
MATTERS = (
    "Results of the last run", "Names of the fields", "Who reviews the draft", "Sample for the trial",
    "Comments from outside", "Plan until summer", "Sources of the data", "What the tool refuses",
    "Cost of a run", "Translation of the glossary", "Date of the workshop", "Answers to the survey",
)  # fmt: skip
TASKS = (
    "Send the sample to the reviewers", "Write the section on limits", "Ask the clinics for a date",
    "Repeat the run with the new tokenizer", "Draw the figure for the first page",
    "Check the licences of the pictures", "Collect the comments from outside",
    "Translate the glossary", "Describe the format in one page", "Invite the schools",
)  # fmt: skip
DECIDED = (
    "Report both weights", "Leave out rows without a source", "Freeze the names of the fields",
    "Meet every second week", "Publish the prompts with the scores", "Keep the old benchmark",
    "Invite three schools to the trial", "Use one glossary in all documents",
    "Ask for a second laboratory", "Take the threshold out of the test",
)  # fmt: skip
DISSENT = "One member would have kept the threshold in the test, and says so in the minutes."
WORKS = (
    "Evaluation stack", "Data sheet", "Field guide", "Glossary", "Reference tool", "Lesson plan",
    "Test collection", "Conformance profile", "Incident report form", "State of the field",
)  # fmt: skip
REMARKS = (
    "This sentence promises more than the data can hold.",
    "An example would help here.",
    "The term is used in another sense in section two.",
    "Say who measured this, and when.",
    "The figure contradicts the table above it.",
)
ANSWERS = (
    "Changed as proposed.",
    "An example is added; the rest stays as it was.",
    "The group wants the sentence as it stands, since the reader needs it.",
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its HTML and its plain words, so that rows that share it cost nothing."""

    source: str
    html: str
    words: str


@lru_cache(maxsize=1024)
def rendered(source: str, kind: markdown.TextKind = markdown.TextKind.DOCUMENT) -> Text:
    html = markdown.render(source, kind)
    return Text(source, html, markdown.plain(html))


def paragraph(dice: random.Random, sentences: int) -> str:
    return " ".join(dice.sample(SENTENCES, sentences))


def posts(dice: random.Random, count: int = 200) -> list[Text]:
    return [
        rendered(paragraph(dice, dice.randint(1, 4)), markdown.TextKind.POST)
        for _number in range(count)
    ]


def sections(dice: random.Random, count: int) -> list[str]:
    """Sections of Markdown, each with its heading."""
    return [
        f"## {dice.choice(HEADINGS)}\n\n{paragraph(dice, dice.randint(2, 4))}"
        for _number in range(count)
    ]


def notes(dice: random.Random, count: int = 120) -> list[Text]:
    """Notes as they are rendered in their room."""
    found: list[Text] = []
    for _number in range(count):
        source = "\n\n".join(sections(dice, dice.randint(2, 4)))
        found.append(_noted(source))
    return found


def long_notes(dice: random.Random, size: int) -> Text:
    """Notes of just this many bytes, with lists, a table and links."""
    parts: list[str] = []
    while len("\n\n".join(parts).encode()) < size:
        parts += sections(dice, 1)
        parts.append("- *one* laboratory\n- **two** laboratories\n- [all](https://example.org/)")
    source = "\n\n".join(parts).encode()[:size].decode(errors="ignore")
    # In place of a letter that was cut in two.
    return _noted(source + " " * (size - len(source.encode())))


def _noted(source: str) -> Text:
    html = notes_html(source)
    return Text(source, html, markdown.plain(html))
