"""Telling what was done: what is kept, what is said when something is wrong, and that nothing is ever lost."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from commitments.forms.evidence_input import content_of
from commitments.models import Evidence, EvidenceFile, HistoryEntry
from commitments.services import evidence as services
from partners.services.roles import add_person_with_role
from tests.commitments import sample_files
from tests.factories import make_area, make_evidence, make_evidence_content, make_organisation, make_strategy

pytestmark = pytest.mark.django_db

NEW = "/evidence/new/"


def url(name, *args):
    return reverse(f"commitments:{name}", args=args)


def typed(**changes):
    """A filled form, as a browser sends it."""
    data = {"title": "Ran a drop-in", "happened_from": "12 March 2026", "then": "save", "form_token": str(uuid.uuid4())}
    return {**data, **changes}


def upload(name="Walk.jpg", data=None):
    return SimpleUploadedFile(name, sample_files.photograph() if data is None else data)


def mistakes(answer):
    return {name: list(sentences) for name, sentences in answer.context["form"].errors.items()}


def test_a_partner_tells_what_was_done_checks_it_and_sends_it(partner, strategy, area, signed_in):
    client = signed_in(partner)
    token = str(client.get(NEW).context["form"]["form_token"].value())
    answer = client.post(
        NEW,
        typed(
            form_token=token, then="send", happened_to="14/3/26", commitments=["1.1", "2.1"], districts=["E07000177"],
            story="We met **every week**.\r\n", people_reached="1,200", hours="", link_1="example.org/page",
            link_1_label="Our page", uploads=[upload(), upload("Minutes.pdf", sample_files.pdf())], caption="At the hall",
            publishable="on",
        ),
    )  # fmt: skip
    piece = Evidence.objects.get()
    assert answer.url == url("evidence-submit", piece.pk)
    assert (piece.happened_from, piece.happened_to) == (date(2026, 3, 12), date(2026, 3, 14))
    assert (piece.people_reached, piece.volunteers, piece.hours) == (1200, None, None)
    assert piece.story == "We met **every week**."
    assert piece.publishable
    assert [one.reference for one in piece.commitments.in_order()] == ["1.1", "2.1"]
    assert list(piece.districts.all()) == [area]
    assert list(piece.links.values_list("url", "label")) == [("https://example.org/page", "Our page")]
    assert list(piece.files.order_by("id").values_list("name", "caption")) == [
        ("Walk.jpg", "At the hall"), ("Minutes.pdf", "At the hall")]  # fmt: skip
    check = client.get(answer.url).text
    for seen in (
        "Check before you send",
        "12 to 14 March 2026",
        "1,200",
        "It may be published",
        "Our page",
        "Minutes.pdf",
    ):
        assert seen in check
    sent = client.post(answer.url, follow=True)
    assert "Sent. A council officer will review it" in sent.text
    piece.refresh_from_db()
    assert piece.state == "submitted"
    assert "Sent. A council officer" in client.post(answer.url, follow=True).text  # the second tap of a double one
    assert HistoryEntry.objects.filter(act="submit").count() == 1


def test_a_line_and_a_day_are_enough_for_a_draft(partner, strategy, signed_in):
    answer = signed_in(partner).post(NEW, typed(happened_from="yesterday"), follow=True)
    assert "Saved. You can change it until you send it." in answer.text
    piece = Evidence.objects.get()
    assert piece.happened_from == timezone.localdate() - timedelta(days=1)
    assert piece.people_reached is None
    assert not piece.publishable


def test_the_commitment_that_was_clicked_is_chosen_and_in_sight(partner, strategy, signed_in):
    answer = signed_in(partner).get(f"{NEW}?commitment=2.1")
    groups = answer.context["form"].groups()
    assert [(group.open, group.chosen) for group in groups] == [(False, 0), (True, 1)]
    assert 'value="thing-2-1" checked' in answer.text


def test_another_strategy_can_be_asked_for(partner, council, strategy, signed_in):
    make_strategy(council, slug="another", shape=(1,), opens_first=False)
    client = signed_in(partner)
    assert len(client.get(f"{NEW}?strategy=another").context["form"].groups()) == 1
    assert client.get(f"{NEW}?strategy=nowhere").status_code == 404


def test_all_of_the_county_means_every_district(partner, strategy, area, signed_in):
    make_area("Oxford", "E07000178")
    gone = make_area("Old District", "E07000001")
    gone.valid_to = date(2020, 3, 31)
    gone.save()
    signed_in(partner).post(NEW, typed(everywhere="on"))
    assert sorted(one.name for one in Evidence.objects.get().districts.all()) == ["Cherwell", "Oxford"]


def test_who_belongs_to_several_organisations_is_asked_which(partner, charity, other_charity, strategy, signed_in):
    assert "For which organisation?" not in signed_in(partner).get(NEW).text
    add_person_with_role(by=None, at=timezone.now(), email=partner.email, name=partner.name, role="partner_lead",
           organisation=other_charity)  # fmt: skip
    client = signed_in(partner)
    assert "For which organisation?" in client.get(NEW).text
    client.post(NEW, typed(organisation=other_charity.slug))
    assert Evidence.objects.get().organisation == other_charity
    stranger = make_organisation("Not theirs")
    answer = client.post(NEW, typed(organisation=stranger.slug))
    assert mistakes(answer) == {"organisation": ["Choose one of your own organisations."]}


@pytest.mark.parametrize("who", ["administrator", "steering_member", "nobody"])
def test_only_partners_and_officers_log(request, signed_in, who):
    answer = signed_in(request.getfixturevalue(who)).get(NEW)
    assert answer.status_code == 403
    assert "You need to be a partner or a council officer to log evidence." in answer.text


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"title": "  "}, "title", "Say what you did, in one line."),
        ({"happened_from": ""}, "happened_from", "Say when it was. An approximate date is fine."),
        ({"happened_from": "last spring"}, "happened_from", "“last spring” is not one."),
        ({"happened_from": "31 February 2026"}, "happened_from", "“31 February 2026” is not one."),
        ({"happened_from": "1 May 1066"}, "happened_from", "Check the year: 1066 can't be right."),
        ({"happened_from": "1 May 2090"}, "happened_from", "This date is in the future."),
        ({"happened_to": "11 March 2026"}, "happened_to", "The end date is before the start date."),
        ({"people_reached": "N/A"}, "people_reached", "“N/A” is not a whole number. Enter one, such as 24, or leave blank"),
        ({"volunteers": "-3"}, "volunteers", "“-3” is not a whole number."),
        ({"hours": "7.5"}, "hours", "“7.5” is not a whole number."),
        ({"hours": "99999999999"}, "hours", "99999999999 looks too large."),
        ({"link_1": "not a page"}, "link_1", "“not a page” is not a web address."),
        ({"link_1": "ftp://example.org/a"}, "link_1", "“ftp://example.org/a” is not a web address."),
        ({"link_2": "javascript://example.org/%0aalert(1)"}, "link_2", "is not a web address."),
        ({"link_3_label": "Our page"}, "link_3", "Add the web address of “Our page”, or empty both boxes."),
        ({"commitments": ["7.7"]}, "commitments", "“7.7” is not a commitment of this strategy."),
        ({"districts": ["E99999999"]}, "districts", "“E99999999” is not a district that can be chosen."),
        ({"story": "a" * 20_001}, "story", "The text has 20,001 characters. The limit is 20,000."),
        ({"title": "a\x00b"}, "title", "Null characters are not allowed."),
        ({"then": "send"}, "commitments", "Choose at least one commitment that this is for, or tick that you’re not sure."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(partner, strategy, signed_in, changes, field, sentence):
    data = typed(**{"story": "A long evening’s words.", "volunteers": "12", **changes})
    answer = signed_in(partner).post(NEW, data)
    assert answer.status_code == 422
    assert set(mistakes(answer)) == {field}
    assert sentence in mistakes(answer)[field][0]
    text = answer.text
    assert "<title>Error: " in text
    assert "There is a problem" in text
    assert f'id="id_{field}_error"' in text
    for name in ("title", "story", "volunteers", "happened_from"):
        shown = answer.context["form"][name].value()
        assert shown == data[name]
    assert f'value="{data["form_token"]}"' in text
    assert not Evidence.objects.exists()


def test_links_that_were_typed_stay_in_sight(partner, strategy, signed_in):
    answer = signed_in(partner).post(NEW, typed(link_1="not a page"))
    assert answer.context["form"].links_open
    assert not signed_in(partner).get(NEW).context["form"].links_open


# Nothing is lost


def test_files_are_kept_even_when_the_rest_is_not_right_yet(partner, strategy, signed_in):
    client = signed_in(partner)
    data = typed(title="", happened_from="last spring", story="Words.", uploads=[upload()])
    answer = client.post(NEW, data)
    assert answer.status_code == 422
    piece = Evidence.objects.get()
    assert piece.title.startswith("Draft of ")
    assert piece.story == "Words."
    assert piece.files.get().name == "Walk.jpg"
    form = answer.context["form"]
    assert form["happened_from"].value() == "last spring"
    assert form["title"].value() == ""
    assert answer.context["action"] == url("evidence-edit", piece.pk)
    assert "You do not need to choose the files again." in answer.text
    done = client.post(
        answer.context["action"],
        {**typed(), "version": form["version"].value(), f"caption_{piece.files.get().pk}": "The hall"},
    )
    assert done.url == piece.get_absolute_url()
    piece.refresh_from_db()
    assert piece.title == "Ran a drop-in"
    assert piece.files.get().caption == "The hall"
    assert Evidence.objects.count() == 1


def test_the_same_mistake_sent_again_keeps_one_draft_and_one_file(partner, strategy, signed_in):
    client, token = signed_in(partner), str(uuid.uuid4())
    for _ in range(2):
        answer = client.post(NEW, typed(title="", form_token=token, uploads=[upload()]))
        assert answer.status_code == 422
    assert (Evidence.objects.count(), EvidenceFile.objects.count()) == (1, 1)


def test_a_refused_file_costs_nothing_else(partner, strategy, signed_in):
    answer = signed_in(partner).post(
        NEW, typed(then="send", commitments=["1.1"], uploads=[upload(), upload("a.exe", b"MZ" * 9)])
    )
    assert answer.status_code == 422
    assert mistakes(answer)["uploads"][0].startswith("“a.exe” can't be used. You can add photographs")
    assert "Everything else has been saved." in answer.text
    piece = Evidence.objects.get()
    assert piece.state == "draft"
    assert [file.name for file in piece.files.all()] == ["Walk.jpg"]


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.pdf", sample_files.pdf("password"), "“a.pdf” is protected with a password."),
        ("a.jpg", b"", "“a.jpg” is empty."),
    ],
)
def test_a_refused_file_and_a_missing_title_are_both_said(partner, strategy, signed_in, name, data, sentence):
    answer = signed_in(partner).post(NEW, typed(title="", story="Words.", uploads=[upload(name, data)]))
    assert answer.status_code == 422
    assert sentence in mistakes(answer)["uploads"][0]
    assert mistakes(answer)["title"]
    assert answer.context["form"]["story"].value() == "Words."
    assert not Evidence.objects.exists()


def test_a_file_that_is_too_big_gives_the_page_with_the_sentence(partner, strategy, signed_in, settings):
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    data = typed(uploads=[upload("huge.jpg", b"\xff\xd8\xff" + bytes(3_000_000)), upload()])
    answer = signed_in(partner).post(NEW, data)
    assert answer.status_code == 422
    assert mistakes(answer)["uploads"] == [
        "“huge.jpg” is larger than 1 MB, which is the limit for a file. Make it smaller and choose it again, or put it on "
        "a website and add the link."
    ]
    assert [file.name for file in Evidence.objects.get().files.all()] == ["Walk.jpg"]


def test_more_files_than_a_form_takes_are_named(partner, strategy, signed_in):
    shots = [upload(f"{n}.jpg", sample_files.photograph(20 + n)) for n in range(23)]
    answer = signed_in(partner).post(NEW, typed(uploads=shots))
    assert answer.status_code == 422
    sentences = mistakes(answer)["uploads"]
    assert "“20.jpg” was left out: you can add up to 20 files at once." in sentences
    assert "“10.jpg” was left out. An item of evidence can have up to 10 files. Remove one first." in sentences
    assert EvidenceFile.objects.count() == services.MAX_FILES


def test_a_double_click_makes_one_piece(partner, strategy, signed_in):
    client, data = signed_in(partner), typed(commitments=["1.1"], people_reached="5")
    answers = [client.post(NEW, {**data, "uploads": [upload()]}) for _ in range(2)]
    assert answers[0].url == answers[1].url
    piece = Evidence.objects.get()
    assert piece.version == 1
    assert piece.files.count() == 1


def test_going_back_and_sending_more_saves_the_more(partner, strategy, signed_in):
    client, data = signed_in(partner), typed()
    client.post(NEW, data)
    client.post(NEW, {**data, "story": "Something I forgot."})
    assert Evidence.objects.get().story == "Something I forgot."


def test_going_back_after_sending_shows_the_words_that_were_not_saved(partner, strategy, signed_in):
    client, data = signed_in(partner), typed(commitments=["1.1"])
    client.post(NEW, data)
    piece = Evidence.objects.get()
    services.submit_evidence(by=partner, at=timezone.now(), evidence=piece)
    assert client.post(NEW, data).url == piece.get_absolute_url()
    answer = client.post(NEW, {**data, "story": "Something I forgot."})
    assert answer.status_code == 409
    assert "This can no longer be changed" in answer.text
    assert "Something I forgot." in answer.text


def test_somebody_elses_token_makes_nothing(partner, outsider, strategy, signed_in):
    data = typed()
    signed_in(outsider).post(NEW, data)
    answer = signed_in(partner).post(NEW, data)
    assert answer.status_code == 409
    assert "This form has been sent already." in answer.text
    assert Evidence.objects.count() == 1


# Changing


def test_a_draft_is_changed_and_what_was_there_is_shown(partner, strategy, commitment, area, signed_in):
    piece = make_evidence(
        partner, commitment, districts=(area,), links=(("https://www.example.org/a", "A page"),),
        happened_to=timezone.localdate(),
    )  # fmt: skip
    client = signed_in(partner)
    form = client.get(url("evidence-edit", piece.pk)).context["form"]
    assert form["title"].value() == piece.title
    assert form["link_1"].value() == "https://www.example.org/a"
    same = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False, [])}
    assert client.post(url("evidence-edit", piece.pk), same).url == piece.get_absolute_url()
    piece.refresh_from_db()
    assert piece.version == 1  # nothing was changed, so nothing is written
    client.post(url("evidence-edit", piece.pk), {**same, "volunteers": "0", "link_1": "", "link_1_label": ""})
    piece.refresh_from_db()
    assert piece.volunteers == 0
    assert not piece.links.exists()


def test_a_returned_piece_shows_why_and_is_mended_and_sent_again(partner, officer, commitment, signed_in):
    piece = make_evidence(partner, commitment, state="returned", officer=officer)
    client = signed_in(partner)
    page = client.get(url("evidence-edit", piece.pk))
    assert "What the council asks for" in page.text
    assert "Please say where." in page.text
    answer = client.post(url("evidence-edit", piece.pk), typed(version=piece.version, commitments=["1.1"], then="send"))
    assert answer.url == url("evidence-submit", piece.pk)
    client.post(answer.url)
    piece.refresh_from_db()
    assert piece.state == "submitted"


def test_two_colleagues_see_both_versions_and_choose(partner, partner_lead, commitment, signed_in):
    piece = make_evidence(partner, commitment)
    services.edit_evidence(
        by=partner_lead,
        at=timezone.now(),
        evidence=piece,
        content=make_evidence_content(commitment, title="Theirs"),
        version=1,
    )
    client = signed_in(partner)
    mine = typed(title="Mine", version="1", commitments=["1.1"], story="My words.")
    answer = client.post(url("evidence-edit", piece.pk), {**mine, "uploads": [upload()]})
    assert answer.status_code == 409
    for seen in ("Theirs", "Mine", f"{partner_lead.name} changed it on", "My words.", "Choose what stays"):
        assert seen in answer.text
    piece.refresh_from_db()
    assert piece.title == "Theirs"
    assert piece.files.count() == 1  # the photograph is kept whichever words stay
    carried = dict(answer.context["carried"])
    look = client.post(url("evidence-edit", piece.pk), {**carried, "version": piece.version, "then": "look"})
    assert look.context["form"]["title"].value() == "Mine"
    assert look.status_code == 200
    piece.refresh_from_db()
    assert piece.title == "Theirs"
    client.post(url("evidence-edit", piece.pk), {**carried, "version": piece.version, "then": "save"})
    piece.refresh_from_db()
    assert piece.title == "Mine"


def test_an_edit_without_a_version_is_never_taken_for_the_newest(partner, commitment, signed_in):
    piece = make_evidence(partner, commitment)
    assert signed_in(partner).post(url("evidence-edit", piece.pk), typed(title="Mine")).status_code == 409


def test_a_file_is_described_and_its_history_says_so(partner, commitment, signed_in):
    piece = make_evidence(partner, commitment)
    client = signed_in(partner)
    client.post(url("evidence-file-add", piece.pk), {"uploads": [upload()]})
    file = piece.files.get()
    client.post(url("evidence-edit", piece.pk), typed(version="2", **{f"caption_{file.pk}": "x" * 300}))
    file.refresh_from_db()
    assert file.caption == "x" * 250
    assert HistoryEntry.objects.filter(reason__startswith="Described the file Walk.jpg").count() == 1


def test_files_are_added_by_themselves_too(partner, commitment, signed_in):
    piece = make_evidence(partner, commitment)
    client, add = signed_in(partner), url("evidence-file-add", piece.pk)
    assert client.get(add).status_code == 200
    nothing = client.post(add, {"caption": "A caption"})
    assert nothing.status_code == 422
    assert mistakes(nothing) == {"uploads": ["Choose a photograph or document first."]}
    bad = client.post(add, {"uploads": [upload("a.exe", b"MZ" * 9), upload()], "caption": "A caption"})
    assert bad.status_code == 422
    assert bad.context["form"]["caption"].value() == "A caption"
    good = client.post(add, {"uploads": [upload(data=sample_files.photograph(colour="#aa0000"))]}, follow=True)
    assert "Added. You can describe each file below." in good.text
    assert piece.files.count() == 2


# Back and forth


def test_withdrawing_and_taking_up_again(partner, officer, commitment, signed_in):
    piece = make_evidence(partner, commitment, state="accepted", officer=officer)
    client = signed_in(partner)
    assert "will no longer be published" in client.get(url("evidence-withdraw", piece.pk)).text
    assert "It no longer counts." in client.post(url("evidence-withdraw", piece.pk), follow=True).text
    assert "It becomes a draft again" in client.get(url("evidence-reopen", piece.pk)).text
    assert "It is a draft again." in client.post(url("evidence-reopen", piece.pk), follow=True).text
    piece.refresh_from_db()
    assert piece.state == "draft"


def test_the_council_withdraws_only_with_a_reason(partner, officer, commitment, signed_in):
    piece = make_evidence(partner, commitment, state="accepted", officer=officer)
    client = signed_in(officer)
    answer = client.post(url("evidence-withdraw", piece.pk), {"reason": " "})
    assert answer.status_code == 422
    assert mistakes(answer) == {"reason": ["Say why it is withdrawn. The partner will read it."]}
    client.post(url("evidence-withdraw", piece.pk), {"reason": "It was logged twice."})
    assert "Why it was withdrawn: It was logged twice." in signed_in(partner).get(piece.get_absolute_url()).text


def test_a_draft_without_a_commitment_says_what_is_missing_before_sending(partner, strategy, signed_in):
    piece = make_evidence(partner)
    client = signed_in(partner)
    assert "Choose at least one commitment" in client.get(url("evidence-submit", piece.pk)).text
    answer = client.post(url("evidence-submit", piece.pk))
    assert answer.status_code == 422
    assert "Choose at least one commitment that this evidence is for, or let the council choose." in answer.text


def test_the_same_person_in_two_windows_is_told_so(partner, commitment, signed_in):
    piece, client = make_evidence(partner, commitment), signed_in(partner)
    client.post(url("evidence-edit", piece.pk), typed(title="In one window", version="1"))
    answer = client.post(url("evidence-edit", piece.pk), typed(title="In another", version="1"))
    assert "You have saved this in another window" in answer.text


def test_mistakes_are_listed_as_they_stand_on_the_page(partner, strategy, signed_in):
    data = typed(
        title="", happened_from="", hours="N/A", link_1="x y", story="a" * 20_001, uploads=[upload("a.exe", b"MZ")]
    )
    form = signed_in(partner).post(NEW, data).context["form"]
    listed = [field.name for field in form if field.errors]
    assert listed == ["title", "uploads", "happened_from", "story", "hours", "link_1"]


def test_evidence_in_another_language_is_told_and_shown_in_it(partner, officer, strategy, signed_in):
    client = signed_in(partner)
    page = client.get(NEW).text
    assert "Written in another language?" in page
    assert (
        '<details class="govuk-details"><summary class="govuk-details__summary"><span class="govuk-details__summary-text">Written in'
        in page
    )
    client.post(NEW, typed(title="مركز الأمل", story="مرحبا", language="ar", commitments=["1.1"]))
    piece = Evidence.objects.get()
    assert piece.language == "ar"
    shown = client.get(piece.get_absolute_url()).text
    assert '<div class="app-prose" lang="ar" dir="rtl">' in shown
    edit = client.get(url("evidence-edit", piece.pk)).text
    assert '<option value="ar" selected>Arabic</option>' in edit
    assert (
        '<details class="govuk-details" open><summary class="govuk-details__summary"><span class="govuk-details__summary-text">Written in'
        in edit
    )
    answer = client.post(url("evidence-edit", piece.pk), typed(title="Hope", language="", version=piece.version))
    piece.refresh_from_db()
    assert (answer.status_code, piece.language) == (302, "")


def test_a_language_that_is_not_offered_is_refused_beside_the_question(partner, strategy, signed_in):
    answer = signed_in(partner).post(NEW, typed(language="klingon"))
    assert mistakes(answer)["language"] == ["Choose one of the languages in the list."]


def test_one_question_at_a_time_keeps_the_language(partner, commitment):
    piece = make_evidence(partner, commitment, language="pl")
    assert content_of(piece).language == "pl"
