"""Evidence to read: who sees which piece, list, file and history, in how many queries."""

import uuid
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from commitments.files.uploads import check_upload
from commitments.models import Evidence
from commitments.services import evidence as services
from partners.models import SecurityEvent
from tests.commitments import sample_files
from tests.factories import make_area, make_evidence, make_strategy

pytestmark = pytest.mark.django_db


def url(name, *args, **query):
    return reverse(f"commitments:{name}", args=args) + (f"?{urlencode(query)}" if query else "")


def with_file(piece, by, name="Walk.jpg", data=None, caption="Volunteers at the hall"):
    checked = check_upload(name, data or sample_files.photograph())
    return services.attach_file(by=by, at=timezone.now(), evidence=piece, checked=checked, caption=caption)


def many(organisation, by, commitment, number=500, **values):
    """Rows by the hundred, for counting queries."""
    now = timezone.now()
    made = Evidence.objects.bulk_create(
        Evidence(
            organisation=organisation, logged_by=by, logged_at=now, title=f"Number {n}", story="We **met**.",
            happened_from=timezone.localdate() - timedelta(days=n), form_token=uuid.uuid4(), **values,
        )
        for n in range(number)
    )  # fmt: skip
    links = Evidence.commitments.through
    links.objects.bulk_create(links(evidence=piece, commitment=commitment) for piece in made)
    areas = Evidence.districts.through
    areas.objects.bulk_create(areas(evidence=piece, area=make_area()) for piece in made)
    return made


ACTS = ["evidence-edit", "evidence-submit", "evidence-withdraw", "evidence-reopen", "evidence-file-add"]


@pytest.mark.parametrize(
    ("method", "name"), [("get", "evidence"), *((method, name) for method in ("get", "post") for name in ACTS)]
)
def test_to_a_stranger_another_organisations_draft_is_not_there(partner, outsider, commitment, signed_in, name, method):
    piece = make_evidence(partner, commitment)
    assert getattr(signed_in(outsider), method)(url(name, piece.pk)).status_code == 404


@pytest.mark.parametrize("name", ACTS)
def test_what_a_stranger_can_see_they_still_cannot_change(partner, officer, outsider, commitment, signed_in, name):
    piece = make_evidence(partner, commitment, state="accepted", officer=officer)
    answer = signed_in(outsider).get(url(name, piece.pk))
    assert answer.status_code == 403
    assert "Only the organisation that did the work can do this." in answer.text


@pytest.mark.parametrize("name", ["evidence-new", *ACTS, "review", "review-one"])
def test_whoever_acts_signs_in_first(partner, commitment, client, name):
    piece = make_evidence(partner, commitment)
    answer = client.get(url(name, *([] if name in {"evidence-new", "review"} else [piece.pk])))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


def test_the_public_reads_a_published_piece_without_anybodys_name(partner, officer, commitment, area, client):
    piece = make_evidence(
        partner, commitment, state="accepted", officer=officer, districts=(area,), volunteers=1,
        links=(("https://www.example.org/page", "Our page"),),
    )  # fmt: skip
    text = client.get(piece.get_absolute_url()).text
    for seen in (
        piece.title,
        "Rowan Trust",
        "Cherwell",
        "1.1 Thing 1.1",
        "24",
        "volunteer<",
        "<strong>every week</strong>",
    ):
        assert seen in text
    assert "(www.example.org)" in text
    for hidden in (partner.name, officer.name, "History", "Withdraw it"):
        assert hidden not in text


def test_its_own_people_and_the_council_see_its_history(partner, officer, commitment, signed_in):
    piece = make_evidence(partner, commitment, state="returned", officer=officer)
    for person in (partner, officer):
        text = signed_in(person).get(piece.get_absolute_url()).text
        assert "History" in text
        assert officer.name in text
        assert "Please say where." in text


def test_a_steering_member_reads_what_is_published_and_no_more(
    partner, officer, steering_member, commitment, signed_in
):
    sent = make_evidence(partner, commitment, state="submitted")
    out = make_evidence(partner, commitment, state="accepted", officer=officer)
    client = signed_in(steering_member)
    assert client.get(sent.get_absolute_url()).status_code == 404
    assert "History" not in client.get(out.get_absolute_url()).text


@pytest.mark.parametrize(
    ("state", "buttons"),
    [
        ("draft", {"Check and send", "Change it", "Withdraw it"}),
        ("submitted", {"Withdraw it"}),
        ("accepted", {"Withdraw it"}),
        ("returned", {"Edit and resend", "Send it again as it is", "Withdraw it"}),
        ("withdrawn", {"Reopen it"}),
    ],
)
def test_the_buttons_are_the_acts_that_are_allowed(partner, officer, commitment, signed_in, state, buttons):
    piece = make_evidence(partner, commitment, state=state, officer=officer)
    text = signed_in(partner).get(piece.get_absolute_url()).text
    every = {"Check and send", "Change it", "Withdraw it", "Edit and resend", "Send it again as it is",
             "Reopen it", "Review it"}  # fmt: skip
    assert {label for label in every if f">{label}</a>" in text} == buttons


