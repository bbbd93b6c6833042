"""Two people with the same evidence open: nothing that one of them did is undone by the other's stale form."""

import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from commitments.content.evidence import FileDescription
from commitments.files import stored
from commitments.files.uploads import check_upload
from commitments.models import EvidenceFile, HistoryEntry, WorkingCopy
from commitments.services import consents as consent_services
from commitments.services import evidence as services
from tests.commitments import sample_files
from tests.factories import make_evidence, make_evidence_content
from vcsportal.common.words import Conflict

pytestmark = pytest.mark.django_db


def edit_url(piece):
    return reverse("commitments:evidence-edit", args=[piece.pk])


def add_photograph(by, piece, name="Walk.jpg", colour="#336699"):
    checked = check_upload(name, sample_files.photograph(colour=colour))
    file = services.attach_file(by=by, at=timezone.now(), evidence=piece, checked=checked, caption="At the hall")
    piece.refresh_from_db()
    return file


def opened(client, piece, **changes):
    """What a browser sends back of the page as it was drawn, with changes; None takes a field away."""
    page = client.get(edit_url(piece))
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False, [])}
    for one in page.context["files"]:
        file, about = one["file"], one["about"]
        sent[f"caption_{file.pk}"], sent[f"asked_people_{file.pk}"] = about.caption, "1"
        if file.kind == "photograph":
            sent[f"description_{file.pk}"] = about.description
        if about.shows_people:
            sent[f"people_{file.pk}"] = "yes"
    return {name: value for name, value in {**sent, "then": "save", **changes}.items() if value is not None}


def differences(answer):
    assert answer.status_code == 409
    return {row.label: (row.was, row.theirs, row.mine) for row in answer.context["rows"]}


def going_on(answer, **changes):
    """The conflict page, sent on with the choices that it offers."""
    chosen = {f"keep_{row.code}": row.choice for row in answer.context["rows"] if row.choice and row.theirs != row.mine}
    carried: dict[str, list[str]] = {}
    for name, value in answer.context["carried"]:
        carried.setdefault(name, []).append(value)
    fresh = {"version": answer.context["piece"].version, "base": answer.context["base"], "then": "save"}
    return {**carried, **fresh, **chosen, **changes}


@pytest.fixture
def piece(partner, commitment):
    return make_evidence(partner, commitment)


@pytest.fixture
def photograph(partner, piece) -> EvidenceFile:
    return add_photograph(partner, piece)


def test_a_stale_form_never_undoes_a_colleagues_tick(partner, partner_lead, piece, photograph, signed_in, client):
    stale = opened(signed_in(partner), piece, story="A sentence more.")
    ticked = opened(signed_in(partner_lead), piece, **{f"people_{photograph.pk}": "yes"})
    assert signed_in(partner_lead).post(edit_url(piece), ticked).status_code == 302
    answer = signed_in(partner).post(edit_url(piece), stale)
    rows = differences(answer)
    assert rows["Someone can be recognised in Walk.jpg"] == ("No", "Yes", "No")
    assert (
        rows["What happened"][1:] == ("We met.", "A sentence more.") or rows["What happened"][2] == "A sentence more."
    )
    assert f"{partner_lead.name} changed it on" in answer.text
    assert partner.name not in answer.text.split("<main")[1], "nobody is told their own name"
    assert "another window" not in answer.text
    photograph.refresh_from_db()
    assert photograph.shows_people
    assert signed_in(partner).post(edit_url(piece), going_on(answer)).status_code == 302
    photograph.refresh_from_db()
    piece.refresh_from_db()
    assert photograph.shows_people, "what the page offers keeps both"
    assert piece.story == "A sentence more."


