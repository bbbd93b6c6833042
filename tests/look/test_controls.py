"""Controls of forms are drawn by functions, every kind of them, and never by Django's own plain templates."""

import datetime

import pytest
from django import forms

INPUTS = (
    forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.ColorInput, forms.SearchInput, forms.TelInput,
    forms.PasswordInput, forms.DateInput, forms.DateTimeInput, forms.TimeInput, forms.SplitDateTimeWidget,
)  # fmt: skip


def draw(widget: forms.Widget, value: object = None, **attrs: object) -> str:
    field = forms.Field(widget=widget, required=True, label="What?")
    form = type("Form", (forms.Form,), {"it": field})(initial={"it": value})
    return str(form["it"].as_widget(attrs=attrs))


@pytest.mark.parametrize("kind", INPUTS)
def test_every_kind_of_box_has_the_patterns_class_and_none_of_the_browsers_rules(kind):
    html = draw(kind(), maxlength="9", **{"aria-invalid": "true"})
    assert "govuk-input" in html
    assert "govuk-input--error" in html
    assert "maxlength" not in html
    assert " required" not in html


def test_values_are_escaped_and_stay_as_they_are():
    unsafe = "<b>\"'&"
    assert 'value="&lt;b&gt;&quot;&#x27;&amp;"' in draw(forms.TextInput(), unsafe)
    assert 'value="&lt;b&gt;&quot;&#x27;&amp;"' in draw(forms.HiddenInput(), unsafe)
    assert ">\n&lt;b&gt;&quot;&#x27;&amp;</textarea>" in draw(forms.Textarea(), unsafe)
    assert 'value="0"' in draw(forms.NumberInput(), 0)
    assert "value=" not in draw(forms.TextInput())
    assert 'value="2026-03-12"' in draw(forms.DateInput(format="%Y-%m-%d"), datetime.date(2026, 3, 12))


def test_choices_are_drawn_in_the_pattern():
    choices = [("a", "A & B"), ("c", "C")]
    assert "govuk-select" in draw(forms.Select(choices=choices), "c")
    assert '<option value="c" selected>' in draw(forms.Select(choices=choices), "c")
    for kind, name in ((forms.RadioSelect, "radios"), (forms.CheckboxSelectMultiple, "checkboxes")):
        html = draw(kind(choices=choices), ["c"])
        assert html.count(f'class="govuk-{name}__input"') == 2
        assert "A &amp; B" in html
        assert html.count(" checked") == 1
    assert "govuk-checkboxes__input" in draw(forms.SelectMultiple(choices=choices), ["a"])
    assert "govuk-checkboxes__input" in draw(forms.CheckboxInput())


def test_what_no_function_draws_still_has_its_template():
    assert "govuk-file-upload" in draw(forms.FileInput())
    assert "govuk-file-upload" in draw(forms.ClearableFileInput())
