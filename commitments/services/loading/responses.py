"""Writes who each commitment of a strategy's file is addressed to: one response is to come from each of them."""

from collections.abc import Sequence
from typing import Any

from commitments.models import Commitment, Response
from commitments.rules import stances
from partners.models import Organisation


def address(commitment: Commitment, names: Sequence[str], *, done: Any) -> None:
    """Bring the addressees of a commitment in step with the file. Doing it twice changes nothing.

    An addressee that the file no longer names goes if nobody has begun to answer for it; else it stays, and a note says so.

    :param names: slugs of organisations, or words where the addressee is none.
    :param done: gathers what was done (``changes``) and what to note (``notes``), as sentences.
    """
    if not names and not commitment.is_addressed:
        return  # as in most strategies, which then ask nothing here
    known = {response.addressee: response for response in commitment.responses.order_by("place", "id")}
    organisations = {found.slug: found for found in Organisation.objects.filter(slug__in=names)}
    wanted = [(organisations[name].name if name in organisations else name, organisations.get(name)) for name in names]
    for place, (addressee, organisation) in enumerate(wanted, start=1):
        response = known.pop(addressee, None)
        if response is None:
            Response.objects.create(commitment=commitment, addressee=addressee, organisation=organisation, place=place)
            done.changes.append(f"Commitment {commitment.reference} is addressed to {addressee}.")
        elif (response.place, response.organisation_id) != (place, organisation.pk if organisation else None):
            response.place, response.organisation = place, organisation
            response.save(update_fields=["place", "organisation"])
    for response in known.values():
        if response.state == "awaited" and not response.history.exists():
            response.delete()
            done.changes.append(f"Commitment {commitment.reference} is no longer addressed to {response.addressee}.")
        else:
            done.notes.append(
                f"{response.addressee} has begun to answer {commitment.reference}, so it stays an addressee although the file does not name it."
            )
    owners = commitment.responses.filter(organisation=commitment.strategy.owner_id).first()
    stands = owners.public_stance if owners else stances.AWAITED
    said = stands.code if commitment.responses.exists() else ""
    if commitment.owner_response != said:
        commitment.owner_response = said
        commitment.save(update_fields=["owner_response"])
