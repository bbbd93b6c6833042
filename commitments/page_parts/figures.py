"""What the pages of the county in figures and of money share."""

from django.db.models import Q
from django.http import HttpRequest

from commitments.models import SourcedFigure
from commitments.reading import sourced_figures as reading
from commitments.rules.sourced_figures import MONEY


def shown_figures(request: HttpRequest, *, money: bool) -> list[reading.FigureCard]:
    """Return the cards of the figures that a person may see: those about money, or all others; of one strategy if it is asked for."""
    about = Q(about=MONEY) if money else ~Q(about=MONEY)
    figures = SourcedFigure.objects.visible_to(request.user).in_use().filter(about)
    if slug := request.GET.get("strategy", ""):
        figures = figures.filter(strategy__slug=slug[:80].replace("\x00", ""))
    return reading.figure_cards(list(figures.select_related("strategy__owner").in_order()), request.user)
