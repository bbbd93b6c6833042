"""How the council's committee papers are laid out: read from configuration, frozen with the edition."""

from reporting.facts import SkeletonFacts


def skeleton() -> SkeletonFacts:
    """Return the skeleton that the settings name."""
    return SkeletonFacts("is RECOMMENDED to", False, "", (), ())
