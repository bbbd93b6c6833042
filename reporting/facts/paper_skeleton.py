"""The skeleton of the committee paper, as facts: its header block, its parts and its appendices."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HeadLineFacts:
    """A line of the committee paper's header block: its label, the section that fills it, and what stands there else.

    ``required`` says that the report can't be published while nobody has filled the line in.
    """

    label: str
    section: str
    otherwise: str = ""
    kind: str = "line"
    required: bool = False


@dataclass(frozen=True, slots=True)
class PartFacts:
    """A part of the committee paper: its heading and what it holds, by kind; ``section`` names what officers wrote.

    ``group`` is the slug of the one group that an appendix is about; "" for all that it could be about. ``by`` and ``on`` are the
    sections with the post that gave these comments, and the day on which it did; "" where the paper does not say.
    """

    heading: str
    kind: str
    section: str = ""
    otherwise: str = ""
    group: str = ""
    by: str = ""
    on: str = ""


@dataclass(frozen=True, slots=True)
class LogoFacts:
    """A picture of the council's own: its file's bytes in Base64, its media type, and its size in pixels."""

    file: str
    media_type: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class PaperIdentityFacts:
    """How a committee paper presents whoever is responsible for it: the name that is shown, and a logo, if there is one."""

    council: str
    logo: LogoFacts | None = None


@dataclass(frozen=True, slots=True)
class SkeletonFacts:
    """How the council's committee papers are laid out, as the configuration said when the edition was made.

    ``size`` is that of the running text, in points.
    """

    recommended: str
    page_numbers: bool
    footer: str
    header: tuple[HeadLineFacts, ...]
    parts: tuple[PartFacts, ...]
    appendices: tuple[PartFacts, ...] = ()
    title: str = "{strategy}: annual report {round}"
    font: str = "Arial"
    size: int = 12