def test_a_refused_save_has_written_nothing(partner, partner_lead, piece, photograph, signed_in):
    stale = opened(
        signed_in(partner),
        piece,
        title="Mine",
        **{f"caption_{photograph.pk}": "My caption", f"people_{photograph.pk}": "yes"},
    )
    theirs = opened(signed_in(partner_lead), piece, **{f"caption_{photograph.pk}": "Their caption"})
    signed_in(partner_lead).post(edit_url(piece), theirs)
    piece.refresh_from_db()
    version, entries = piece.version, HistoryEntry.objects.filter(evidence=piece).count()
    answer = signed_in(partner).post(edit_url(piece), stale)
    rows = differences(answer)
    assert rows["Caption of Walk.jpg"] == ("At the hall", "Their caption", "My caption")
    assert rows["Someone can be recognised in Walk.jpg"] == ("No", "No", "Yes")
    photograph.refresh_from_db()
    piece.refresh_from_db()
    assert (photograph.caption, photograph.shows_people) == ("Their caption", False)
    assert (piece.version, HistoryEntry.objects.filter(evidence=piece).count()) == (version, entries)
    kept = WorkingCopy.objects.get(person=partner)
    assert kept.fields["title"] == ["Mine"], "a tab that is closed here loses nothing"


def test_every_kind_of_difference_is_shown(partner, partner_lead, piece, photograph, area, signed_in, commitment):
    other = commitment.strategy.commitments.exclude(pk=commitment.pk).in_order().first()
    stale = opened(signed_in(partner), piece, hours="3")
    deed = make_evidence_content(
        commitment, other, title="Theirs", story="Their story.", people_reached=12, publishable=not piece.publishable,
        links=(("https://www.example.org/a", "A page"),), districts=(area,), language="pl",
    )  # fmt: skip
    services.edit_evidence(by=partner_lead, at=timezone.now(), evidence=piece, content=deed)
    added = add_photograph(partner_lead, piece, "Hall.jpg", "#993366")
    consent_services.record_consent(
        by=partner_lead, at=timezone.now(), evidence=piece, given_by="The choir", given_on=timezone.localdate(),
        uses=["portal"], file=photograph,
    )  # fmt: skip
    rows = differences(signed_in(partner).post(edit_url(piece), stale))
    assert {
        "What you did", "What happened", "People reached", "May be published", "Links", "Where", "Language", "Commitments",
        "Photographs and documents", "Someone can be recognised in Walk.jpg", "Consents", "Volunteer hours",
    } <= set(rows)  # fmt: skip
    assert rows["Photographs and documents"] == ("Walk.jpg", "Walk.jpg\nHall.jpg", "Walk.jpg")
    assert rows["Consents"] == ("", "1 recorded, 0 of them withdrawn", "")
    assert rows["Volunteer hours"][1:] == ("", "3")
    assert added.pk


def test_going_on_with_what_is_offered_loses_nothing_of_either(partner, partner_lead, piece, photograph, signed_in):
    stale = opened(signed_in(partner), piece, story="My story.", **{f"caption_{photograph.pk}": "My caption"})
    theirs = opened(signed_in(partner_lead), piece, title="Their title", hours="5", link_1="https://www.example.org/a")
    signed_in(partner_lead).post(edit_url(piece), theirs)
    answer = signed_in(partner).post(edit_url(piece), stale)
    look = signed_in(partner).post(edit_url(piece), going_on(answer, then="look"))
    form = look.context["form"]
    assert (form["title"].value(), form["story"].value(), form["hours"].value()) == ("Their title", "My story.", "5")
    assert look.context["files"][0]["about"].caption == "My caption"
    piece.refresh_from_db()
    assert piece.story != "My story.", "looking writes nothing"
    signed_in(partner).post(edit_url(piece), going_on(answer))
    piece.refresh_from_db()
    photograph.refresh_from_db()
    assert (piece.title, piece.story, piece.hours) == ("Their title", "My story.", 5)
    assert photograph.caption == "My caption"
    assert [link.url for link in piece.links.all()] == ["https://www.example.org/a"]


@pytest.mark.parametrize(("whose", "title"), [("theirs", "Their title"), ("mine", "My title")])
def test_where_both_changed_the_same_the_reader_chooses(partner, partner_lead, piece, signed_in, whose, title):
    stale = opened(signed_in(partner), piece, title="My title")
    signed_in(partner_lead).post(edit_url(piece), opened(signed_in(partner_lead), piece, title="Their title"))
    answer = signed_in(partner).post(edit_url(piece), stale)
    assert [row.choice for row in answer.context["rows"]] == ["mine"]
    signed_in(partner).post(edit_url(piece), going_on(answer, keep_title=whose))
    piece.refresh_from_db()
    assert piece.title == title


