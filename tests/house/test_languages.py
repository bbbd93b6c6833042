"""Languages: their tags, and what says them on a page."""

import pytest

from vcsportal.common import languages
from vcsportal.common.words import Refused


@pytest.mark.parametrize(
    ("written", "kept"),
    [("cy", "cy"), (" CY ", "cy"), ("EN-gb", "en-GB"), ("zh-hant", "zh-Hant"), ("ZH-HANT-hk", "zh-Hant-HK"), ("", ""),
     ("es-419", "es-419"), ("ca-ES-valencia", "ca-ES-valencia")],
)  # fmt: skip
def test_a_tag_is_kept_as_the_standard_writes_it(written, kept):
    assert languages.check_language(written) == kept


@pytest.mark.parametrize(
    "wrong", ["Welsh", "c", "cy_GB", "cy-", 'cy" onclick="x', "cy GB", "ca-" + "-".join(["valencia"] * 5)]
)
def test_what_is_no_tag_is_refused_with_an_example(wrong):
    with pytest.raises(Refused, match=r"is not a language code\. Use one such as cy for Welsh"):
        languages.check_language(wrong)


def test_every_language_that_is_offered_has_a_sound_tag_and_a_name_of_its_own():
    assert len(languages.LANGUAGES) > 40
    assert all(languages.check_language(tag) == tag for tag, _ in languages.LANGUAGES)
    names = [name for _, name in languages.LANGUAGES]
    assert names == sorted(set(names))
    assert languages.LANGUAGE_CHOICES[0] == ("", "English, or more than one language")
    assert languages.PORTAL not in dict(languages.LANGUAGE_CHOICES)


@pytest.mark.parametrize(
    ("tag", "said"),
    [("cy", ' lang="cy"'), ("ar", ' lang="ar" dir="rtl"'), ("ur", ' lang="ur" dir="rtl"'), ("pa", ' lang="pa"'),
     ("pa-Arab", ' lang="pa-Arab" dir="rtl"'), ("ckb-Latn", ' lang="ckb-Latn"'), ("", ""), ("en-GB", "")],
)  # fmt: skip
def test_a_language_is_said_with_its_direction_and_the_portals_own_is_not(tag, said):
    assert languages.attributes(tag) == said


def test_words_are_marked_and_stay_escaped():
    assert languages.marked("Tŷ <b>", "cy") == '<span lang="cy">Tŷ &lt;b&gt;</span>'
    assert languages.marked("A house <b>", "") == "A house <b>"


def test_a_tag_that_the_list_lacks_stays_on_offer_where_it_was_chosen():
    assert languages.with_own("br")[-1] == ("br", "br")
    assert languages.with_own("cy") == list(languages.LANGUAGE_CHOICES)
    assert languages.with_own("en-GB")[-1] == ("en-GB", "English")
    assert (languages.name_of("cy"), languages.name_of("br"), languages.name_of("")) == ("Welsh", "br", "")
