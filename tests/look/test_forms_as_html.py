"""Questions and choices are drawn by functions: whatever stands in them comes out as text, and the form says what is wrong."""

from django import forms

from tests.as_read import as_read
from vcsportal.common.field_html import draw_field
from vcsportal.common.widgets import Checkboxes, Radios

SHARP = """<b>&"'</b>"""
SAFE = "&lt;b&gt;&amp;&quot;&#x27;&lt;/b&gt;"


class Sharp(forms.Form):
    title = forms.CharField(label=SHARP)
    agreed = forms.BooleanField(label=SHARP)
    one = forms.ChoiceField(label=SHARP, choices=[("", "Choose"), (SHARP, SHARP), (SHARP, [(SHARP + "2", SHARP)])])
    radio = forms.ChoiceField(label=SHARP, choices=[(SHARP, SHARP)], widget=Radios(hints={SHARP: SHARP}))
    several = forms.MultipleChoiceField(label=SHARP, choices=[(SHARP, [("a", SHARP)])], widget=Checkboxes())


def test_labels_values_hints_and_headings_are_escaped_once():
    for name, times in (("title", 1), ("agreed", 1), ("one", 6), ("radio", 4), ("several", 3)):
        drawn = str(draw_field(Sharp()[name]))
        assert "<b>" not in drawn, name
        assert drawn.count(SAFE) == times, (name, drawn)
        assert "&amp;lt;" not in drawn, "nothing is escaped twice"


def test_what_was_chosen_and_what_is_wrong_are_shown():
    form = Sharp({"one": SHARP, "several": ["b"], "radio": SHARP})
    assert " selected>" in str(draw_field(form["one"]))
    assert " checked" in str(draw_field(form["radio"]))
    drawn = as_read(str(draw_field(form["several"])))
    assert "govuk-form-group--error" in drawn
    assert 'aria-describedby="id_several_error"' in drawn
    assert 'id="id_several_0"' in drawn, "the error summary leads to the first choice"
