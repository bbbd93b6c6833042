"""Words that run from right to left keep their place on every page, and what is typed or handed out stays as it is."""

import pytest
from django.http import FileResponse, HttpResponse, StreamingHttpResponse

from vcsportal.common.right_to_left import RightToLeftMiddleware, isolate


@pytest.mark.parametrize(
    ("html", "isolated"),
    [
        ("<p>By مركز الأمل 12 March</p>", "<p>By <bdi>مركز الأمل</bdi> 12 March</p>"),
        ("<p>(שלום), next</p>", "<p>(<bdi>שלום</bdi>), next</p>"),
        ("<p>މި 1 މި</p>", "<p><bdi>މި</bdi> 1 <bdi>މި</bdi></p>"),
        ('<a title="مركز">Łódź</a>', '<a title="مركز">Łódź</a>'),
        ("<title>مركز</title><TEXTAREA>مركز</TEXTAREA><option>مركز</option>", "<title>مركز</title><TEXTAREA>مركز</TEXTAREA><option>مركز</option>"),
        ("<bdi>مركز</bdi><script>'مركز'</script><!-- مركز -->", "<bdi>مركز</bdi><script>'مركز'</script><!-- مركز -->"),
    ],
)  # fmt: skip
def test_words_are_kept_apart_where_they_are_shown(html, isolated):
    assert isolate(html) == isolated
    assert isolate(isolated) == isolated


def sent(response, rf):
    return RightToLeftMiddleware(lambda request: response)(rf.get("/"))


def test_a_page_goes_out_with_them_apart_and_says_its_new_length(rf):
    page = HttpResponse("<p>By مركز 12</p>")
    page["Content-Length"] = str(len(page.content))
    out = sent(page, rf)
    assert out.content.decode() == "<p>By <bdi>مركز</bdi> 12</p>"
    assert out["Content-Length"] == str(len(out.content))
    assert sent(HttpResponse("<p>Łódź Մենք</p>"), rf).content.decode() == "<p>Łódź Մենք</p>"


def test_what_is_no_page_stays_byte_for_byte(rf):
    words = "<p>مركز</p>"
    assert sent(HttpResponse(words, content_type="application/json"), rf).content.decode() == words
    file = HttpResponse(words)
    file["Content-Disposition"] = 'attachment; filename="report.html"'
    assert sent(file, rf).content.decode() == words
    assert b"".join(sent(StreamingHttpResponse([words.encode()]), rf)).decode() == words
    assert issubclass(FileResponse, StreamingHttpResponse)


@pytest.mark.django_db
def test_a_commitment_s_page_isolates_a_name_and_its_form_does_not(commitment, client):
    commitment.wording = "مركز الأمل (12)"
    commitment.save()
    assert "<bdi>مركز الأمل</bdi> (12)" in client.get(commitment.get_absolute_url()).text
