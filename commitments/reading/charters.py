"""Who has signed a charter and the status of each signature, for pages, the register, the API and the report."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from commitments.models import DeliveryPartner, Reaffirmation, Round, Signatory, Strategy
from commitments.permissions.charters import can_end_signature, can_reaffirm
from commitments.rules import charters as rules
from commitments.rules.charters import CharterRound, Standing, standing_of
from partners import roles
from partners.models import Organisation, User
from partners.permissions import organisations_for
from vcsportal.common import plurals

REGISTER_COLUMNS: Final = (
    "Organisation", "Kind of organisation", "Where it works", "Signed on", "Signed as", "Told how", "Standing", "Reported in",
    "What it has done", "Pledges", "Ended on", "Why it ended",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature as a list shows it: with its status, what the organisation said it has done, and what it pledges."""

    signatory: Signatory
    standing: Standing
    words: str = ""
    words_round: str = ""
    pledges: tuple[tuple[str, str], ...] = ()
    may_reaffirm: bool = False
    may_end: bool = False


@dataclass(frozen=True, slots=True)
class CharterCounts:
    """How many have signed, and how many still stand by it. ``round_label`` is "" while no round has asked anyone."""

    signatories: int
    reaffirmed: int
    new: int
    waiting: int
    lapsed: int
    ended: int
    pledges: int
    round_label: str
    period: str

    @property
    def sentence(self) -> str:
        """``24 signatories, 21 reaffirmed this year``."""
        found = plurals.counted(self.signatories, "signatory", "signatories")
        return f"{found}, {self.reaffirmed} reaffirmed this {self.period}" if self.round_label else found


def charter_rounds(strategy: Strategy) -> list[Round]:
    """Return the rounds of a charter that have opened, the newest first. One query."""
    return list(Round.objects.filter(strategy=strategy, state__in=["open", "in_review", "closed"]).newest_first())


def as_asked(rounds: Iterable[Round]) -> list[CharterRound]:
    """Return rounds as the rules read them."""
    return [CharterRound(round_.pk, round_.label, round_.opens_on, round_.is_closed) for round_ in rounds]


def standings(strategy: Strategy, rounds: Sequence[Round], today: date) -> dict[int, Standing]:
    """Return the status of every signature of a charter, by its key. One query."""
    return standings_and_signatories(strategy, rounds, today)[0]


def standings_and_signatories(
    strategy: Strategy, rounds: Sequence[Round], today: date
) -> tuple[dict[int, Standing], set[int]]:
    """Return the status of every signature by its key, and the keys of the organisations whose own has not ended. One query."""
    asked = as_asked(rounds)
    rows = with_reaffirmed(Signatory.objects.lasting().filter(strategy=strategy)).order_by("id")
    found: dict[int, Standing] = {}
    signed: set[int] = set()
    for key, organisation, signed_on, ended_on, said in rows.values_list(
        "pk", "organisation", "signed_on", "ended_on", "reaffirmed_in"
    ):
        found[key] = standing_of(signed_on=signed_on, ended_on=ended_on, reaffirmed_in=said, rounds=asked, today=today)
        if ended_on is None:
            signed.add(organisation)
    return found, signed


def with_reaffirmed(signatories: Any) -> Any:
    """Add ``reaffirmed_in``, the keys of the rounds in which each was reaffirmed."""
    said = Reaffirmation.objects.filter(signatory=OuterRef("pk")).order_by("round").values("round")
    return signatories.annotate(reaffirmed_in=ArraySubquery(said))


def counts_of(rounds: Sequence[Round], found: Mapping[int, Standing], pledges: int = 0) -> CharterCounts:
    """Return the counts of signatures whose standings are known. No query."""
    number = Counter(standing.code for standing in found.values())
    asked = bool(number[rules.REAFFIRMED] or number[rules.WAITING] or number[rules.LAPSED])
    newest = rounds[0] if rounds and asked else None
    return CharterCounts(
        signatories=number.total() - number[rules.ENDED],
        reaffirmed=number[rules.REAFFIRMED],
        new=number[rules.NEW],
        waiting=number[rules.WAITING],
        lapsed=number[rules.LAPSED],
        ended=number[rules.ENDED],
        pledges=pledges,
        round_label=newest.label if newest else "",
        period=newest.period.noun if newest else "",
    )


def pledges_made(strategy: Strategy) -> Any:
    """Return the pledges of a charter that stand."""
    return DeliveryPartner.objects.current().filter(commitment__strategy=strategy).exclude(pledge="")