def test_a_story_of_several_lines_that_only_a_colleague_changed_is_offered_as_theirs(
    partner, partner_lead, piece, signed_in
):
    first = opened(signed_in(partner), piece, story="One line.\n\n- Another line.\n")
    assert signed_in(partner).post(edit_url(piece), first).status_code == 302
    stale = opened(signed_in(partner), piece, title="My title")
    theirs = opened(signed_in(partner_lead), piece, story="One line.\n\n- A better line.")
    assert signed_in(partner_lead).post(edit_url(piece), theirs).status_code == 302
    answer = signed_in(partner).post(edit_url(piece), stale)
    assert {row.code: row.choice for row in answer.context["rows"]} == {"title": "mine", "story": "theirs"}


def test_a_third_save_while_the_two_versions_are_read_is_not_written_over(partner, partner_lead, piece, signed_in):
    stale = opened(signed_in(partner), piece, title="My title")
    for title in ("Their title", "Their second title"):
        signed_in(partner_lead).post(edit_url(piece), opened(signed_in(partner_lead), piece, title=title))
        if title == "Their title":
            answer = signed_in(partner).post(edit_url(piece), stale)
    again = signed_in(partner).post(edit_url(piece), going_on(answer))
    assert differences(again)["What you did"] == ("Their title", "Their second title", "My title")


def test_a_mistake_in_a_stale_form_does_not_make_it_the_newest(partner, partner_lead, piece, signed_in):
    stale = opened(signed_in(partner), piece, title="", story="Mine.")
    signed_in(partner_lead).post(edit_url(piece), opened(signed_in(partner_lead), piece, hours="9"))
    answer = signed_in(partner).post(edit_url(piece), stale)
    assert answer.status_code == 422
    form = answer.context["form"]
    again = {**stale, "title": "Mended", "version": form["version"].value(), "base": form["base"].value()}
    rows = differences(signed_in(partner).post(edit_url(piece), again))
    assert rows["Volunteer hours"] == ("", "9", "")
    piece.refresh_from_db()
    assert (piece.story != "Mine.", piece.hours) == (True, 9)


def test_a_mistake_keeps_what_was_typed_about_files_and_saves_none_of_it(partner, piece, photograph, signed_in):
    sent = opened(
        signed_in(partner), piece, hours="N/A", **{f"caption_{photograph.pk}": "Mine", f"people_{photograph.pk}": "yes"}
    )
    answer = signed_in(partner).post(edit_url(piece), sent)
    assert answer.status_code == 422
    about = answer.context["files"][0]["about"]
    assert (about.caption, about.shows_people) == ("Mine", True)
    photograph.refresh_from_db()
    assert (photograph.caption, photograph.shows_people) == ("At the hall", False)


def test_a_version_that_moved_without_touching_the_form_stops_nobody(partner, partner_lead, piece, signed_in):
    stale = opened(signed_in(partner), piece, title="Mine")
    for hours in ("9", None):
        signed_in(partner_lead).post(edit_url(piece), opened(signed_in(partner_lead), piece, hours=hours))
    assert signed_in(partner).post(edit_url(piece), stale).status_code == 302
    piece.refresh_from_db()
    assert (piece.title, piece.hours) == ("Mine", None)


def test_what_the_council_asked_for_meanwhile_is_read_before_saving(partner, officer, piece, signed_in):
    stale = opened(signed_in(partner), piece, title="Mine")
    services.submit_evidence(by=partner, at=timezone.now(), evidence=piece)
    services.return_evidence(by=officer, at=timezone.now(), evidence=piece, reason="Where was it?")
    rows = differences(signed_in(partner).post(edit_url(piece), stale))
    assert rows["Status"] == ("Draft", "Returned. Where was it?", "Draft")


def test_a_file_removed_meanwhile_is_named_with_what_was_typed_about_it(
    partner, partner_lead, piece, photograph, signed_in
):
    stale = opened(signed_in(partner), piece, title="Mine", **{f"caption_{photograph.pk}": "My caption"})
    services.remove_file(by=partner_lead, at=timezone.now(), file=photograph)
    rows = differences(signed_in(partner).post(edit_url(piece), stale))
    assert rows["Caption of Walk.jpg"] == ("At the hall", "", "My caption")
    assert rows["Photographs and documents"] == ("Walk.jpg", "", "Walk.jpg")


