"""The committee paper as numbered paragraphs, from the facts and their skeleton: what both formats write down.

Everything here is decided by the facts alone, the skeleton being one of them. So the numbers of an edition's
paragraphs never change, whatever becomes of the configuration.
"""

import re
from collections.abc import Callable
from typing import Final

from reporting.facts import HeadLineFacts, PartFacts, Report, SkeletonFacts, checksum_of
from reporting.narrative import change_sentences, measures, risks, sentences
from reporting.paper import appendices, delivery, skeleton, work_plan, years
from reporting.paper.blocks import Paper, Paragraph, plain, run
from reporting.paper.marked import tell
from reporting.paper.writing import PaperWriter
from vcsportal.common.cells import clean
from vcsportal.common.dates import in_words

NUMBERING: Final = re.compile(r"^\s*(?:[-*•–]|\(?(?:\d{1,2}|[a-z])[.)])\s+")
"""What people type before an item; the paper letters it by itself."""
POINTER: Final = "; see “{}”"
"""How the report's summary points to a heading of its own; the paper's heading may be another."""
FORWARD_PLAN: Final = "forward-plan"
"""The section with what comes next; each thing in it has a paragraph's number, so that a committee can name it."""
RISK: Final = "risk"
"""The section about the level of risk, which is drafted from the risks where nobody wrote it."""
Words = dict[str, str]


def outline(report: Report) -> Paper:
    """Return the paper."""
    laid_out = skeleton.of(report)
    words, writing = skeleton.words(report, laid_out), PaperWriter()
    if report.paper_identity and report.paper_identity.logo:
        writing.logo(report.paper_identity.logo, report.paper_identity.council)
    writing.title(words["title"], foreign=report.strategy.title, language=report.strategy.language)
    for line in laid_out.header:
        _head(writing, report, laid_out, line, words)
    for part in laid_out.parts:
        PARTS[part.kind](writing, report, part, words)
    for number, appendix in enumerate(appendices.of(report, laid_out.appendices), start=1):
        writing.heading(1, f"Appendix {number}: {skeleton.fill(appendix.heading, words)}", new_page=True)
        APPENDICES[appendix.kind](writing, report)
    return Paper(
        title=plain(words["title"]), subject=plain(f"{report.strategy.title}, {report.round.label}"),
        author=plain(skeleton.council(report)), footer=plain(skeleton.fill(laid_out.footer, words)),
        page_numbers=laid_out.page_numbers, font=plain(laid_out.font), size=laid_out.size, lists=writing.lists,
        blocks=writing.blocks(),
    )  # fmt: skip


def paragraphs_citing(report: Report) -> dict[int, list[str]]:
    """Return, by the number of each note (an item of evidence), the numbers of the paragraphs that cite it."""
    found: dict[int, list[str]] = {}
    for block in outline(report).blocks:
        if isinstance(block, Paragraph):
            for note in block.notes:
                found.setdefault(note, []).append(str(block.number))
    return found


def _head(writing: PaperWriter, report: Report, laid_out: SkeletonFacts, line: HeadLineFacts, words: Words) -> None:
    """Write a line of the header block, or nothing where there is nothing to say."""
    said = clean(report.text(line.section)) if line.section else ""
    said = said or skeleton.fill(line.otherwise, words)
    if line.kind == "title":
        said = words["title"]
    elif line.kind == "appendices":
        for number, appendix in enumerate(appendices.of(report, laid_out.appendices), start=1):
            heading = skeleton.fill(appendix.heading, words)
            writing.line("" if number > 1 else line.label, f"Appendix {number}: {heading}")
        return
    elif line.kind == "recommendations":
        asked = [asked for each in said.split("\n") if (asked := NUMBERING.sub("", each).strip())]
        if asked:
            writing.line(line.label, skeleton.fill(laid_out.recommended, words))
            letters = writing.new_list()
            for question in asked:
                writing.item(run(plain(question)), letters=letters)
        return
    if said:
        writing.line(line.label, said)


def _text(writing: PaperWriter, report: Report, part: PartFacts, words: Words) -> None:
    """Write what officers wrote, else what the skeleton says, else nothing at all. The level of risk is drafted from the risks."""
    said = clean(report.text(part.section)) if part.section else ""
    if not said and part.section == RISK and report.risks:
        writing.heading(1, skeleton.fill(part.heading, words))
        for risk in report.risks:
            writing.say(risks.level(risk))
        return
    if said or part.otherwise:
        writing.heading(1, skeleton.fill(part.heading, words))
        numbered = part.section == FORWARD_PLAN
        language = report.language_of(part.section)
        if not tell(writing, said, under=1, language=language, number_items=numbered) and part.otherwise:
            writing.say(skeleton.fill(part.otherwise, words))
        elif said:
            _commented(writing, report, part)


def _commented(writing: PaperWriter, report: Report, part: PartFacts) -> None:
    """Write which post gave the comments, and on which day.

    Nothing without the day: the post is kept from round to round, so only a day of this round says that it gave comments on it.
    """
    post, day = (clean(report.text(section)) if section else "" for section in (part.by, part.on))
    if day:
        writing.paragraph(
            run("Comments given by: " if post else "Comments given on: ", bold=True),
            run(", ".join(filter(None, [post, day]))),
        )