# The list


def test_a_partner_switches_between_their_own_and_what_is_published(
    partner, officer, outsider, commitment, signed_in, client
):
    mine = make_evidence(partner, commitment, title="Mine, a draft")
    theirs = make_evidence(outsider, commitment, state="accepted", officer=officer, title="Theirs, published")
    own = signed_in(partner).get(url("evidence-list")).text
    assert "1 item of evidence of Rowan Trust." in own
    assert mine.title in own
    assert theirs.title not in own
    published = signed_in(partner).get(url("evidence-list", show="published")).text
    assert theirs.title in published
    assert mine.title not in published
    public = client.get(url("evidence-list")).text
    assert "1 item of evidence." in public
    assert theirs.title in public
    assert "My organisation" not in public


def test_an_officer_sees_all_that_was_sent_but_no_drafts(partner, officer, commitment, signed_in):
    make_evidence(partner, commitment, title="Only a draft")
    make_evidence(partner, commitment, state="submitted", title="On its way")
    text = signed_in(officer).get(url("evidence-list")).text
    assert "On its way" in text
    assert "Only a draft" not in text


def test_a_list_that_is_not_offered_is_not_there(partner, client, signed_in):
    assert signed_in(partner).get(url("evidence-list", show="all")).status_code == 404
    assert client.get(url("evidence-list", show="mine")).url.startswith(reverse("account_login"))
    assert client.get(url("evidence-list", show="nonsense")).status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"commitment": "1.1"}, {"First"}),
        ({"priority": "2"}, {"Second"}),
        ({"organisation": "willow-circle"}, {"Second"}),
        ({"district": "E07000177"}, {"First"}),
        ({"round": "ROUND"}, {"First"}),
        ({"state": "submitted"}, {"Second"}),
        ({"q": "willow SECOND"}, {"Second"}),
        ({"q": "nothing like it"}, set()),
    ],
)
def test_each_filter_narrows_the_list(partner, outsider, officer, strategy, area, open_round, signed_in, query, found):
    one, two = strategy.commitments.get(reference="1.1"), strategy.commitments.get(reference="2.1")
    make_evidence(partner, one, state="accepted", officer=officer, title="First", districts=(area,))
    long_ago = timezone.localdate() - timedelta(days=900)
    make_evidence(outsider, two, state="submitted", title="Second", happened_from=long_ago)
    query = {name: open_round.slug if value == "ROUND" else value for name, value in query.items()}
    answer = signed_in(officer).get(url("evidence-list", **query))
    assert {card["title"] for card in answer.context["cards"]} == found
    assert "Clear all filters" in answer.text


def test_where_strategies_stand_side_by_side_one_can_be_chosen(partner, council, commitment, signed_in):
    other = make_strategy(council, slug="another", shape=(1,), opens_first=False)
    make_evidence(partner, commitment, title="For ours")
    make_evidence(partner, other.commitments.get(), title="For another")
    client = signed_in(partner)
    for query, found in (
        ({"commitment": "1.1"}, {"For ours", "For another"}),
        ({"commitment": "1.1", "strategy": "another"}, {"For another"}),
        ({"strategy": "our-strategy"}, {"For ours"}),
    ):
        answer = client.get(url("evidence-list", **query))
        assert {card["title"] for card in answer.context["cards"]} == found
    assert client.get(url("evidence-list", strategy="another", priority="2")).status_code == 422


@pytest.mark.parametrize("query", [{"priority": "99"}, {"commitment": "9.9"}, {"state": "lost"}, {"q": "a\x00b"}])
def test_a_filter_that_cannot_be_read_is_said_at_the_field(partner, commitment, signed_in, query):
    make_evidence(partner, commitment)
    answer = signed_in(partner).get(url("evidence-list", **query))
    assert answer.status_code == 422
    assert "Part of the filter is not valid" in answer.text
    assert "govuk-error-message" in answer.text
    assert "<title>Error: " in answer.text


def test_a_piece_for_two_commitments_of_a_priority_comes_once(partner, strategy, signed_in):
    make_evidence(partner, *strategy.commitments.filter(priority__number=1))
    answer = signed_in(partner).get(url("evidence-list", priority="1"))
    assert len(answer.context["cards"]) == 1


def test_twenty_a_page_and_the_count_in_words(partner, charity, commitment, signed_in, django_assert_max_num_queries):
    piece = make_evidence(partner, commitment)
    with_file(piece, partner)
    many(charity, partner, commitment, 499)
    client = signed_in(partner)
    with django_assert_max_num_queries(13):  # one of them is for whoever may upload many items
        answer = client.get(url("evidence-list", page=2, commitment="1.1", priority="1", organisation=charity.slug))
    assert "500 items of evidence of Rowan Trust match your filters." in answer.text
    assert len(answer.context["cards"]) == 20
    assert answer.context["page"].numbers.number == 2