def test_a_forged_or_foreign_base_excuses_nothing(partner, partner_lead, piece, commitment, signed_in):
    other = make_evidence(partner, commitment, title="Another")
    foreign = opened(signed_in(partner), other)["base"]
    for base in ("", "x", foreign):
        stale = opened(signed_in(partner), piece, title="Mine", base=base)
        signed_in(partner_lead).post(edit_url(piece), opened(signed_in(partner_lead), piece, hours="9"))
        signed_in(partner_lead).post(edit_url(piece), opened(signed_in(partner_lead), piece, hours=None))
        assert signed_in(partner).post(edit_url(piece), stale).status_code == 409


def test_what_was_kept_as_typed_is_compared_with_the_version_it_began_from(partner, partner_lead, piece, signed_in):
    typed = opened(signed_in(partner), piece, title="Mine", hours="")
    assert signed_in(partner).post(edit_url(piece), {**typed, "act": "keep"}).status_code == 204
    signed_in(partner_lead).post(edit_url(piece), opened(signed_in(partner_lead), piece, hours="9"))
    reopened = opened(signed_in(partner), piece)
    assert reopened["title"] == "Mine"
    rows = differences(signed_in(partner).post(edit_url(piece), reopened))
    assert rows["Volunteer hours"] == ("", "9", "")


def test_a_file_that_came_with_a_stale_form_is_added_once(partner, partner_lead, piece, signed_in):
    stale = opened(signed_in(partner), piece, title="Mine")
    signed_in(partner_lead).post(edit_url(piece), opened(signed_in(partner_lead), piece, hours="9"))
    upload = SimpleUploadedFile("Walk.jpg", sample_files.photograph())
    answer = signed_in(partner).post(edit_url(piece), {**stale, "uploads": [upload]})
    assert answer.context["added"] == 1
    assert "The file that you chose has been added." in answer.text
    signed_in(partner).post(edit_url(piece), going_on(answer))
    assert piece.files.count() == 1


def test_services_write_all_of_a_form_or_nothing(partner, partner_lead, piece, photograph):
    now, read = timezone.now(), piece.version
    said = FileDescription(photograph.pk, caption="Mine")
    services.edit_evidence(by=partner, at=now, evidence=piece, content=None, version=read, described=[said])
    with pytest.raises(Conflict):
        services.edit_evidence(by=partner_lead, at=now, evidence=piece, content=None, version=read, described=[said])
    piece.refresh_from_db()
    assert piece.version == read + 1
    services.edit_evidence(by=partner, at=now, evidence=piece, content=None, version=piece.version, described=[said])
    piece.refresh_from_db()
    assert piece.version == read + 1, "nothing has changed"


def test_one_file_is_described_by_who_has_read_and_kept_back_by_anybody(partner, piece, photograph):
    now, read = timezone.now(), piece.version
    services.describe_file(by=partner, at=now, file=photograph, version=None, shows_people=True)
    for said in (
        {"caption": "x"}, {"page": "2"}, {"shows_people": False}, {"caption": "x", "shows_people": True},
        {"description": "x", "shows_people": True},
    ):  # fmt: skip
        with pytest.raises(Conflict):
            services.describe_file(by=partner, at=now, file=photograph, version=None, **said)
        with pytest.raises(Conflict):
            services.describe_file(by=partner, at=now, file=photograph, version=read, **said)
    piece.refresh_from_db()
    described = services.describe_file(by=partner, at=now, file=photograph, version=piece.version, shows_people=False)
    assert not described.shows_people


