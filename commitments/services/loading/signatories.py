"""Writes who has signed a charter from its file. What people have recorded in the portal stays as it is."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from commitments.models import Signatory, Strategy
from commitments.services.charters import check_signature_days, checked_post, note, people_of
from commitments.services.loading.closing import LoadOutcome
from commitments.services.pledges import end_pledges
from commitments.strategy_file.signatories import SignatoryEntry
from partners.models import Organisation, User
from vcsportal.common.words import Invalid


def load_signatories(
    *, by: User | None, at: datetime, strategy: Strategy, entries: tuple[SignatoryEntry, ...], done: LoadOutcome
) -> None:
    """Bring the signatories of a charter in step with the file. Doing it twice changes nothing.

    Organisation and day of signing say which is which. What people have ended or recorded in the portal is left as it is, with a
    note where the file says otherwise; so is whoever the file does not name.

    :param done: gathers changes, notes and faults.
    """
    if not entries:
        return
    slugs = {entry.organisation for entry in entries}
    organisations = {found.slug: found for found in Organisation.objects.filter(slug__in=slugs).order_by("id")}
    rows = Signatory.objects.filter(strategy=strategy).select_related("organisation", "strategy").order_by("id")
    known = {(row.organisation.slug, row.signed_on): row for row in rows}
    today = timezone.localdate(at)
    for entry in sorted(entries, key=lambda entry: (entry.signed_on, entry.line)):
        organisation = organisations.get(entry.organisation)
        if organisation is None:
            done.faults.append(
                entry.fault(
                    "organisation", f"“{entry.organisation}” is not an organisation in the portal. Add it first."
                )
            )
            continue
        if late := next((name for name in ("signed_on", "ended_on") if (getattr(entry, name) or today) > today), ""):
            done.faults.append(entry.fault(late, "is in the future. Record it once it has happened."))
            continue
        row = known.get((entry.organisation, entry.signed_on))
        if row is None:
            _add(by, at, strategy, organisation, entry, done)
        else:
            _amend(by, at, row, entry, done)


def _add(
    by: User | None, at: datetime, strategy: Strategy, organisation: Organisation, entry: SignatoryEntry, done: LoadOutcome
) -> None:  # fmt: skip
    current = Signatory.objects.current().filter(strategy=strategy, organisation=organisation).first()
    if current is not None and entry.ended_on is None:
        done.notes.append(
            f"{organisation.name} is recorded in the portal as a signatory since another day, so it stays as it is there."
        )
        return
    if not _allowed(strategy, organisation, entry, done):
        return
    row = Signatory.objects.create(
        strategy=strategy, organisation=organisation, recorded_at=at, recorded_by=by, **_values(entry, by, at)
    )
    done.changes.append(f"Added the signature of {organisation.name}.")
    said = {"signed_on": entry.signed_on.isoformat(), "signed_as": entry.signed_as, "loaded": True}
    note(by=by, at=at, signatory=row, act="sign", said=said)


def _amend(by: User | None, at: datetime, row: Signatory, entry: SignatoryEntry, done: LoadOutcome) -> None:
    name = row.organisation.name
    values = _values(entry, by, at)
    asked = ("signed_as", "told_how", "ended_on", "ended_why")
    changed = [field for field in asked if getattr(row, field) != values[field]]
    if not changed:
        return
    if row.history.exclude(said__has_key="loaded").exclude(act="reaffirm").exists():
        done.notes.append(f"People have recorded the signature of {name} in the portal, so it stays as it is there.")
        return
    if entry.ended_on is None and row.ended_on is not None:
        done.notes.append(f"The signature of {name} has ended, so it stays as it is. If it signed again, add that day.")
        return
    if not _allowed(row.strategy, row.organisation, entry, done, key=row.pk):
        return
    ends = row.ended_on is None
    for field, value in values.items():
        setattr(row, field, value)
    row.save()
    if ends and entry.ended_on is not None:
        end_pledges(by=by, at=at, signatory=row, ended_on=entry.ended_on)
    done.changes.append(f"Amended the signature of {name}: {', '.join(changed)}.")
    note(by=by, at=at, signatory=row, act="amend", said={"changed": changed, "loaded": True})


def _allowed(
    strategy: Strategy, organisation: Organisation, entry: SignatoryEntry, done: LoadOutcome, *, key: int = 0
) -> bool:
    """Whether a signature can be as the file has it; if not, the fault has been noted."""
    try:
        checked_post(entry.signed_as, people_of(organisation) if entry.signed_as else [])
        check_signature_days(strategy, organisation, entry.signed_on, entry.ended_on, key=key)
    except Invalid as refused:
        done.faults.append(entry.fault(refused.field, refused.sentence))
        return False
    return True


def _values(entry: SignatoryEntry, by: User | None, at: datetime) -> dict[str, Any]:
    ended = entry.ended_on is not None
    return {
        "signed_on": entry.signed_on,
        "signed_as": entry.signed_as,
        "told_how": entry.told_how,
        "ended_on": entry.ended_on,
        "ended_why": entry.ended_why,
        "ended_at": at if ended else None,
        "ended_by": by if ended else None,
    }
