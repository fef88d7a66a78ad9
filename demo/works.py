"""The deliverables: written, reviewed, approved, published, withdrawn; each state has one at least."""

import io
import zipfile
from datetime import timedelta
from functools import partial
from typing import TypedDict

from django.core.files.uploadedfile import SimpleUploadedFile

from demo.groups import chair_of
from demo.scenario import Scenario
from demo.tables import Row, rows, text
from members.people.models import Person
from workinggroups.decisions.choices import Unit
from workinggroups.decisions.subjects import EarlyApproval
from workinggroups.decisions.tally import Tally
from workinggroups.deliverables import actions
from workinggroups.deliverables.choices import Reviewers
from workinggroups.deliverables.models import Publication, ReviewComment


class Result(TypedDict, total=False):
    method: str
    counts: Tally
    dissent: str


# Published versions: days since, number, what is new.
VERSIONS = {
    "stack": [(78, "1.0", ""), (36, "1.1", "Sponsors in kind; the smallest number of runs.")],
    "manifest": [(96, "1.0", ""), (29, "1.1", "Limits of money and of time.")],
    "vocabulary": [(121, "1.0", ""), (43, "2.0", "Three terms have new names.")],
    "lessons": [
        (111, "1.0", ""),
        (67, "1.1", "Lesson five is new."),
        (19, "1.2", "Four mistakes mended, found by pupils."),
    ],
    "portability": [(71, "1.0", "")],
    "twelve": [(51, "1.0", "")],
    "failed": [(47, "0.9", "")],
    "consultation": [(58, "1.0", "")],
}
# How versions were approved where it was not by consensus.
RESULTS: dict[str, Result] = {
    "stack": {"method": "two_thirds", "counts": Tally(12, 3, 1, Unit.ORGANIZATIONS)},
    "consultation": {
        "method": "two_thirds",
        "counts": Tally(6, 3, 0),
        "dissent": "Three organizations hold that a list of sources is a trade secret.",
    },
    "twelve": {"method": "unanimity", "counts": Tally(11, 0, 0, Unit.PEOPLE)},
}
# Approved before the review was over, and why.
EARLY = {
    "twelve": "All eleven speakers read their part in the first five days, and the school year begins."
}
# Who writes in a review, what, what the editor answers, and whether that settles it.
COMMENTS: dict[str, list[tuple[str, str, str, str, bool | None]]] = {
    "stack": [
        ("priyac", "Names of products change. The day should stand beside the name.",
         "accepted", "The record now names the day.", True),
        ("faiz", "“Repeated” sounds like twice. Could it be “confirmed”?",
         "rejected", "Confirmed promises more than two numbers in one spread can keep.", False),
        ("lena", "The table of statuses should come before the terms.",
         "partly", "It has a link at the top; the terms stay first, since the table uses them.", True),
        ("aylin", "What about results on machines whose maker is not known?", "", "", None),
        ("koffi", "Prompts that stem from people: please name the form of the consent.", "", "", None),
    ],
    "assistants": [
        ("elin", "Agreement of 0.81 without a measure of chance means little.",
         "accepted", "The next table gives it beside the value by chance.", True),
        ("kaori", "One of the sixty is only a mistake in English.",
         "accepted", "Replaced by number 61.", None),
        ("bjorn", "I withdraw this, it is answered in section three.", "withdrawn", "", None),
        ("eitan", "Is a refusal nothing, or a third answer?", "", "", None),
    ],
    "buyers": [
        ("faiz", "Question nine is two questions.", "accepted", "Split, and two others joined.", True),
    ],
}  # fmt: skip


def plan(scenario: Scenario) -> None:
    for row in rows("works"):
        scenario.at(scenario.ago(int(row["begun"])), partial(_begin, scenario, row))
        for place, (days, number, changes) in enumerate(VERSIONS.get(row["key"], [])):
            scenario.at(
                scenario.ago(days), partial(_bring_out, scenario, row, place, number, changes)
            )
    scenario.at(scenario.ago(33), partial(_withdraw, scenario, "portability"))
    _plan_open_ones(scenario)


