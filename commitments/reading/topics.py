"""What somebody can follow: everything, a strategy, one commitment, or an organisation, which may be a group."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from commitments.models import Commitment, Strategy
from partners.models import Organisation

EVERYTHING: Final = "everything"
STRATEGY: Final = "strategy"
COMMITMENT: Final = "commitment"
ORGANISATION: Final = "organisation"


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing to follow: its kind and key, its title, and the path of its page. ``language`` is that of its title.

    ``code`` names it in addresses and forms: its kind, then what stands in the address of its page.
    """

    kind: str
    pk: int
    title: str
    url: str
    code: str
    language: str = ""

    def among(self, **paths: tuple[str, ...]) -> Q | None:
        """Return the condition under which a row is about this topic: None where no row can be.

        :param paths: for each kind the ways from a row to the topic. One of them has to lead there.
        """
        if self.kind == EVERYTHING:
            return Q()
        if self.kind not in paths:
            return None
        found = Q(pk__in=[])
        for path in paths[self.kind]:
            found |= Q(**{path: self.pk})
        return found


def everything(title: str) -> Topic:
    """Return the topic of all that is published in the portal."""
    return Topic(EVERYTHING, 0, title, "/", EVERYTHING)


def of_strategy(strategy: Strategy) -> Topic:
    """Return the topic of all that is published about a strategy."""
    url, code = strategy.get_absolute_url(), f"{STRATEGY}/{strategy.slug}"
    return Topic(STRATEGY, strategy.pk, strategy.title, url, code, strategy.language)


def of_commitment(commitment: Commitment) -> Topic:
    """Return the topic of one commitment; its strategy has to be read with it."""
    strategy, title = commitment.strategy, f"{commitment.reference} {commitment.short_title}"
    code = f"{COMMITMENT}/{strategy.slug}/{commitment.key}"
    return Topic(COMMITMENT, commitment.pk, title, commitment.get_absolute_url(), code, strategy.language)


def of_organisation(organisation: Organisation) -> Topic:
    """Return the topic of an organisation or a group."""
    url, code = organisation.get_absolute_url(), f"{ORGANISATION}/{organisation.slug}"
    return Topic(ORGANISATION, organisation.pk, organisation.name, url, code)


def topics_at(code: str, title_of_everything: str) -> list[Topic]:
    """Return what a code names and what that is a part of, the narrowest first and everything last. Two queries at most.

    A code that names nothing leaves everything alone.
    """
    kind, *parts = code.split("/")
    found: list[Topic] = []
    if kind == COMMITMENT and len(parts) == 2:
        slug, key = parts
        commitments = Commitment.objects.filter(strategy__slug=slug, key=key).select_related("strategy")
        for commitment in commitments:
            found += [of_commitment(commitment), of_strategy(commitment.strategy)]
    if kind == STRATEGY and len(parts) == 1:
        found += map(of_strategy, Strategy.objects.filter(slug=parts[0]))
    if kind == ORGANISATION and len(parts) == 1:
        found += map(of_organisation, Organisation.objects.public().filter(slug=parts[0]))
    return [*found, everything(title_of_everything)]
