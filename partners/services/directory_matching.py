"""Finds the organisation that each row of a directory's file is about, and what people changed of it by hand since.

Equal names are common among small groups, so a name alone is not enough where numbers or districts tell two of them apart.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from partners.directory_file import ListedEntry
from partners.models import Organisation, OrganisationIdentifier
from vcsportal.common.dates import in_words

_WORDS: Final = {"team_mailbox": "mailbox", "former_names": "former names"}
"""What a note calls a field, where that is not its name."""


@dataclass(frozen=True, slots=True)
class Found:
    """The organisation that a row is about, or None where it is new.

    :ivar same_name: another organisation of this name, which numbers or districts tell apart from a new one.
    :ivar unsure: one that has this name, or had it before, but may be another one; then the row is left out.
    :ivar several: whether it may be any of several.
    """

    organisation: Organisation | None = None
    same_name: Organisation | None = None
    unsure: Organisation | None = None
    several: bool = False


class DirectoryMatching:
    """Organisations by their slugs, numbers and names. Three queries beside the organisations themselves.

    :param known: all organisations.
    :param areas: keys of districts, and :param strands: of strands, by codes and words in small letters.
    """

    def __init__(self, known: Sequence[Organisation], areas: Mapping[str, int], strands: Mapping[str, int]) -> None:
        self.areas, self.strands = areas, strands
        self.numbers: dict[tuple[str, str], int] = {}
        self.keys_of_numbers: dict[tuple[str, str], int] = {}
        self.numbers_of: dict[int, set[tuple[str, str]]] = defaultdict(set)
        for row in OrganisationIdentifier.objects.order_by("id"):
            self.numbers[row.scheme, row.value] = row.organisation_id
            self.keys_of_numbers[row.scheme, row.value] = row.pk
            self.numbers_of[row.organisation_id].add((row.scheme, row.value))
        self.districts_of = _keys(Organisation.districts.through, "area_id")
        self.strands_of = _keys(Organisation.strands.through, "strand_id")
        self._by_slug = {organisation.slug: organisation for organisation in known}
        self._by_key = {organisation.pk: organisation for organisation in known}
        self._by_name: dict[str, list[Organisation]] = defaultdict(list)
        self._by_former_name: dict[str, list[Organisation]] = defaultdict(list)
        for organisation in known:
            self._by_name[organisation.name.casefold()].append(organisation)
            for name in organisation.former_name_list:
                self._by_former_name[name.casefold()].append(organisation)

    def find(self, entry: ListedEntry) -> Found:
        """Return what a row is about: by its slug, else by a number, else by its name, unless something tells them apart."""
        if entry.slug in self._by_slug:
            return Found(self._by_slug[entry.slug])
        for number in entry.identifiers or ():
            if number in self.numbers:
                return Found(self._by_key[self.numbers[number]])
        named = self._by_name.get(entry.name.casefold(), [])
        may_be = [organisation for organisation in named if not self._differing(entry, organisation)]
        if len(may_be) == 1:
            return Found(may_be[0])
        if may_be:
            return Found(several=True)
        corrected = [each for each in named if self._differing(entry, each) <= set(each.changed_by_hand)]
        had_it = [
            each for each in self._by_former_name.get(entry.name.casefold(), []) if not self._differing(entry, each)
        ]
        if unsure := [*corrected, *had_it]:
            return Found(unsure=unsure[0])
        return Found(same_name=named[0] if named else None)

    def _differing(self, entry: ListedEntry, organisation: Organisation) -> set[str]:
        """Return what tells a row and an organisation of its name apart: a slug, numbers in one register, or districts."""
        theirs: dict[str, set[str]] = defaultdict(set)
        for scheme, value in self.numbers_of.get(organisation.pk, ()):
            theirs[scheme].add(value)
        here = self.districts_of.get(organisation.pk, set())
        there = {self.areas.get(word.casefold()) for word in entry.districts or ()}
        found = {"slug"} if entry.slug else set()
        if any(theirs[scheme] and value not in theirs[scheme] for scheme, value in entry.identifiers or ()):
            found.add("identifiers")
        return found | ({"districts"} if here and there and here.isdisjoint(there) else set())

    def without_hand_changes(self, entry: ListedEntry, organisation: Organisation) -> tuple[ListedEntry, str]:
        """Return a row without what people changed by hand since, and a sentence about what differs; "" where nothing does.

        Where the file says the same as a person, what it says later counts again: the mark is taken off.
        """
        marked, values, related = organisation.changed_by_hand, dict(entry.values), dict[str, Any]()
        differing: list[str] = []
        agreed: set[str] = set()
        for name in marked:
            there, given = self._both(entry, organisation, name)
            if given is None:
                continue
            if there == given:
                agreed |= {name} if given else set()
                continue
            differing.append(name)
            if name in values:
                values[name] = there
            else:
                related[name] = None
        if "standing" in differing:
            values |= {"standing": organisation.standing, "ended_on": organisation.ended_on}
            related["succeeded_by"] = None
        if {"team_mailbox", "telephone"} & set(differing) and organisation.contacts_confirmed:
            values["contacts_confirmed"] = True
        if agreed:
            organisation.changed_by_hand = {name: day for name, day in marked.items() if name not in agreed}
        words = [f"{_WORDS.get(name, name)} ({in_words(date.fromisoformat(marked[name]))})" for name in differing]
        sentence = f"changed by hand, so not by the file: {', '.join(words)}." if words else ""
        return replace(entry, values=values, **related), sentence

    def _both(self, entry: ListedEntry, organisation: Organisation, name: str) -> tuple[Any, Any]:
        """Return what is there and what a row says of a field; None for the second where the row says nothing of it."""
        there: Any
        if name == "standing":
            there = (organisation.standing, organisation.ended_on)
            given = entry.values.get("standing")
            return there, given and (given, entry.values.get("ended_on", organisation.ended_on))
        if name in {"districts", "strands"}:
            known, keys = (self.areas, self.districts_of) if name == "districts" else (self.strands, self.strands_of)
            words = getattr(entry, name)
            there = keys.get(organisation.pk, set())
            return there, words if words is None else {known.get(word.casefold()) for word in words}
        if name == "identifiers":
            there = self.numbers_of.get(organisation.pk, set())
            return there, entry.identifiers if entry.identifiers is None else set(entry.identifiers)
        return getattr(organisation, name), entry.values.get(name)


def _keys(through: Any, column: str) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for organisation, key in through.objects.values_list("organisation_id", column):
        found[organisation].add(key)
    return found
