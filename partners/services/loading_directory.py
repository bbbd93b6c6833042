"""Writes the rows of a directory's file: thousands of organisations in a few statements, with their history.

Loading a file again changes nothing. Organisations that take part, and those that were removed at their request, are left as
they are: their own people, or their wish, count for more than a list. So does what a person changed by hand since. What the
file does not name stays.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from partners import roles
from partners.directory_file import ListedEntry
from partners.email_domains import domains_after
from partners.likeness import telling_words
from partners.models import Area, HistoryEntry, Organisation, OrganisationIdentifier, Strand, User
from partners.permissions import check_permission_anywhere
from partners.services.directory_matching import DirectoryMatching
from partners.services.organisations import TAKEN
from partners.standings import ENDED, LISTED, TAKES_PART
from vcsportal.common.changing_many import change_many
from vcsportal.common.data_file import Fault, Faulty
from vcsportal.common.names import free_slug, sort_name

AT_ONCE: Final = 500


@dataclass(slots=True)
class LoadedDirectory:
    """What was done: keys of organisations that are new or changed, how many are as before, sentences to note, and in how many
    rows something was kept that a person had changed.
    """

    added: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)
    unchanged: int = 0
    notes: list[str] = field(default_factory=list)
    kept: int = 0


@transaction.atomic
def load_directory(
    *, by: User | None, at: datetime, entries: Sequence[ListedEntry], overwrite: bool = False
) -> LoadedDirectory:
    """Bring the directory in step with a file. ``by=None`` is the portal's own command.

    A row is found again by its slug, else by a number in a register, else by its name, where no number or district differs.

    :param overwrite: whether the file also changes what people changed by hand.
    Raise :class:`Refused` without the right, and :class:`Faulty` with the row of everything that can't be; then nothing is written.
    """
    if by is not None:
        check_permission_anywhere(by, roles.MANAGE_ORGANISATIONS, "Only an administrator can load a directory.")
    return _DirectoryLoading(by, at, entries, overwrite).run()


class _DirectoryLoading:
    """One file on its way into the tables."""

    def __init__(self, by: User | None, at: datetime, entries: Sequence[ListedEntry], overwrite: bool) -> None:
        self.by, self.at, self.entries, self.overwrite = by, at, entries, overwrite
        self.done, self.faults = LoadedDirectory(), list[Fault]()
        self.known = list(Organisation.objects.select_for_update(of=("self",)).order_by("id"))
        self.areas = _named(Area.objects.districts(), "gss_code", "name")
        self.strands = _named(Strand.objects.order_by("id"), "code", "words")
        self.matching = DirectoryMatching(self.known, self.areas, self.strands)
        self.numbers = self.matching.numbers

    def run(self) -> LoadedDirectory:
        marks = {organisation.pk: organisation.changed_by_hand for organisation in self.known}
        pairs = self._match()
        if self.faults:
            raise Faulty(self.faults)
        marked = [made for _, made in pairs if made.pk and made.changed_by_hand != marks[made.pk]]
        change_many(marked, ["changed_by_hand"], at_once=AT_ONCE)
        new = [(entry, made) for entry, made in pairs if made.pk is None]
        Organisation.objects.bulk_create([made for _, made in new], batch_size=AT_ONCE)
        before = {made.pk: dict(made.__dict__) for _, made in pairs}
        for entry, organisation in pairs:
            self._fill(entry, organisation)
        self._link(pairs)
        if self.faults:
            raise Faulty(self.faults)
        fields = [name for name in _FIELDS if any(before[made.pk][name] != getattr(made, name) for _, made in pairs)]
        changed = {made.pk for _, made in pairs if any(before[made.pk][name] != getattr(made, name) for name in fields)}
        if fields and changed:
            rows = [made for _, made in pairs if made.pk in changed]
            change_many(rows, [name.removesuffix("_id") for name in fields], at_once=AT_ONCE)
        changed |= self._relate(pairs)
        added = {made.pk for _, made in new}
        self._note(added, changed - added)
        self.done.unchanged = len(pairs) - len(added | changed)
        return self.done

    def _match(self) -> list[tuple[ListedEntry, Organisation]]:
        """Return each entry that counts with its organisation, which is new where it has no key."""
        telling = {telling_words(organisation.name): organisation for organisation in reversed(self.known)}
        taken = {*TAKEN, *(each.slug for each in self.known), *(entry.slug for entry in self.entries)}
        pairs, met = list[tuple[ListedEntry, Organisation]](), dict[int, int]()
        for entry in self.entries:
            found = self.matching.find(entry)
            if found.several:
                self._fault(
                    entry, "name", "is the name of several organisations. Give its slug or a number in a register."
                )
            elif found.unsure is not None:
                self.done.notes.append(
                    f"Row {entry.row}: {entry.name} may be {found.unsure.name}, which was changed by hand, so it has been left "
                    f"out. Give the slug {found.unsure.slug} if it is, or a new slug if it is not."
                )
            elif found.organisation is None:
                pairs.append((entry, self._new(entry, taken)))
                if found.same_name is not None:
                    self.done.notes.append(
                        f"Row {entry.row}: {entry.name} is new, although another organisation ({found.same_name.slug}) has the same name."
                    )
                elif other := telling.get(telling_words(entry.name)):
                    self.done.notes.append(
                        f"Row {entry.row}: {entry.name} is new, and may be the same as {other.name}."
                    )
            else:
                self._meet(entry, found.organisation, met, pairs)
        return pairs

    def _meet(
        self,
        entry: ListedEntry,
        found: Organisation,
        met: dict[int, int],
        pairs: list[tuple[ListedEntry, Organisation]],
    ) -> None:
        """Add an entry with the organisation that is there, unless that one is to be left as it is."""
        if found.pk in met:
            self._fault(entry, "name", f"is the same organisation as row {met[found.pk]}: {found.name}.")
        met[found.pk] = entry.row
        if found.standing == TAKES_PART:
            self.done.notes.append(
                f"Row {entry.row}: {found.name} takes part and looks after its own page, so it has not been changed."
            )
        elif found.is_removed:
            self.done.notes.append(
                f"Row {entry.row}: {found.name} was removed from the directory, so it has been left out."
            )
        elif self.overwrite:
            said = {
                name for name in (*entry.values, *_RELATED) if name in entry.values or getattr(entry, name) is not None
            }
            found.changed_by_hand = {name: day for name, day in found.changed_by_hand.items() if name not in said}
            pairs.append((entry, found))
        else:
            entry, note = self.matching.without_hand_changes(entry, found)
            self.done.kept += bool(note)
            self.done.notes += [f"Row {entry.row}: {found.name}: {note}"] if note else []
            pairs.append((entry, found))

    def _new(self, entry: ListedEntry, taken: set[str]) -> Organisation:
        if entry.slug in TAKEN:
            self._fault(entry, "slug", f"“{entry.slug}” can’t be used. Choose another, or leave it out.")
        if "kind" not in entry.values:
            self._fault(entry, "kind", "is missing: say what kind of organisation it is.")
        slug = entry.slug or free_slug(entry.name, taken, fallback="organisation")
        taken.add(slug)
        return Organisation(
            slug=slug, name=entry.name, sort_name=sort_name(entry.name), kind=entry.values.get("kind", ""), standing=LISTED,
            joined_at=self.at,
        )  # fmt: skip

    def _fill(self, entry: ListedEntry, organisation: Organisation) -> None:
        website = "" if organisation._state.adding else organisation.website
        for name, value in entry.values.items():
            setattr(organisation, name, value)
        organisation.sort_name = sort_name(organisation.name)
        if "website" in entry.values and organisation.website != website:
            organisation.email_domains = domains_after(organisation.email_domains, website, organisation.website)
        if organisation.standing != ENDED:
            organisation.ended_on, organisation.succeeded_by_id = None, None

    def _link(self, pairs: Iterable[tuple[ListedEntry, Organisation]]) -> None:
        """Say what took whose place; nobody succeeds themselves, however far round."""
        everybody = {organisation.pk: organisation for organisation in self.known}
        everybody |= {organisation.pk: organisation for _, organisation in pairs}
        named: dict[str, Organisation | None] = {}
        for organisation in everybody.values():
            name = organisation.name.casefold()
            named[name] = None if name in named else organisation
        named |= {organisation.slug: organisation for organisation in everybody.values()}
        for entry, organisation in pairs:
            if entry.succeeded_by is None:
                continue
            if not entry.succeeded_by:
                organisation.succeeded_by_id = None
                continue
            word = entry.succeeded_by.casefold()
            successor = named.get(word)
            if successor is None and word in named:
                self._fault(entry, "succeeded_by", "is the name of several organisations. Give its slug.")
            elif successor is None:
                self._fault(
                    entry, "succeeded_by", f"“{entry.succeeded_by}” is neither in the directory nor in this file."
                )
            else:
                organisation.succeeded_by_id = successor.pk
        links = {organisation.pk: organisation.succeeded_by_id for organisation in everybody.values()}
        for entry, organisation in pairs:
            place, steps = links[organisation.pk], 0
            while place is not None and place != organisation.pk and steps <= len(links):
                place, steps = links.get(place), steps + 1
            if place == organisation.pk:
                self._fault(entry, "succeeded_by", "leads back to the organisation itself.")

    def _relate(self, pairs: Sequence[tuple[ListedEntry, Organisation]]) -> set[int]:
        """Write districts, strands and numbers; return the keys of the organisations of which one changed."""
        changed = self._set(pairs, Organisation.districts.through, "area_id", "districts", self.areas)
        changed |= self._set(pairs, Organisation.strands.through, "strand_id", "strands", self.strands)
        wanted = {(number, made.pk) for entry, made in pairs for number in entry.identifiers or ()}
        for number, key in wanted:
            if self.numbers.get(number, key) != key:
                entry = next(entry for entry, made in pairs if made.pk == key)
                self._fault(entry, "identifiers", f"{number[1]} already belongs to another organisation.")
        if self.faults:
            raise Faulty(self.faults)
        told = {made.pk for entry, made in pairs if entry.identifiers is not None}
        there = {(number, key) for number, key in self.numbers.items() if key in told}
        gone = [self.matching.keys_of_numbers[number] for number, _ in there - wanted]
        OrganisationIdentifier.objects.filter(pk__in=gone).delete()
        OrganisationIdentifier.objects.bulk_create(
            OrganisationIdentifier(organisation_id=key, scheme=number[0], value=number[1])
            for number, key in sorted(wanted - there)
        )
        return changed | {key for _, key in wanted ^ there}

    def _set(self, pairs: Any, through: Any, column: str, name: str, known: dict[str, int]) -> set[int]:
        wanted: set[tuple[int, int]] = set()
        told = [(entry, made.pk, getattr(entry, name)) for entry, made in pairs if getattr(entry, name) is not None]
        for entry, key, words in told:
            for word in words:
                if word.casefold() in known:
                    wanted.add((key, known[word.casefold()]))
                else:
                    self._fault(entry, name, f"“{word}” is not one of the portal’s strands or districts.")
        if self.faults:
            raise Faulty(self.faults)
        rows = through.objects.filter(organisation__in=[key for _, key, _ in told])
        there = {(key, other): pk for pk, key, other in rows.values_list("pk", "organisation_id", column)}
        through.objects.filter(pk__in=[pk for pair, pk in there.items() if pair not in wanted]).delete()
        through.objects.bulk_create(
            (through(**{"organisation_id": key, column: other}) for key, other in sorted(wanted - set(there))),
            batch_size=5 * AT_ONCE,
        )
        return {key for key, _ in wanted ^ set(there)}

    def _note(self, added: set[int], changed: set[int]) -> None:
        self.done.added, self.done.changed = sorted(added), sorted(changed)
        HistoryEntry.objects.bulk_create(
            (
                HistoryEntry(at=self.at, by=self.by, act=act, organisation_id=key, detail="from a file")
                for act, keys in (("registered", self.done.added), ("edited", self.done.changed))
                for key in keys
            ),
            batch_size=5 * AT_ONCE,
        )

    def _fault(self, entry: ListedEntry, name: str, sentence: str) -> None:
        self.faults.append(Fault(entry.row, entry.place, name, sentence))


_FIELDS: Final = (
    "name", "sort_name", "former_names", "kind", "description", "website", "team_mailbox", "telephone", "contacts_confirmed",
    "email_domains", "standing", "ended_on", "succeeded_by_id", "source", "checked_on",
)  # fmt: skip
_RELATED: Final = ("districts", "strands", "identifiers")


def _named(rows: Iterable[Any], *names: str) -> dict[str, int]:
    """Return the keys of rows by each of their names."""
    return {str(getattr(row, name)).casefold(): row.pk for row in rows for name in names}