def _begin(scenario: Scenario, row: Row) -> None:
    """A draft with a text that was saved twice, its authors, and a file or two."""
    lead, source = scenario.people[row["lead"]], text("works", row["text"])
    work = actions.create_deliverable(
        actor=lead,
        group=scenario.groups[row["group"]],
        title=row["title"],
        kind=row["kind"],
        summary=row["summary"],
        licence=row["licence"],
    )
    scenario.works[row["key"]] = work
    authors = [scenario.people[key] for key in row["authors"].split()]
    actions.name_authors(actor=lead, deliverable=work, people=authors)
    if len(authors) > 1:
        editor = next(person for person in authors if person.pk != lead.pk)
        actions.name_editor(actor=_chair(scenario, row), deliverable=work, person=editor)
    opening = source.partition("\n# ")[0]
    saved = actions.save_text(actor=lead, deliverable=work, version=1, source=opening)
    if opening != source:
        actions.save_text(
            actor=lead,
            deliverable=work,
            version=saved.version,
            source=source,
            changes="The whole of it, for the first time.",
        )
    for upload in _files(row["key"]):
        actions.add_file(actor=lead, deliverable=work, upload=upload)


def _files(key: str) -> list[SimpleUploadedFile]:
    """Small and real: what one would find beside such a work."""
    match key:
        case "stack":
            example = (
                "field,value\nsubject,sha256:0f1e…\nruns,8\nmean,71.4\nspread,2.1\nsponsor,none\n"
            )
            return [
                SimpleUploadedFile("record-example.csv", example.encode()),
                SimpleUploadedFile("checklist.txt", b"1 subject\n2 test\n3 settings\n4 hardware\n"),
            ]
        case "portability":
            table = "model,maker,format,differs_per_million\nm01,a,bf16,412\nm01,b,bf16,455\n"
            return [SimpleUploadedFile("differences.csv", table.encode())]
        case "twelve":
            languages = ["ewe", "haw", "ibo", "mar", "mri", "tcy", "yor"]
            return [SimpleUploadedFile("twelve-tongues.zip", _zip(languages))]
        case "failed":
            lines = "aim,found,sure\nperovskite,amorphous glass,0.9\nzeolite,nothing,0.99\n"
            return [SimpleUploadedFile("failed-syntheses.csv", lines.encode())]
        case "lessons":
            return [
                SimpleUploadedFile("shopping-list.txt", b"A box of buttons. Chalk. Patience.\n")
            ]
    return []


