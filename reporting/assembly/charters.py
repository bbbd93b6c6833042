"""Who has signed a charter, for its report."""

from datetime import date

from django.db.models import F, Q

from commitments.models import Reaffirmation, Round, Signatory
from commitments.reading.charters import as_asked, pledges_made, with_reaffirmed
from commitments.rules.charters import standing_of
from reporting.facts import SignatoryFacts


def signatories(round_: Round, day: date) -> tuple[SignatoryFacts, ...]:
    """Return those that stood on a day from the period's first until the round closed, or until today: by name, then those that ended.

    Four queries for a charter, none for other kinds.

    :param day: the day of the report.
    """
    strategy = round_.strategy
    if not strategy.kind_of.signed:
        return ()
    until = min(round_.closes_on, day)
    rounds = Round.objects.filter(strategy=strategy, observes_from__lte=round_.observes_from).exclude(state="planned")
    asked = as_asked(rounds.newest_first())
    stood = Q(ended_on__isnull=True) | Q(ended_on__gt=round_.observes_from)
    rows = with_reaffirmed(Signatory.objects.lasting().filter(stood, strategy=strategy, signed_on__lte=until))
    said = dict(Reaffirmation.objects.filter(round=round_).values_list("signatory", "words"))
    pledged: dict[int, list[str]] = {}
    for part in pledges_made(strategy).order_by("commitment__priority__number", "commitment__number", "id"):
        pledged.setdefault(part.organisation_id, []).append(part.pledge)
    found = []
    ordered = rows.order_by(F("ended_on").desc(nulls_first=True), "organisation__sort_name", "organisation_id", "id")
    for row in ordered.select_related("organisation"):
        standing = standing_of(
            signed_on=row.signed_on, ended_on=row.ended_on, reaffirmed_in=row.reaffirmed_in, rounds=asked, today=until
        )
        has_ended = row.ended_on is not None and row.ended_on <= until
        found.append(
            SignatoryFacts(
                row.organisation.name,
                row.organisation.get_kind_display(),
                row.signed_on,
                row.signed_as,
                standing.code,
                standing.words,
                said.get(row.pk, ""),
                () if has_ended else tuple(pledged.get(row.organisation_id, ())),
                row.ended_on if has_ended else None,
                row.ended_why if has_ended else "",
                row.organisation.slug,
            )
        )
    return tuple(found)