def test_one_piece_with_ten_files_takes_few_queries(
    partner, officer, commitment, signed_in, django_assert_max_num_queries
):
    piece = make_evidence(partner, commitment)
    for n in range(10):
        with_file(piece, partner, data=sample_files.photograph(20 + n))
    client = signed_in(partner)
    for name in ("evidence", "evidence-edit", "evidence-submit"):
        with django_assert_max_num_queries(12):
            assert client.get(url(name, piece.pk)).status_code == 200
    services.submit_evidence(by=partner, at=timezone.now(), evidence=piece)
    client = signed_in(officer)
    with django_assert_max_num_queries(12):
        assert client.get(url("review-one", piece.pk)).status_code == 200


# Files


def test_photographs_show_in_the_page_and_documents_are_downloaded(partner, officer, commitment, signed_in, client):
    piece = make_evidence(partner, commitment)
    photo = with_file(piece, partner, data=sample_files.photograph(1200, 800))
    paper = with_file(piece, partner, "Minutes.pdf", sample_files.pdf())
    private = signed_in(partner).get(photo.get_absolute_url())
    assert private["Content-Type"] == "image/jpeg"
    assert private["Content-Disposition"].startswith("inline")
    assert private["Cache-Control"] == "private, no-store"
    assert private["X-Content-Type-Options"] == "nosniff"
    assert client.get(photo.get_absolute_url()).status_code == 404
    services.submit_evidence(by=partner, at=timezone.now(), evidence=piece)
    services.accept_evidence(by=officer, at=timezone.now(), evidence=piece)
    public = client.get(paper.get_absolute_url())
    assert public["Content-Type"] == "application/pdf"
    assert public["Content-Disposition"] == 'attachment; filename="Minutes.pdf"'
    assert public["Cache-Control"] == "public, no-cache", "a consent may be withdrawn at any moment"
    assert b"".join(public.streaming_content) == paper.content.open().read()
    small = client.get(photo.get_absolute_url() + "?size=print")
    assert len(b"".join(small.streaming_content)) < photo.size
    assert small["ETag"] != client.get(photo.get_absolute_url())["ETag"]


def test_a_file_that_is_known_already_is_not_sent_again(partner, commitment, signed_in):
    photo = with_file(make_evidence(partner, commitment), partner)
    client = signed_in(partner)
    etag = client.get(photo.get_absolute_url())["ETag"]
    again = client.get(photo.get_absolute_url(), headers={"If-None-Match": etag})
    assert again.status_code == 304
    assert again["Cache-Control"] == "private, no-store"


def test_opening_a_file_that_is_not_public_is_recorded(partner, officer, commitment, signed_in, client):
    piece = make_evidence(partner, commitment)
    photo = with_file(piece, partner, data=sample_files.photograph(1200, 800))
    paper = with_file(piece, partner, "Minutes.pdf", sample_files.pdf())
    reader = signed_in(officer)
    services.submit_evidence(by=partner, at=timezone.now(), evidence=piece)
    for address in (f"{photo.get_absolute_url()}?size=print", photo.get_absolute_url(), paper.get_absolute_url()):
        assert reader.get(address).status_code == 200
    downloads = SecurityEvent.objects.filter(kind="downloaded").order_by("id")
    assert [(event.by, event.subject.rpartition(": ")[2]) for event in downloads] == [
        (officer, photo.name),
        (officer, "Minutes.pdf"),
    ], "the small photograph is part of a page"
    services.accept_evidence(by=officer, at=timezone.now(), evidence=piece)
    assert client.get(paper.get_absolute_url()).status_code == 200
    assert reader.get(paper.get_absolute_url()).status_code == 200
    assert downloads.count() == 2


def test_a_file_gone_from_the_disk_is_not_found(partner, commitment, signed_in):
    photo = with_file(make_evidence(partner, commitment), partner)
    photo.content.storage.delete(photo.content.name)
    assert signed_in(partner).get(photo.get_absolute_url()).status_code == 404


def test_a_file_is_reached_only_through_its_own_piece(partner, commitment, signed_in):
    photo = with_file(make_evidence(partner, commitment), partner)
    other = make_evidence(partner, commitment)
    assert signed_in(partner).get(url("evidence-file", other.pk, photo.pk)).status_code == 404


def test_removing_a_file_is_asked_first(partner, outsider, commitment, signed_in, django_capture_on_commit_callbacks):
    piece = make_evidence(partner, commitment)
    photo = with_file(piece, partner)
    name, client = photo.content.name, signed_in(partner)
    remove = url("evidence-file-remove", piece.pk, photo.pk)
    assert "The file will be deleted. You cannot undo this." in client.get(remove).text
    assert piece.files.count() == 1
    assert signed_in(outsider).post(remove).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(remove, follow=True)
    assert "“Walk.jpg” has been removed." in answer.text
    assert piece.files.count() == 0
    assert not photo.content.storage.exists(name)
