"""The workbook of a strategy's risks: a row for each assessment in force, in words or ranges of words."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.db import transaction

from commitments.content.risks import AssessmentContent, RiskContent, RiskLeadContent
from commitments.models import Priority, Risk, RiskAssessment
from commitments.permissions.risks import check_can_keep_risks
from commitments.rules.risk_levels import ALL_RANGES, LevelRange, read_range
from commitments.rules.risk_limits import (
    MAX_CONDITION_CHARACTERS,
    MAX_CONTROLS_CHARACTERS,
    MAX_PERIOD_CHARACTERS,
    MAX_REASON_CHARACTERS,
    MAX_SCOPE_CHARACTERS,
    MAX_WORDS_CHARACTERS,
)
from commitments.services.locks import lock_strategy
from commitments.services.risk_assessments import assess_risk, checked_assessment, open_round
from commitments.services.risks import checked_risk, in_force_key, locked_risks, record_risk
from commitments.workbooks.kind import Changed, SavedRow, Scope, Wanted, WorkbookKind
from commitments.workbooks.names import name_as_written, organisations_named
from vcsportal.common.plurals import capital
from vcsportal.common.saving_together import held_once, hold_known
from vcsportal.common.spreadsheets.columns import SheetColumn, Thing, Use, plain_text, read_line, read_reference, tidied
from vcsportal.common.spreadsheets.comparison import ComparedRow
from vcsportal.common.spreadsheets.workbook import SheetCell
from vcsportal.common.words import Invalid

LEVELS: Final = tuple(levels.label for levels in ALL_RANGES)
BETWEEN_LEADS: Final = "; "


def columns(scope: Scope) -> tuple[SheetColumn, ...]:
    """Return the columns."""
    noun = scope.of.nouns.priority
    numbers = tuple(str(number) for number in _priorities(scope))
    return (
        SheetColumn("key", "Key", "Identifies the assessment in this row. Leave it empty to add one.", Use.KEY, width=10),
        SheetColumn(
            "risk", "Risk", "The number of the risk. Leave it empty for a new risk.", Use.BEGUN, longest=10,
            reads=_read_number, width=8,
        ),
        SheetColumn(
            "words", "What could go wrong", "Needed for a new risk.", Use.BEGUN, longest=MAX_WORDS_CHARACTERS, width=40
        ),
        SheetColumn("controls", "Controls", "What is being done about it, for a new risk.", Use.BEGUN, longest=MAX_CONTROLS_CHARACTERS, width=40),
        SheetColumn(
            "leads", "Who leads", "Organisations or other names separated by semicolons, for a new risk.", Use.BEGUN,
            longest=10_000, reads=tidied(lambda text: _leads_as_written(scope, text)), width=30,
        ),
        SheetColumn(
            "priority", capital(noun), f"The number of the {noun} that the assessment is about, if it is one.", Use.BEGUN,
            choices=numbers, width=10,
        ),
        SheetColumn(
            "scope", "About", "What the assessment is about, in words. Empty for the risk as a whole.", Use.BEGUN,
            longest=MAX_SCOPE_CHARACTERS, reads=read_line, width=24,
        ),
        SheetColumn(
            "period", "Period", "For which years, in words.", Use.BEGUN, longest=MAX_PERIOD_CHARACTERS,
            reads=read_reference, width=20,
        ),
        SheetColumn("impact", "Impact", "How much harm it would cause: a word or a range of words.", choices=LEVELS, width=18),
        SheetColumn("impact_reason", "Why that impact", "In a sentence.", longest=MAX_REASON_CHARACTERS, width=40),
        SheetColumn("likelihood", "Likelihood", "How likely it is: a word or a range of words.", choices=LEVELS, width=18),
        SheetColumn("likelihood_reason", "Why that likelihood", "In a sentence.", longest=MAX_REASON_CHARACTERS, width=40),
        SheetColumn(
            "condition", "Condition", "What it depends on, such as “provided that the money is there”.",
            longest=MAX_CONDITION_CHARACTERS, width=30,
        ),
    )  # fmt: skip


def _read_number(cell: SheetCell | None, thing: Thing | None, today: date) -> str:
    return read_reference(cell, thing, today).lstrip("0")


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(";") if name.strip()]


def _leads_as_written(scope: Scope, text: str) -> str:
    return BETWEEN_LEADS.join(name_as_written(scope, name) for name in _names(text))


def _priorities(scope: Scope) -> dict[int, Priority]:
    found = Priority.objects.filter(strategy=scope.of).order_by("number", "id")
    return scope.once("priorities", lambda: {row.number: row for row in found})


def things(scope: Scope) -> Sequence[Thing]:
    """Return the assessments in force of the risks that have not ended. The key is that of the first of a row of them."""
    risks = {
        risk.pk: (risk, _leads_of(risk))
        for risk in Risk.objects.filter(strategy=scope.of).open().prefetch_related("leads__organisation").in_order()
    }
    rows = list(
        RiskAssessment.objects.filter(risk__in=risks).select_related("risk__strategy__owner", "priority").in_order()
    )
    replaces = {row.pk: row.replaces_id for row in rows}
    replaced = set(replaces.values())
    return [_thing(row, *risks[row.risk_id], _first(row.pk, replaces)) for row in rows if row.pk not in replaced]


def _first(pk: int, replaces: dict[int, int | None]) -> int:
    while (before := replaces.get(pk)) is not None:
        pk = before
    return pk


def _thing(row: RiskAssessment, risk: Risk, leads: str, first: int) -> Thing:
    values = {
        "risk": risk.number, "words": risk.words, "controls": risk.controls, "leads": leads,
        "priority": row.priority.number if row.priority else None, "scope": row.scope, "period": row.period,
        "impact": row.impact.label, "impact_reason": row.impact_reason, "likelihood": row.likelihood.label,
        "likelihood_reason": row.likelihood_reason, "condition": row.condition,
    }  # fmt: skip
    texts = {"key": str(first), **{name: plain_text(value) for name, value in values.items()}}
    about = f", {row.priority.title if row.priority else row.scope}" if row.priority or row.scope else ""
    return Thing(str(first), f"Risk {risk.number}{about}", texts, source=row)


def check(scope: Scope, thing: Thing | None, wanted: Wanted, changed: Changed) -> None:
    """Raise ``Refused`` for a row that can't be saved."""
    row: RiskAssessment | None = thing.source if thing else None
    risk = row.risk if row else _risk(scope, wanted)
    if risk is None:
        checked_risk(_new_risk(scope, wanted), scope.of)
        risk = Risk(strategy=scope.of)
    elif row is None:
        _check_words(risk, wanted)
    checked_assessment(_content(scope, wanted), risk, scope.today)


