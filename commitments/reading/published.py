"""What was published of strategies, the latest first: each kind with the rule of its own pages for what anyone may read.

People in a story agreed to be shown on the portal's pages. A feed or an email is a copy that nobody can take back, so it has
the title of an item of evidence or a case study and leads to its page, and has nothing of the story.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from commitments.models import CaseStudy, Engagement, Evidence, Point
from commitments.reading.evidence_cards import card, read_cards
from commitments.reading.pages import address, event, public_entries
from commitments.reading.points import addresses_of_points
from commitments.reading.topics import ORGANISATION, Topic
from commitments.rules.story_consent import DETAILS_WITHHELD
from partners.reading.public_names import names_for
from vcsportal.common.addresses import address as address_of_view
from vcsportal.common.dates import in_words
from vcsportal.common.markdown import to_text
from vcsportal.common.publications import Publication, shortened

KINDS: Final = {
    "status": "Status", "approve": "Progress update", "response_approve": "Response", "view": "Partner’s view",
}  # fmt: skip
OTHER_CHANGE: Final = "Change of plan"


def _latest(rows: QuerySet[Any], moment: str, since: datetime | None, most: int) -> QuerySet[Any]:
    """Return the rows published last, after ``since`` where that is given."""
    if since is not None:
        rows = rows.filter(**{f"{moment}__gt": since})
    return rows.order_by(F(moment).desc(), "-id")[:most]


def _changes(topic: Topic, today: date, since: datetime | None, most: int) -> list[Publication]:
    about = topic.among(strategy=("commitment__strategy",), commitment=("commitment",), organisation=("response__organisation",))  # fmt: skip
    if about is None:
        return []
    if topic.kind == ORGANISATION:
        about |= Q(act="view", whose=str(topic.pk))
    shown = Q(commitment__isnull=False, withdrawn=False) & (~Q(act="approve") | Q(update__state="published"))
    entries = public_entries(about).filter(shown).select_related("commitment__strategy__owner", "response")
    # An update with a new status leaves two entries at the same moment, which read as one: that of the status.
    found: dict[tuple[Any, ...], Publication] = {}
    for entry in _latest(entries, "at", since, 2 * most):
        key = (entry.at, entry.update_id or entry.pk, entry.commitment_id)
        if key not in found or entry.act == "status":
            found[key] = _change(entry)
    return list(found.values())[:most]


def _change(entry: Any) -> Publication:
    commitment = entry.commitment
    strategy = commitment.strategy
    line = event(entry, "", names_for(None, strategy.owner))
    written = entry.update.narrative if entry.update and entry.update.state == "published" else ""
    text = line.detail or to_text(written)
    url = address(strategy.slug, commitment.key)
    return Publication(
        key=f"history/{entry.pk}",
        kind=KINDS.get(entry.act, OTHER_CHANGE),
        at=entry.at,
        title=f"{commitment.reference} {commitment.short_title}: {line.text[0].lower()}{line.text[1:]}",
        url=f"{url}#round-{entry.update.round.slug}" if entry.update else url,
        text=shortened(text),
        by=line.by if entry.act in {"view", "response_approve"} else strategy.owner.name,
        language=strategy.language,
    )


def _evidence(topic: Topic, today: date, since: datetime | None, most: int) -> list[Publication]:
    about = topic.among(strategy=("commitments__strategy",), commitment=("commitments",), organisation=("organisation",))  # fmt: skip
    if about is None:
        return []
    rows = Evidence.objects.published()
    if topic.kind != ORGANISATION and about:
        about = Q(pk__in=Evidence.objects.filter(about).values("pk"))
    moments = dict(_latest(rows.filter(about), "accepted_at", since, most).values_list("pk", "accepted_at"))
    found = []
    for piece in read_cards(list(moments), today=today):
        if piece.story_state in DETAILS_WITHHELD:
            continue
        values = card(piece)
        about_it = ", ".join(filter(None, (values["organisation"], values["where"], values["when"])))
        found.append(
            Publication(
                key=f"evidence/{piece.pk}", kind="Evidence", at=moments[piece.pk], title=piece.title, url=values["url"],
                text=shortened(about_it), by=values["organisation"], language=values["language"],
            )
        )  # fmt: skip
    return found


def _case_studies(topic: Topic, today: date, since: datetime | None, most: int) -> list[Publication]:
    about = topic.among(
        strategy=("evidence__commitments__strategy",), commitment=("evidence__commitments",), organisation=("evidence__organisation",),
    )  # fmt: skip
    if about is None:
        return []
    # A published text stays public while a change of it is written; the study has no moment of its own then.
    public = CaseStudy.objects.visible_to(None, today).annotate(moment=Coalesce("accepted_at", "published__written_at"))
    rows = public.filter(pk__in=CaseStudy.objects.filter(about).values("pk")).select_related("published", "evidence__organisation")  # fmt: skip
    return [
        Publication(
            key=f"case-study/{row.pk}", kind="Case study", at=row.moment, title=row.published.headline,
            url=address_of_view("commitments:case-study", row.evidence_id), text=shortened(row.published.place),
            by=row.evidence.organisation.name, language=row.evidence.language,
        )
        for row in _latest(rows, "moment", since, most)
        if row.published is not None
    ]  # fmt: skip


def _points(topic: Topic, today: date, since: datetime | None, most: int) -> list[Publication]:
    about = topic.among(
        strategy=("strategy", "engagement__strategy"),
        commitment=("commitment", "became_commitment"),
        organisation=("raised_by", "group__organisation", "engagement__group__organisation"),
    )
    if about is None:
        return []
    public = Point.objects.published().exclude(is_spam=True).filter(about)
    # What is answered after it was published is news once more.
    rows = list(_latest(public.annotate(moment=Greatest("published_at", "responded_at")), "moment", since, most))
    addresses = addresses_of_points(today) if rows else {}
    return [
        Publication(
            key=f"point/{row.pk}", kind="You said, we did", at=row.moment,
            title=f"{row.kind_of.label}, {in_words(row.raised_on)}: {row.stance_of.label if row.is_answered else 'published'}",
            url=addresses[row.pk], text=shortened(f"{row.public_words} {row.response if row.is_answered else ''}"),
        )
        for row in rows
    ]  # fmt: skip


def _engagement(topic: Topic, today: date, since: datetime | None, most: int) -> list[Publication]:
    about = topic.among(strategy=("strategy",), commitment=("commitments",), organisation=("group__organisation",))
    if about is None:
        return []
    rows = Engagement.objects.written_up().filter(about).with_owner()
    return [
        Publication(
            key=f"engagement/{row.pk}", kind=row.kind_of.label, at=row.written_up_at, title=f"{row.title}, {row.when}",
            url=address_of_view("commitments:engagement", row.pk), text=shortened(to_text(row.summary)),
            by=row.group.organisation.name if row.group else "",
        )
        for row in _latest(rows, "written_up_at", since, most)
    ]  # fmt: skip


Read = Callable[[Topic, date, datetime | None, int], Sequence[Publication]]
READ: Final[tuple[Read, ...]] = (_changes, _evidence, _case_studies, _points, _engagement)
"""Each returns at most so many publications of one kind, the latest first."""
