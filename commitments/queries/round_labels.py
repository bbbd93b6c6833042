"""What people call a round, for rows that are read without it."""

from django.db.models import CharField, F, Value
from django.db.models.functions import Coalesce, NullIf


def round_label(path: str = "round") -> Coalesce:
    """Return the label of a round as a column: its title, else its slug.

    :param path: where the round is, such as ``edition__round``; "" for a query of rounds.
    """
    before = f"{path}__" if path else ""
    return Coalesce(NullIf(F(f"{before}title"), Value("")), F(f"{before}slug"), output_field=CharField())