def _open_risks(scope: Scope) -> dict[str, Risk]:
    """Return the risks that have not ended, by number."""
    found = Risk.objects.filter(strategy=scope.of).open().prefetch_related("leads__organisation").in_order()
    return scope.once("risks", lambda: {str(risk.number): risk for risk in found})


def _risks_by_words(scope: Scope) -> dict[str, Risk]:
    """Return the first risk of each wording."""
    return scope.once("risks by words", lambda: {risk.words: risk for risk in reversed(_open_risks(scope).values())})


def _risk(scope: Scope, wanted: Wanted) -> Risk | None:
    """Return the risk that a new row is about, by its number or its words; None for a new risk."""
    number = wanted["risk"]
    if not number:
        return _risks_by_words(scope).get(wanted["words"])
    found = _open_risks(scope).get(number)
    if found is None:
        raise Invalid(f"There is no risk {number} in the register. Leave the cell empty for a new one.", field="risk")
    return found


def _check_words(risk: Risk, wanted: Wanted) -> None:
    """Refuse what a new assessment says of a risk that is there: it would be lost without a word."""
    there = {"words": risk.words, "controls": risk.controls, "leads": _leads_of(risk)}
    for name, text in there.items():
        if wanted[name] and wanted[name] != text:
            raise Invalid(
                f"Risk {risk.number} is in the register already. Leave this cell empty, and change it on the page of the risk.",
                field=name,
            )


def _leads_of(risk: Risk) -> str:
    return BETWEEN_LEADS.join(str(lead) for lead in risk.leads.all())


def _new_risk(scope: Scope, wanted: Wanted) -> RiskContent:
    names = _names(wanted["leads"])
    known = {name: organisations_named(scope, name) for name in names}
    leads = tuple(RiskLeadContent(known[name][0]) if known[name] else RiskLeadContent(words=name) for name in names)
    return RiskContent(wanted["words"], wanted["controls"], leads)