def register_rows(
    signatories: Iterable[Signatory], strategy: Strategy, rounds: Sequence[Round], found: Mapping[int, Standing],
    person: Any = None,
) -> list[Signed]:  # fmt: skip
    """Return the lines of the register for some signatures of a charter. Two queries, whatever their number.

    :param found: the standings, from :func:`standings`.
    :param person: who reads it; None leaves out what they may do.
    """
    listed = [row for row in signatories if row.pk in found]  # not one that was recorded after these were read
    said: dict[int, Reaffirmation] = {}
    wanted = Reaffirmation.objects.filter(signatory__in=[row.pk for row in listed]).exclude(words="")
    for row in wanted.select_related("round").order_by("round__observes_from", "id"):
        said[row.signatory_id] = row
    pledged: dict[int, list[tuple[str, str]]] = {}
    for part in (
        pledges_made(strategy)
        .filter(organisation__in=[row.organisation_id for row in listed])
        .select_related("commitment")
        .order_by("commitment__priority__number", "commitment__number", "id")
    ):
        pledged.setdefault(part.organisation_id, []).append((str(part.commitment), part.pledge))
    running = any(not round_.is_closed for round_ in rounds)
    lines = []
    for signatory in listed:
        signatory.strategy = strategy
        last, standing = said.get(signatory.pk), found[signatory.pk]
        ended = standing.code == rules.ENDED
        lines.append(
            Signed(
                signatory,
                standing,
                last.words if last else "",
                last.round.label if last else "",
                () if ended else tuple(pledged.get(signatory.organisation_id, ())),
                may_reaffirm=running
                and standing.code in {rules.WAITING, rules.LAPSED}
                and person is not None
                and can_reaffirm(person, signatory),
                may_end=not ended and person is not None and can_end_signature(person, signatory),
            )
        )
    return lines


def csv_rows(lines: Iterable[Signed]) -> Iterable[tuple[str, ...]]:
    """Return the register as the cells of a table, without any name of a person."""
    for line in lines:
        row = line.signatory
        yield (
            row.organisation.name, row.organisation.get_kind_display(),
            ", ".join(area.name for area in row.organisation.districts.all()), row.signed_on.isoformat(), row.signed_as,
            row.get_told_how_display(), line.standing.words, line.words_round, line.words,
            "; ".join(f"{of}: {words}" for of, words in line.pledges),
            row.ended_on.isoformat() if row.ended_on else "", row.ended_why,
        )  # fmt: skip


def unsigned_organisations(person: Any, signed: Collection[int]) -> list[Organisation]:
    """Return the organisations for which a person may sign a charter and that have not. No query.

    :param signed: the keys of those whose signature has not ended, from :func:`standings_and_signatories`.
    """
    return [own for own in organisations_for(person, roles.SIGN_CHARTERS) if own.pk not in signed]


@dataclass(frozen=True, slots=True)
class OwnSignature:
    """An organisation of the person's that may sign a charter, and its signature, if it has one."""

    organisation: Organisation
    signed: Signed | None
    may_sign: bool


@dataclass(frozen=True, slots=True)
class CharterPage:
    """What a charter's page says of its signatories, and what the person may do."""

    counts: CharterCounts
    own: list[OwnSignature]
    running: Round | None
    may_record: bool
    newest: list[Signed]
    slug: str
    is_finished: bool
    invites: bool


def charter_page(strategy: Strategy, person: Any, today: date, *, may_record: bool) -> CharterPage:
    """Return what a charter's page says of who has signed. Seven queries at most."""
    rounds = charter_rounds(strategy)
    found = standings(strategy, rounds, today)
    counts = counts_of(rounds, found, pledges_made(strategy).count())
    newest = Signatory.objects.current().filter(strategy=strategy).select_related("organisation")
    lines = register_rows(newest.order_by("-signed_on", "-id")[:MOST_NEW], strategy, rounds, found)
    return CharterPage(
        counts,
        _own_signatures(strategy, rounds, found, person),
        next((round_ for round_ in rounds if not round_.is_closed), None),
        may_record,
        lines,
        slug=strategy.slug,
        is_finished=strategy.is_finished(today),
        invites=not isinstance(person, User) and not strategy.is_finished(today),
    )


MOST_NEW: Final = 5


def _own_signatures(
    strategy: Strategy, rounds: Sequence[Round], found: Mapping[int, Standing], person: Any
) -> list[OwnSignature]:
    if not isinstance(person, User):
        return []
    own = organisations_for(person, roles.LOG_EVIDENCE)
    if not own:
        return []
    leads = {organisation.pk for organisation in organisations_for(person, roles.SIGN_CHARTERS)}
    rows = Signatory.objects.current().filter(strategy=strategy, organisation__in=own).select_related("organisation")
    signed = {
        line.signatory.organisation_id: line for line in register_rows(rows.by_name(), strategy, rounds, found, person)
    }
    return [
        OwnSignature(organisation, signed.get(organisation.pk), organisation.pk in leads)
        for organisation in own
        if organisation.pk in leads or organisation.pk in signed
    ]


def signed_by(organisation: Organisation, today: date) -> list[tuple[Signatory, Standing]]:
    """Return what an organisation has signed, each with its status, the newest first. Two queries, one where it signed nothing."""
    rows = with_reaffirmed(Signatory.objects.lasting().filter(organisation=organisation)).select_related("strategy")
    signed = list(rows.order_by("-signed_on", "-id"))
    rounds: dict[int, list[Round]] = {}
    if signed:
        opened = Round.objects.filter(
            strategy__in={row.strategy_id for row in signed}, state__in=["open", "in_review", "closed"]
        )
        for round_ in opened.newest_first():
            rounds.setdefault(round_.strategy_id, []).append(round_)
    return [
        (
            row,
            standing_of(
                signed_on=row.signed_on, ended_on=row.ended_on, reaffirmed_in=row.reaffirmed_in,
                rounds=as_asked(rounds.get(row.strategy_id, [])), today=today,
            ),
        )
        for row in signed
    ]  # fmt: skip
