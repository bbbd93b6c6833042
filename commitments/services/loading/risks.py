"""Writes the risks of a strategy's file. What people have changed or assessed in the portal stays as it is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.utils import timezone

from commitments.content.risks import AssessmentContent, RiskContent, RiskLeadContent
from commitments.models import Commitment, Priority, Risk, RiskAssessment, Round, Strategy
from commitments.services.loading.closing import LoadOutcome
from commitments.services.loading.points import commitments_by_name
from commitments.services.risk_assessments import add_assessment
from commitments.services.risks import add_risk, content_of, note, put_risk, said_of
from commitments.strategy_file.risks import AssessmentEntry, RiskEntry
from partners.models import Organisation, User

BY_PEOPLE: Final = ("risk_edit", "risk_end")
"""What people do to a risk, after which a file no longer changes its texts."""


def load_risks(
    *, by: User | None, at: datetime, strategy: Strategy, entries: tuple[RiskEntry, ...], done: LoadOutcome
) -> None:
    """Bring a strategy's risks in step with the file. Doing it twice changes nothing.

    The key says which is which, or where the file gives none, the words. An assessment is added where the file has another for
    a scope, period and condition than the one in force, unless a person assessed it; none is changed. What the file does not
    name stays.

    :param done: gathers changes, notes and faults.
    """
    if entries:
        _RiskLoading(by, at, strategy, done).load(entries)


class _RiskLoading:
    """One load, with what the entries may name."""

    def __init__(self, by: User | None, at: datetime, strategy: Strategy, done: LoadOutcome) -> None:
        self.by, self.at, self.strategy, self.done = by, at, strategy, done
        self.priorities = {row.number: row for row in Priority.objects.filter(strategy=strategy).order_by("id")}
        self.commitments = commitments_by_name(strategy)
        self.rounds = {row.slug: row for row in Round.objects.filter(strategy=strategy).order_by("id")}

    def load(self, entries: tuple[RiskEntry, ...]) -> None:
        named = {lead for entry in entries for lead in entry.leads}
        organisations = {row.slug: row for row in Organisation.objects.filter(slug__in=named).order_by("id")}
        ours = list(self.strategy.risks.select_related("strategy", "priority", "commitment").order_by("number"))
        for entry in entries:
            content = self._content(entry, organisations)
            if content is None:
                continue
            risk = next((row for row in ours if _is_same(row, entry)), None)
            if risk is None:
                risk = add_risk(by=self.by, at=self.at, strategy=self.strategy, content=content, key=entry.key)
                self.done.changes.append(f"Added risk {risk.number}, “{risk.words}”.")
            else:
                self._amend(risk, content)
            if risk.ended_on is None:
                self._assess(risk, entry)
            elif any(not _is_known(risk, written) for written in entry.assessments):
                self.done.notes.append(
                    f"Risk {risk.number} has ended, so the file’s new assessments of it were not added."
                )

    def _content(self, entry: RiskEntry, organisations: Mapping[str, Organisation]) -> RiskContent | None:
        """Return what the file says of a risk; None, with a fault, where it names what is not there."""
        before = len(self.done.faults)
        priority = self._priority(entry.priority, entry)
        commitment: Commitment | None = self.commitments.get(entry.commitment) if entry.commitment else None
        if entry.commitment and commitment is None:
            self.done.faults.append(
                entry.fault("commitment", f"There is no commitment “{entry.commitment}” in this strategy.")
            )
        if len(self.done.faults) > before:
            return None
        leads = tuple(
            RiskLeadContent(organisations[lead]) if lead in organisations else RiskLeadContent(words=lead)
            for lead in entry.leads
        )
        return RiskContent(
            entry.words, entry.controls, leads, priority, commitment, note=entry.note, source=entry.source
        )

    def _priority(self, number: int | None, entry: RiskEntry | AssessmentEntry) -> Priority | None:
        if number is None:
            return None
        if number not in self.priorities:
            self.done.faults.append(entry.fault("priority", f"There is no priority {number} in this strategy."))
        return self.priorities.get(number)

    def _amend(self, risk: Risk, content: RiskContent) -> None:
        was, now = said_of(content_of(risk)), said_of(content)
        if was == now:
            return
        if risk.history.filter(act__in=BY_PEOPLE).exists():
            self.done.notes.append(f"People have changed risk {risk.number} in the portal, so it stays as it is there.")
            return
        put_risk(risk, content)
        risk.version += 1
        risk.save()
        changed = [name for name in now if now[name] != was[name]]
        said = {"was": {name: was[name] for name in changed}, "now": {name: now[name] for name in changed}}
        note(by=self.by, at=self.at, risk=risk, act="amend", said=said)
        self.done.changes.append(f"Amended risk {risk.number}: {', '.join(changed)}.")

    def _assess(self, risk: Risk, entry: RiskEntry) -> None:
        known = list(risk.assessments.select_related("replaced_by", "priority", "round").order_by("id"))
        replaced = {row.replaces_id for row in known}
        today = timezone.localdate(self.at)
        for written in entry.assessments:
            if written.assessed_on and written.assessed_on > today:
                self.done.faults.append(written.fault("assessed_on", "is in the future."))
                continue
            round_ = self.rounds.get(written.round)
            if written.round and round_ is None:
                self.done.faults.append(
                    written.fault("round", f"There is no round “{written.round}” in this strategy.")
                )
                continue
            content = self._assessment(written)
            if content is None:
                continue
            same = [row for row in known if row.pk not in replaced and _is_of(row, content)]
            there = [row for row in known if _says(row, content, round_)]
            if there and (not same or same[-1].assessed_by_id or same[-1] in there):
                continue  # it is in force, or replaced by what people have assessed since
            if same and same[-1].assessed_by_id is not None:
                self.done.notes.append(
                    f"People have assessed risk {risk.number} in the portal since, so that assessment stays in force."
                )
                continue
            add_assessment(
                by=self.by, at=self.at, risk=risk, content=content, replaces=same[-1] if same else None, round_=round_
            )
            self.done.changes.append(
                f"Assessed risk {risk.number}: impact {content.impact}, likelihood {content.likelihood}."
            )

    def _assessment(self, entry: AssessmentEntry) -> AssessmentContent | None:
        priority = self._priority(entry.priority, entry)
        if entry.priority is not None and priority is None:
            return None
        return AssessmentContent(
            impact=entry.impact, likelihood=entry.likelihood, impact_reason=entry.impact_reason,
            likelihood_reason=entry.likelihood_reason, condition=entry.condition, priority=priority, scope=entry.scope,
            period=entry.period, assessed_on=entry.assessed_on,
        )  # fmt: skip


def _is_same(risk: Risk, entry: RiskEntry) -> bool:
    return risk.key == entry.key if entry.key else risk.words == entry.words


def _is_known(risk: Risk, written: AssessmentEntry) -> bool:
    """Whether a risk was ever assessed as the file says."""
    rows = risk.assessments.filter(scope=written.scope, period=written.period, condition=written.condition)
    return any((row.impact, row.likelihood) == (written.impact, written.likelihood) for row in rows)


def _is_of(row: RiskAssessment, content: AssessmentContent) -> bool:
    return row.of_what == content.of_what and row.condition == content.condition


def _says(row: RiskAssessment, content: AssessmentContent, round_: Round | None) -> bool:
    return (
        _is_of(row, content)
        and (row.impact, row.likelihood) == (content.impact, content.likelihood)
        and (row.impact_reason, row.likelihood_reason) == (content.impact_reason, content.likelihood_reason)
        and row.assessed_on == content.assessed_on
        and row.round == round_
    )