def _zip(languages: list[str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for language in languages:
            archive.writestr(f"{language}.csv", "question,answer\n,\n")
        archive.writestr("README.txt", "Written by speakers. Ask before you translate.\n")
    return packed.getvalue()


def _chair(scenario: Scenario, row: Row) -> Person:
    return scenario.people[chair_of(row["group"])]


def _bring_out(scenario: Scenario, row: Row, place: int, number: str, changes: str) -> None:
    """One version: revised, reviewed for ten days, approved, published two days later."""
    chair, work = _chair(scenario, row), scenario.works[row["key"]]
    if place:
        _revise(scenario, row, f"\n# Changes in {number}\n\n{changes}\n", changes)
    until = (scenario.moment + timedelta(days=10)).date()
    actions.open_review(actor=chair, deliverable=work, until=until)
    result: Result = {"method": "consensus", **RESULTS.get(row["key"], Result())}
    days, early = 12, None
    if reason := EARLY.get(row["key"]):
        days, early = 6, EarlyApproval(until, reason)
    approve = partial(actions.approve, actor=chair, deliverable=work, early=early, **result)
    publish = partial(
        actions.publish, actor=chair, deliverable=work, number=number, changes=changes
    )
    scenario.at(scenario.moment + timedelta(days=days), approve)
    scenario.at(scenario.moment + timedelta(days=13), publish)


def _revise(scenario: Scenario, row: Row, addition: str, changes: str) -> None:
    lead, work = scenario.people[row["lead"]], scenario.works[row["key"]]
    revision = actions.revise(actor=lead, deliverable=work)
    actions.save_text(
        actor=lead,
        deliverable=work,
        version=revision.version,
        source=f"{revision.source.rstrip()}\n{addition}",
        changes=changes,
    )


def _withdraw(scenario: Scenario, key: str) -> None:
    publication = Publication.objects.get(deliverable=scenario.works[key])
    actions.withdraw(
        actor=scenario.people[chair_of("hardware")],
        publication=publication,
        reason="Two of the four makers were interchanged in the second table. A corrected "
        "report follows when the machines have run again.",
    )


def _plan_open_ones(scenario: Scenario) -> None:
    """Plan works that are between two states today."""
    table = {row["key"]: row for row in rows("works")}
    scenario.at(scenario.ago(10), partial(_revise_stack, scenario, table["stack"]))
    everybody = partial(_review, scenario, table["stack"], 12, Reviewers.ALLIANCE)
    scenario.at(scenario.ago(9), everybody)
    scenario.at(scenario.ago(14), partial(_review, scenario, table["assistants"], 24))
    scenario.at(scenario.ago(30), partial(_review, scenario, table["buyers"], 14))
    scenario.at(scenario.ago(12), partial(_approve, scenario, table["buyers"]))
    scenario.at(scenario.ago(40), partial(_review, scenario, table["sampling"], 14))
    scenario.at(scenario.ago(25), partial(_return, scenario, table["sampling"]))
    scenario.at(scenario.ago(130), partial(_drop, scenario, table["scorecard"]))


def _revise_stack(scenario: Scenario, row: Row) -> None:
    addition = "\n# Rented hardware\n\nAn operator who rents names the product, and the day.\n"
    _revise(scenario, row, addition, "What to write where the hardware is rented.")


def _review(scenario: Scenario, row: Row, days: int, reviewers: str = Reviewers.GROUP) -> None:
    work = scenario.works[row["key"]]
    actions.open_review(
        actor=_chair(scenario, row),
        deliverable=work,
        until=(scenario.moment + timedelta(days=days)).date(),
        reviewers=reviewers,
    )
    for number, comment in enumerate(COMMENTS.get(row["key"], []), start=1):
        moment = scenario.moment + timedelta(hours=21 * number)
        scenario.at(moment, partial(_comment, scenario, row, *comment))


def _comment(
    scenario: Scenario,
    row: Row,
    who: str,
    text: str,
    outcome: str,
    answer: str,
    settled: bool | None,
) -> None:
    author = scenario.people[who]
    comment = actions.add_comment(actor=author, deliverable=scenario.works[row["key"]], source=text)
    if outcome == "withdrawn":
        taken_back = partial(actions.withdraw_comment, actor=author, comment=comment)
        scenario.at(scenario.moment + timedelta(hours=2), taken_back)
    elif outcome:
        later = partial(_answer, scenario, row, comment, outcome, answer, settled)
        scenario.at(scenario.moment + timedelta(hours=30), later)


def _answer(
    scenario: Scenario,
    row: Row,
    comment: ReviewComment,
    outcome: str,
    answer: str,
    settled: bool | None,
) -> None:
    actions.answer_comment(
        actor=scenario.people[row["lead"]], comment=comment, disposition=outcome, answer=answer
    )
    if settled is not None:
        actions.say_settled(actor=comment.author, comment=comment, is_settled=settled)


def _approve(scenario: Scenario, row: Row) -> None:
    actions.approve(
        actor=_chair(scenario, row),
        deliverable=scenario.works[row["key"]],
        method="rough_consensus",
        counts=Tally(10, 1, 1, Unit.ORGANIZATIONS),
        dissent="One organization would have liked twelve questions.",
    )


def _return(scenario: Scenario, row: Row) -> None:
    actions.request_changes(
        actor=_chair(scenario, row),
        deliverable=scenario.works[row["key"]],
        reason="Nobody could tell what to do with an entry that moved. Please add an example.",
    )


def _drop(scenario: Scenario, row: Row) -> None:
    actions.drop(actor=_chair(scenario, row), deliverable=scenario.works[row["key"]])
