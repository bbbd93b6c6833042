"""What people call a round, for rows that are read without it."""

from django.db.models import CharField, F, Value
from django.db.models.functions import Coalesce, NullIf


def round_label(path: str = "round") -> Coalesce:
    """Return the label of the round at a path, such as ``edition__round``, as a column: its title, else its slug."""
    return Coalesce(NullIf(F(f"{path}__title"), Value("")), F(f"{path}__slug"), output_field=CharField())