def _content(scope: Scope, wanted: Wanted) -> AssessmentContent:
    return AssessmentContent(
        impact=_levels(wanted, "impact"), likelihood=_levels(wanted, "likelihood"), impact_reason=wanted["impact_reason"],
        likelihood_reason=wanted["likelihood_reason"], condition=wanted["condition"],
        priority=_priorities(scope)[int(wanted["priority"])] if wanted["priority"] else None, scope=wanted["scope"],
        period=wanted["period"],
    )  # fmt: skip


def _levels(wanted: Wanted, name: str) -> LevelRange:
    found = read_range(wanted[name])
    if found is None:
        raise Invalid("Choose a word or a range of words from the list.", field=name)
    return found


@transaction.atomic
def save(row: SavedRow) -> None:
    """Save one row: a newer assessment, an assessment of something else, or a new risk with its first one."""
    before: RiskAssessment | None = row.thing.source if row.thing else None
    by, at = row.scope.person, row.at
    risk = before.risk if before else _risk(row.scope, row.wanted) or _just_recorded(row.scope, row.wanted["words"])
    if risk is None:
        risk = record_risk(by=by, at=at, strategy=row.scope.of, content=_new_risk(row.scope, row.wanted), file=row.file)
    elif before is None:
        _check_words(risk, row.wanted)
    assess_risk(by=by, at=at, risk=risk, content=_content(row.scope, row.wanted), replaces=before, file=row.file)
    if before is None:
        hold_known({_words_key(row.scope, risk.words): risk})


def _just_recorded(scope: Scope, words: str) -> Risk | None:
    """Return the risk that an earlier row has recorded in these words: rows with the same words are about one risk."""
    return held_once(
        _words_key(scope, words), lambda: Risk.objects.filter(strategy=scope.of, words=words).open().in_order().first()
    )


def _words_key(scope: Scope, words: str) -> tuple[str, int, str]:
    return ("risk in words", scope.of.pk, words)


def identity(scope: Scope, wanted: Wanted) -> tuple[str, ...] | None:
    """Assessments of a risk differ by what they are about, their period, levels and condition."""
    number, words = wanted.get("risk", ""), wanted.get("words", "")
    if not number and (known := _risks_by_words(scope).get(words)):
        number = str(known.number)
    if not number and not words:
        return None
    same = ("priority", "scope", "period", "impact", "likelihood", "condition")
    return (number, "" if number else words, *(wanted.get(name, "") for name in same))


def read_ahead(scope: Scope, rows: Sequence[ComparedRow]) -> None:
    """Lock and read the strategy, the round that is open, the risks, and what is in force of them."""
    before: list[RiskAssessment] = [row.thing.source for row in rows if row.thing is not None]
    others = [row.wanted for row in rows if row.thing is None and row.wanted]
    lock_strategy(scope.of.pk)  # a new risk needs it, and it comes before the round
    open_round(Risk(strategy=scope.of))
    words = {wanted["words"] for wanted in others}
    recorded = {
        risk.words: risk for risk in Risk.objects.filter(strategy=scope.of, words__in=words).open().in_order().reverse()
    }
    hold_known({_words_key(scope, each): recorded.get(each) for each in words})
    found = [_risk(scope, wanted) or recorded.get(wanted["words"]) for wanted in others]
    keys = {*(row.risk_id for row in before), *(risk.pk for risk in found if risk is not None)}
    held = list(locked_risks().filter(pk__in=keys).order_by("pk"))
    hold_known({(Risk, risk.pk): risk for risk in held})
    in_force: dict[int, list[RiskAssessment]] = {risk.pk: [] for risk in held}
    for assessment in RiskAssessment.objects.current().filter(risk__in=held).order_by("id"):
        in_force[assessment.risk_id].append(assessment)
    hold_known({in_force_key(risk): assessments for risk, assessments in in_force.items()})


RISKS: Final = WorkbookKind(
    code="risks",
    label="Risks",
    noun=("assessment of a risk", "assessments of risks"),
    sheet="Risks",
    purpose="Reassess risks, in words or ranges of words, and add new ones.",
    steps=(
        "Earlier assessments never change: what you write is a new one, and the earlier one stays in the history.",
        "To add a risk, or to assess one for something else, fill in one of the empty rows at the end. Leave its key empty.",
        "Rows with the same words are assessments of one risk.",
    ),
    of_strategy=True,
    of_round=False,
    check_may=lambda scope: check_can_keep_risks(scope.person, scope.of),
    columns=columns,
    things=things,
    check=check,
    save=save,
    read_ahead=read_ahead,
    identity=identity,
)
