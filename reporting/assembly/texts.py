"""What officers wrote for the report of a round."""

from commitments.models import Round
from reporting.facts import TextFacts
from reporting.models import ReportText
from reporting.narrative.sections import LASTING


def texts(round_: Round) -> tuple[TextFacts, ...]:
    """Return every section that has a text, by its key: the round's own, or one kept from an earlier round. One query."""
    standing = ReportText.objects.standing(round_, lasting=LASTING)
    return tuple(
        TextFacts(section, found.text, found.language) for section, found in sorted(standing.items()) if found.text
    )