def test_whatever_is_done_to_an_item_raises_its_version(partner, officer, piece, photograph):
    now, seen = timezone.now(), [piece.version]

    def rises(act, **more):
        act(by=more.pop("by", partner), at=now, **more)
        piece.refresh_from_db()
        assert piece.version == seen[-1] + 1, act.__name__
        seen.append(piece.version)

    agreed = {"given_by": "Ann", "given_on": timezone.localdate(), "uses": ["portal"], "file": photograph}
    rises(consent_services.mark_people, file=photograph, shows_people=True, version=None)
    rises(consent_services.record_consent, evidence=piece, **agreed)
    rises(consent_services.withdraw_consent, consent=piece.consents.get())
    rises(consent_services.take_down, evidence=piece, asked_by="Bob", file=photograph)
    paper = check_upload("Minutes.pdf", sample_files.pdf())
    rises(services.attach_file, evidence=piece, checked=paper)
    rises(services.remove_file, file=piece.files.get(kind="document"), version=piece.version)
    rises(services.submit_evidence, evidence=piece, version=piece.version)
    rises(services.return_evidence, by=officer, evidence=piece, reason="Where?", version=piece.version)
    rises(services.withdraw_evidence, evidence=piece, version=piece.version)
    rises(services.reopen_evidence, evidence=piece, version=piece.version)


@pytest.mark.parametrize("act", ["submit", "withdraw", "reopen", "accept", "return", "remove"])
def test_an_act_on_what_was_read_is_refused_once_it_has_changed(partner, officer, commitment, act):
    state = {"submit": "draft", "remove": "draft", "reopen": "withdrawn"}.get(act, "submitted")
    piece = make_evidence(partner, commitment, state=state, officer=officer)
    now, version = timezone.now(), piece.version - 1
    acts = {
        "submit": lambda: services.submit_evidence(by=partner, at=now, evidence=piece, version=version),
        "withdraw": lambda: services.withdraw_evidence(by=partner, at=now, evidence=piece, version=version),
        "reopen": lambda: services.reopen_evidence(by=partner, at=now, evidence=piece, version=version),
        "accept": lambda: services.accept_evidence(by=officer, at=now, evidence=piece, version=version),
        "return": lambda: services.return_evidence(by=officer, at=now, evidence=piece, version=version, reason="Why?"),
        "remove": lambda: services.remove_file(
            by=partner, at=now, file=add_photograph(partner, piece), version=version
        ),
    }
    with pytest.raises(Conflict, match="has changed since you opened it"):
        acts[act]()


def test_words_are_saved_where_the_disk_takes_no_file(partner, piece, photograph, signed_in, monkeypatch):
    """The second of two files is refused: the words stand, and nothing is left of the first."""
    sent = opened(signed_in(partner), piece, title="Mine")
    before, real = set(_on_disk(photograph)), stored.store

    def full(evidence, checked):
        if checked.name == "Hall.jpg":
            raise stored.DiskRefused
        return real(evidence, checked)

    monkeypatch.setattr(stored, "store", full)
    uploads = [
        SimpleUploadedFile("Yard.jpg", sample_files.photograph(colour="#118833")),
        SimpleUploadedFile("Hall.jpg", sample_files.photograph(colour="#993366")),
    ]
    answer = signed_in(partner).post(edit_url(piece), {**sent, "uploads": uploads})
    assert answer.status_code == 422
    assert "“Hall.jpg” was left out. It could not be saved" in answer.text
    piece.refresh_from_db()
    assert (piece.title, piece.files.count()) == ("Mine", 1)
    assert set(_on_disk(photograph)) == before


def _on_disk(file):
    folder = file.content.storage.path(file.content.name).rsplit("/", 1)[0]
    return os.listdir(folder)


def test_the_back_button_makes_no_conflict_for_somebody_alone_but_another_window_does(
    partner, partner_lead, piece, signed_in
):
    client = signed_in(partner)
    first, other = opened(client, piece), opened(client, piece)
    for title in ("A walk", "A longer walk", "The longest walk"):
        assert client.post(edit_url(piece), {**first, "title": title}).status_code == 302
    piece.refresh_from_db()
    assert piece.title == "The longest walk"
    assert client.post(edit_url(piece), {**other, "title": "From another window"}).status_code == 409
    theirs = opened(signed_in(partner_lead), piece, title="Theirs")
    assert signed_in(partner_lead).post(edit_url(piece), theirs).status_code == 302
    assert client.post(edit_url(piece), {**first, "title": "Mine again"}).status_code == 409
