"""Case studies: longer accounts of items of evidence, with a quotation that needs its speaker's consent."""

from datetime import date
from functools import reduce
from typing import Any, ClassVar, Final

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from commitments.models.consent import Consent
from commitments.models.evidence import SAID_HOW, Evidence, about_strategies_of
from commitments.models.progress import Round
from commitments.rules import case_study_parts as parts
from commitments.rules import workflow
from partners import roles
from partners.models import RoleGrant, Strand, User
from partners.permissions import organisations_for, types_for_every_group, types_for_groups
from vcsportal.common.addresses import address
from vcsportal.common.word_search import WordQuery, both, words_of
from vcsportal.common.words import choices

_TEXTS: Final[dict[str, Any]] = {"blank": True}


def case_study_form(evidence: int) -> str:
    """Return the name under which what is typed into the form of an item's case study is kept."""
    return f"case-study:{evidence}"


def is_case_study_form(form: str) -> bool:
    """Whether what is typed into a form of this name becomes a case study."""
    return form.startswith("case-study:")


class CaseStudyQuerySet(models.QuerySet["CaseStudy"]):
    """Case studies."""

    def published(self, today: date, *, use: str = "portal") -> "CaseStudyQuerySet":
        """Those that anyone may read on this day: accepted once and not withdrawn, of published evidence whose story may
        be shown in this use.
        """
        shown = Evidence.objects.published().filter(pk=models.OuterRef("evidence"))
        withheld = Evidence.objects.withheld(today, use=use).filter(pk=models.OuterRef("evidence"))
        return self.filter(models.Exists(shown), ~models.Exists(withheld), published__isnull=False)

    def drafts_read_by(self, person: Any) -> "CaseStudyQuerySet":
        """Those whose newest text the person reads, sent or not: of their own organisations, and those written for another
        organisation by this person, who may still write for it.
        """
        if not isinstance(person, User):
            return self.none()
        own = [organisation.pk for organisation in organisations_for(person, roles.LOG_EVIDENCE)]
        found: Any = models.Q(evidence__organisation__in=own)
        if types_for_groups(person):
            typed = models.Q(evidence__logged_by=person) & ~models.Q(evidence__said_by="")
            written = models.Q(newest__written_by=person) & ~models.Q(newest__told_how="")
            if types_for_every_group(person):
                found |= typed | (written & _of_evidence(about_strategies_of(person, roles.SEE_ALL_EVIDENCE)))
            else:
                people = RoleGrant.objects.current().filter(organisation=models.OuterRef("evidence__organisation"))
                found |= (typed | written) & ~models.Exists(people)
        return self.filter(found)

    def sent_to(self, person: Any) -> "CaseStudyQuerySet":
        """Those that were sent about a strategy whose evidence the person sees. They read the text that was sent last."""
        if not isinstance(person, User):
            return self.none()
        _own, sent = Evidence.own_and_sent(person)
        return self.filter(_of_evidence(sent), sent__isnull=False)

    def handled_by(self, person: Any) -> "CaseStudyQuerySet":
        """Those whose unpublished text the person may read as well, as a writer or a reviewer."""
        drafts, sent = CaseStudy.objects.drafts_read_by(person), CaseStudy.objects.sent_to(person)
        return self.filter(models.Q(pk__in=drafts.values("pk")) | models.Q(pk__in=sent.values("pk")))

    def visible_to(self, person: Any, today: date) -> "CaseStudyQuerySet":
        """What is published, and what the person handles."""
        if not isinstance(person, User):
            return self.published(today)
        handled = CaseStudy.objects.handled_by(person).values("pk")
        return self.filter(models.Q(pk__in=CaseStudy.objects.published(today).values("pk")) | models.Q(pk__in=handled))

    def for_reader(self, person: Any, today: date) -> Any:
        """What is visible to the person, and as what: ``reads`` is the key of the text that they are shown, None where the
        people in the story no longer agree to it; ``shown_state`` its state, as far as they may know it; ``handles``
        whether they are one of its writers or reviewers.

        Whoever does not write it knows nothing of a change that has not been sent; the public, of none that has not been
        accepted.
        """
        if not isinstance(person, User):  # of what is published nothing is withheld
            return self.published(today).annotate(
                reads=models.F("published"), shown_state=models.Value("accepted"), handles=models.Value(value=False)
            )
        withheld = models.Exists(Evidence.objects.without_details(today).filter(pk=models.OuterRef("evidence")))
        own = models.Q(pk__in=CaseStudy.objects.drafts_read_by(person).values("pk"))
        reviewed = models.Q(pk__in=CaseStudy.objects.sent_to(person).values("pk"))
        unsent = reviewed & models.Q(state="draft")
        return self.visible_to(person, today).annotate(
            reads=models.Case(
                models.When(withheld, then=models.Value(None)),
                models.When(own, then=models.F("newest")),
                models.When(reviewed, then=models.F("sent")),
                default=models.F("published"),
                output_field=models.BigIntegerField(null=True),
            ),
            shown_state=models.Case(
                models.When(own, then=models.F("state")),
                models.When(unsent & models.Q(published=models.F("sent")), then=models.Value("accepted")),
                models.When(unsent, then=models.Value("returned")),
                models.When(reviewed, then=models.F("state")),
                default=models.Value("accepted"),
                output_field=models.CharField(),
            ),
            handles=models.Case(
                models.When(own | reviewed, then=models.Value(value=True)),
                default=models.Value(value=False),
                output_field=models.BooleanField(),
            ),
        )

    def awaiting_review(self) -> "CaseStudyQuerySet":
        """What was sent, the longest-waiting first."""
        return self.filter(state="submitted").order_by("submitted_at", "id")

    def reviewed_by(self, person: Any) -> "CaseStudyQuerySet":
        """What is about a strategy whose evidence the person reviews."""
        return self.filter(evidence__in=Evidence.objects.reviewed_by(person).values("pk"))

    def newest_first(self) -> "CaseStudyQuerySet":
        """What was accepted last comes first."""
        return self.order_by("-accepted_at", "-id")


