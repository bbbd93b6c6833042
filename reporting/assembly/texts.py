"""What officers wrote for the report of a round."""

from commitments.models import Round
from reporting.facts import TextFacts
from reporting.models import ReportText


def texts(round_: Round) -> tuple[TextFacts, ...]:
    """Return every section that somebody wrote something for, by its key. One query."""
    texts = ReportText.objects.filter(round=round_).exclude(text="").order_by("section", "id")
    return tuple(TextFacts(*values) for values in texts.values_list("section", "text", "language"))