def _papers(writing: PaperWriter, report: Report, part: PartFacts, words: Words) -> None:
    """Write the background papers, or the skeleton's sentence if nobody listed any."""
    listed = (
        [line for raw in clean(report.text(part.section)).split("\n") if (line := NUMBERING.sub("", raw).strip())]
        if part.section
        else []
    )
    if not (listed or part.otherwise):
        return
    writing.heading(1, skeleton.fill(part.heading, words))
    if len(listed) > 1:
        writing.say("The report relies on these papers:")
        for paper in listed:
            writing.item(run(plain(paper), language=report.language_of(part.section)))
    else:
        writing.paragraph(
            run(listed[0], language=report.language_of(part.section))
            if listed
            else run(skeleton.fill(part.otherwise, words))
        )


def _background(writing: PaperWriter, report: Report, part: PartFacts, words: Words) -> None:
    """Write what officers wrote, and then what the strategy is."""
    strategy, commitments = report.strategy, report.commitments()
    writing.heading(1, skeleton.fill(part.heading, words))
    if part.section:
        tell(writing, report.text(part.section), under=1, language=report.language_of(part.section))
    holds = (
        f"It has {strategy.nouns.counted_commitments(len(commitments))} under "
        f"{strategy.nouns.counted_priorities(len(report.priorities))}. All of them weigh the same; they are listed "
        f"in the {strategy.nouns.its_own} order."
        if commitments
        else sentences.nothing_yet(strategy.nouns)
    )
    writing.paragraph(
        run(strategy.title, language=strategy.language),
        run(f" runs from {in_words(strategy.starts_on)} to {in_words(strategy.ends_on)}. {holds}"),
    )
    if strategy.vision:
        vision = run(strategy.vision, language=strategy.language)
        writing.paragraph(run("Its vision, in its own words: “"), vision, run("”"))


def _glance(writing: PaperWriter, report: Report, part: PartFacts, words: Words) -> None:
    """Write the year in counts."""
    writing.heading(1, skeleton.fill(part.heading, words))
    told = " ".join(sentences.summary(report))
    parts = skeleton.of(report).parts
    heading = next((skeleton.fill(part.heading, words) for part in parts if part.kind == "changes"), "")
    writing.say(
        told.replace(
            POINTER.format(f"What changed since {report.period.before}"), POINTER.format(heading) if heading else ""
        )
    )
    if measured := measures.summary(report):
        writing.say(measured)
    if sums := sentences.figures_in_words(report.evidence):
        writing.say(sums)
    appendices.counts(writing, report)
    years.compare(writing, report)
    years.by_district(writing, report)


def _changes(writing: PaperWriter, report: Report, part: PartFacts, words: Words) -> None:
    """Write what changed since the year before, kind by kind; a first year has nothing to tell."""
    if (changes := report.named_changes()) is None:
        return
    kinds = [appendix.kind for appendix in appendices.of(report, skeleton.of(report).appendices)]
    where = kinds.index("actions") + 1 if "actions" in kinds else 0
    writing.heading(1, skeleton.fill(part.heading, words))
    for group in change_sentences.groups(changes, report.strategy.nouns, report.period):
        listed = group.code != "done" or not where  # what was done stands in the action table
        writing.say(group.says if listed else f"{group.says} Appendix {where} lists them.")
        for line in group.lines if listed else ():
            writing.item(run(line.sentence))
    if not change_sentences.groups(changes, report.strategy.nouns, report.period):
        writing.say(change_sentences.NOTHING)


def _delivery(writing: PaperWriter, report: Report, part: PartFacts, words: Words) -> None:
    """Write how every priority and commitment stands."""
    writing.heading(1, skeleton.fill(part.heading, words))
    delivery.tell_priorities(writing, report)


def _sources(writing: PaperWriter, report: Report, part: PartFacts, words: Words) -> None:
    """Write where the whole report is, how to see that it is the same, and whom to ask."""
    here, key = report.identity.url, report.making.key
    at = f"{here}/reports/{key}/" if key else f"{here}/reports/of/{report.strategy.slug}/{report.round.slug}/"
    edition = f", edition {report.making.edition}" if report.making.edition else ""
    writing.heading(1, skeleton.fill(part.heading, words))
    writing.paragraph(
        run(f"This paper was made from the {report.period.report} for {report.round.label}{edition}. Note numbers in it are those "
            "of the report, where each item of evidence is described in full: "),
        run(at, address=at),
    )  # fmt: skip
    if report.making.edition:  # a paper made without an edition has nothing that could be checked
        proof = checksum_of(report)
        writing.paragraph(
            run(f"The checksum of the report’s contents is {proof}. It can be checked at "),
            run(f"{here}/reports/verify/{proof}/", address=f"{here}/reports/verify/{proof}/"),
        )
    if report.identity.contact_email:
        writing.paragraph(
            run("Questions: "), run(report.identity.contact_email, address=f"mailto:{report.identity.contact_email}")
        )


PARTS: Final[dict[str, Callable[[PaperWriter, Report, PartFacts, Words], None]]] = {
    "text": _text, "background": _background, "glance": _glance, "changes": _changes, "delivery": _delivery,
    "papers": _papers, "sources": _sources, **work_plan.PARTS,
}  # fmt: skip
APPENDICES: Final = appendices.KINDS | work_plan.APPENDICES