def _of_evidence(condition: models.Q) -> models.Q:
    return models.Q(evidence__in=Evidence.objects.filter(condition).values("pk"))


class CaseStudy(models.Model):
    """One item of evidence described in detail.

    ``newest`` is what was written last, ``sent`` what reviewers read: the text that was sent last, and ``published`` what
    everyone reads: the text that was accepted last. It stays while a change of it is written and reviewed. ``version``
    counts changes, so that the second of two people who save is refused.
    """

    evidence = models.OneToOneField(Evidence, on_delete=models.PROTECT, related_name="case_study")
    state = models.CharField(max_length=20, choices=choices(workflow.CASE_STUDY_STATES), default="draft")
    state_reason = models.TextField("why it was returned or withdrawn", blank=True)
    newest = models.ForeignKey(
        "commitments.CaseStudyText", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    sent = models.ForeignKey(
        "commitments.CaseStudyText", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    published = models.ForeignKey(
        "commitments.CaseStudyText", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    version = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    objects = CaseStudyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "case studies"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="case_study_submitted_at_with_by",
                condition=models.Q(submitted_at__isnull=True, submitted_by__isnull=True, sent__isnull=True)
                | models.Q(submitted_at__isnull=False, submitted_by__isnull=False, sent__isnull=False),
            ),
            models.CheckConstraint(
                name="case_study_under_review_shows_what_was_sent",
                condition=~models.Q(state__in=["submitted", "accepted", "returned"])
                | models.Q(sent=models.F("newest")),
            ),
            models.CheckConstraint(
                name="published_case_study_says_when_and_who",
                condition=models.Q(published__isnull=True, accepted_at__isnull=True, accepted_by__isnull=True)
                | models.Q(published__isnull=False, accepted_at__isnull=False, accepted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="accepted_case_study_shows_its_newest_text",
                condition=~models.Q(state="accepted") | models.Q(published=models.F("newest")),
            ),
            models.CheckConstraint(
                name="withdrawn_case_study_shows_nothing",
                condition=~models.Q(state="withdrawn") | models.Q(published__isnull=True),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["submitted_at", "id"],
                name="case_studies_awaiting_review",
                condition=models.Q(state="submitted"),
            ),
        ]

    def __str__(self) -> str:
        return (
            f"Case study of evidence {self.evidence_id}"  # none of its words: who may read which depends on the reader
        )

    def text_with(self, key: int | None) -> "CaseStudyText | None":
        """Return its newest, sent or published text, whichever has this key; None for no key."""
        texts = (self.published, self.sent, self.newest)
        return next((text for text in texts if text is not None and text.pk == key), None)

    def get_absolute_url(self) -> str:
        return address("commitments:case-study", self.evidence_id)

    @property
    def state_of(self) -> Any:
        """Its state, with label and definition."""
        return workflow.CASE_STUDY_STATE[self.state]

    @property
    def is_returned(self) -> bool:
        """Whether an officer has sent it back with a reason."""
        return self.state == "returned"

    @property
    def is_withdrawn(self) -> bool:
        """Whether its organisation or the council has withdrawn it."""
        return self.state == "withdrawn"

    @property
    def is_submitted(self) -> bool:
        """Whether it waits for an officer."""
        return self.state == "submitted"

    @property
    def is_being_changed(self) -> bool:
        """Whether everyone reads an earlier text than the newest."""
        return self.published_id is not None and self.published_id != self.newest_id


class QuotationQuerySet(models.QuerySet["CaseStudyQuotation"]):
    """Quotations."""

    def showable(self, today: date, *, use: str = "portal") -> "QuotationQuerySet":
        """Those that may be shown in this use on this day: someone agreed to it, and nobody's newest answer is against it."""
        asked = Consent.objects.filter(quotation=models.OuterRef("pk"))
        return self.filter(models.Exists(asked), ~models.Exists(asked.unwilling(today, use=use)))

    def ended(self, today: date) -> "QuotationQuerySet":
        """Those that nobody may be shown any more: a consent was withdrawn, or has expired."""
        return self.filter(models.Exists(Consent.objects.filter(quotation=models.OuterRef("pk")).ended(today)))


QUOTATION_WORDS: Final = both(words_of("words", weight="B"), words_of("said_by", weight="B"))
"""What a quotation is searched by. Only those that are ``showable`` may be found."""


class CaseStudyQuotation(models.Model):
    """What one person said, word for word. ``said_by`` is a post or a few words ("a parent"), never a name.

    Other words are another row: a consent is for these words alone.
    """

    case_study = models.ForeignKey(CaseStudy, on_delete=models.PROTECT, related_name="quotations")
    words = models.TextField(max_length=parts.MAX_QUOTATION_CHARACTERS)
    said_by = models.CharField(max_length=parts.MAX_LINE_CHARACTERS)

    objects = QuotationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case_study", "words", "said_by"], name="quotation_once_in_a_case_study"),
        ]
        indexes: ClassVar = [GinIndex(QUOTATION_WORDS, name="quotations_by_words")]

    def __str__(self) -> str:
        return self.said_by


CASE_STUDY_WORDS: Final = reduce(
    both, [words_of("headline", weight="A"), *(words_of(name, weight="B") for name in ("place", "led_with", *parts.PART_CODES, "cost"))]
)  # fmt: skip
"""What a text is searched by, apart from its quotation, which needs a consent of its own: see ``CaseStudyTextQuerySet.quoting``."""


class CaseStudyTextQuerySet(models.QuerySet["CaseStudyText"]):
    """Texts of case studies."""

    def having(self, query: WordQuery) -> "CaseStudyTextQuerySet":
        """Those that have a word, but for their quotations."""
        return self.alias(found_by=CASE_STUDY_WORDS).filter(found_by=query)

    def quoting(self, query: WordQuery, today: date) -> "CaseStudyTextQuerySet":
        """Those whose quotation has a word and may be shown on the portal on this day, whoever reads it."""
        said = CaseStudyQuotation.objects.showable(today).alias(found_by=QUOTATION_WORDS).filter(found_by=query)
        return self.filter(quotation__in=said.values("pk"))


class CaseStudyText(models.Model):
    """What was written at one time. Only ever added. A part may be empty and the amount None: those are not shown.

    ``told_how`` is set where an officer or an infrastructure body wrote it for the organisation.
    """

    case_study = models.ForeignKey(CaseStudy, on_delete=models.PROTECT, related_name="texts")
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    headline = models.CharField(max_length=parts.MAX_HEADLINE_CHARACTERS)
    place = models.CharField(max_length=parts.MAX_LINE_CHARACTERS, **_TEXTS)
    led_with = models.CharField(
        "who led it together with the organisation", max_length=parts.MAX_LINE_CHARACTERS, **_TEXTS
    )
    problem = models.TextField(**_TEXTS)
    what_was_done = models.TextField(**_TEXTS)
    what_changed = models.TextField(**_TEXTS)
    learnt = models.TextField(**_TEXTS)
    how_to_copy = models.TextField(**_TEXTS)
    cost = models.CharField("what it cost, in words", max_length=parts.MAX_LINE_CHARACTERS, **_TEXTS)
    cost_pounds = models.PositiveIntegerField("what it cost, in whole pounds", null=True, blank=True)
    quotation = models.ForeignKey(
        CaseStudyQuotation, on_delete=models.PROTECT, related_name="texts", null=True, blank=True
    )
    told_how = models.CharField(
        "how it was told, where somebody else wrote it", max_length=20, choices=SAID_HOW, blank=True
    )
    strands = models.ManyToManyField(Strand, related_name="case_study_texts", blank=True)

    objects = CaseStudyTextQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="case_study_text_has_a_headline", condition=~models.Q(headline="")),
        ]
        indexes: ClassVar = [GinIndex(CASE_STUDY_WORDS, name="case_studies_by_words")]

    def __str__(self) -> str:
        return self.headline


class CaseStudyChoiceQuerySet(models.QuerySet["CaseStudyChoice"]):
    """Choices of case studies for reports."""

    def current(self) -> "CaseStudyChoiceQuerySet":
        """Return those that have not been undone."""
        return self.filter(removed_at__isnull=True)


class CaseStudyChoice(models.Model):
    """A case study that an officer has chosen for the report of a round. Undoing it ends the row."""

    case_study = models.ForeignKey(CaseStudy, on_delete=models.PROTECT, related_name="chosen_for")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="chosen_case_studies")
    chosen_at = models.DateTimeField()
    chosen_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)

    objects = CaseStudyChoiceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case_study", "round"], condition=models.Q(removed_at__isnull=True),
                name="case_study_once_in_a_report",
            ),
            models.CheckConstraint(
                name="case_study_removed_at_with_by",
                condition=models.Q(removed_at__isnull=True, removed_by__isnull=True)
                | models.Q(removed_at__isnull=False, removed_by__isnull=False),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.case_study} in {self.round}"
