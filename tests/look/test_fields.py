"""Form fields are built as GOV.UK's own examples are, and say what is wrong with them."""

import pytest
from django import forms
from django.conf import settings
from django.template.loader import render_to_string

from commitments.rules.status import BY_CODE
from tests.as_read import as_read
from tests.look.outline import bones
from vcsportal.common.widgets import Checkboxes, Radios, TextBox
from vcsportal.style_guide import SampleForm

EXAMPLES = settings.BASE_DIR / "node_modules" / "govuk-frontend" / "dist" / "govuk" / "components"
YES_NO = [("yes", "Yes"), ("no", "No")]


def example(component: str, name: str = "default") -> list[str]:
    return bones((EXAMPLES / component / f"template-{name}.html").read_text())


def one(field: forms.Field, data: dict[str, object] | None = None) -> str:
    """The HTML of a form with one field named ``it``."""

    class One(forms.Form):
        it = field

    return as_read(str(One(data)))


@pytest.mark.parametrize(
    ("field", "data", "component", "name"),
    [
        (forms.CharField(label="Name"), None, "input", "default"),
        (forms.CharField(label="Name", help_text="A hint."), None, "input", "with-hint-text"),
        (forms.CharField(label="Name"), {}, "input", "with-error-message"),
        (forms.CharField(widget=forms.Textarea), None, "textarea", "default"),
        (forms.CharField(widget=forms.Textarea), {}, "textarea", "with-error-message"),
        (forms.ChoiceField(choices=[("1", "1"), ("2", "2"), ("3", "3")]), None, "select", "default"),
        (forms.FileField(), None, "file-upload", "default"),
        (forms.FileField(help_text="A hint.", required=True), {}, "file-upload", "with-error-message-and-hint"),
        (forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect), None, "radios", "default"),
        (
            forms.ChoiceField(choices=YES_NO, widget=Radios(hints={"yes": "One.", "no": "Two."})),
            None,
            "radios",
            "with-hints-on-items",
        ),
        (
            forms.MultipleChoiceField(choices=[*YES_NO, ("m", "M")], widget=forms.CheckboxSelectMultiple),
            None,
            "checkboxes",
            "default",
        ),
        (forms.MultipleChoiceField(choices=[*YES_NO, ("m", "M")]), None, "checkboxes", "default"),
    ],
)
def test_a_field_has_the_bones_of_gov_uk_s_example(field, data, component, name):
    wanted = [line for line in example(component, name) if not line.strip().startswith("h1")]
    found = bones(one(field, data))
    ours = [line.replace(" govuk-js-character-count", "") for line in found]
    assert [line.strip() for line in ours] == [line.strip() for line in wanted]


def test_a_field_that_is_wrong_points_at_its_hint_and_its_message():
    html = one(forms.CharField(label="Name", help_text="A hint."), {})
    assert 'aria-describedby="id_it_helptext id_it_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_it_error"><span class="govuk-visually-hidden">Error:</span>' in html
    assert "govuk-form-group--error" in html
    assert "govuk-input--error" in html


def test_a_group_that_is_wrong_says_so_at_its_legend():
    html = one(forms.ChoiceField(label="Choose", help_text="A hint.", choices=YES_NO, widget=forms.RadioSelect), {})
    assert '<fieldset class="govuk-fieldset" aria-describedby="id_it_helptext id_it_error">' in html


def test_the_browser_s_own_rules_are_left_out_and_nothing_typed_is_cut():
    html = one(forms.CharField(max_length=5, min_length=2)) + one(forms.IntegerField(min_value=1, max_value=9))
    for rule in ("required", "maxlength", "minlength", "min=", "max=", "step="):
        assert rule not in html


def test_what_was_typed_is_kept_even_where_it_is_no_number():
    html = one(forms.IntegerField(), {"it": "about <forty>"})
    assert 'type="text" inputmode="numeric"' in html
    assert 'value="about &lt;forty&gt;"' in html
    assert 'inputmode="decimal"' in one(forms.DecimalField(decimal_places=2))


def test_a_date_is_one_box_for_words():
    assert 'type="text" name="it"' in one(forms.DateField(), {"it": "12 March 2025"})


def test_a_text_box_with_a_limit_counts_and_does_not_cut():
    html = one(forms.CharField(widget=TextBox(limit=1500, rows=8)), {"it": "x" * 2000})
    assert 'data-module="govuk-character-count" data-maxlength="1500"' in html
    assert 'id="id_it-info"' in html
    assert "You can write up to 1,500 characters" in html
    assert 'rows="8"' in html
    assert "cols" not in html
    assert "x" * 2000 in html


def test_a_choice_can_show_a_status_with_its_definition():
    status = BY_CODE["at_risk"]
    field = forms.ChoiceField(
        choices=[(status.code, status.label)], widget=Radios(hints={status.code: status.definition}, statuses=BY_CODE)
    )
    html = one(field, {"it": "at_risk"})
    assert "app-shape--at-risk" in html
    assert status.definition in html
    assert 'value="at_risk" checked aria-describedby="id_it_0_hint"' in html


def test_choices_in_groups_keep_their_groups_and_have_ids_of_their_own():
    grouped = [("North", [("a", "A"), ("b", "B")]), ("South", [("c", "C")])]
    html = one(forms.MultipleChoiceField(choices=grouped, widget=Checkboxes()), {"it": ["b"]})
    ids = [part.split('"')[0] for part in html.split(' id="')[1:]]
    assert len(ids) == len(set(ids)) == 3
    assert ids[0] == "id_it_0"
    assert html.count("app-choices__group") == 2
    assert html.count(" checked") == 1
    assert '<optgroup label="North">' in one(forms.ChoiceField(choices=grouped))


def test_a_file_that_is_there_already_is_named_and_can_be_removed():
    class Kept:
        url = "/files/1"

        def __str__(self) -> str:
            return "plan.pdf"

    class Upload(forms.Form):
        it = forms.FileField(required=False, initial=Kept())

    html = as_read(str(Upload()))
    assert "plan.pdf is here already" in html
    assert 'name="it-clear"' in html
    assert "/files/1" not in html


def test_hidden_fields_say_nothing():
    html = one(forms.CharField(widget=forms.HiddenInput(attrs={"class": "x"})), {"it": "7"})
    assert bones(html) == ["input type=hidden x"]


def test_one_question_a_page_has_its_label_as_the_heading():
    form = SampleForm()
    text = as_read(
        render_to_string("components/_field.html", {"field": form["title"], "size": "l", "page_heading": True})
    )
    group = as_read(
        render_to_string("components/_field.html", {"field": form["status"], "size": "l", "page_heading": True})
    )
    assert '<h1 class="govuk-label-wrapper"><label class="govuk-label govuk-label--l"' in text
    assert '<h1 class="govuk-fieldset__heading">' in group


def test_each_line_of_the_error_summary_leads_to_a_control_of_the_form():
    form = SampleForm({})
    form.full_clean()
    form.add_error(None, "Somebody else was first.")
    summary = as_read(render_to_string("components/_error_summary.html", {"form": form}))
    links = [part.split('"')[0] for part in summary.split('href="#')[1:]]
    assert len(links) == 8
    page = as_read(str(form))
    assert [link for link in links if f' id="{link}"' not in page] == []
    assert "<li>Somebody else was first.</li>" in summary
    assert bones(summary)[:3] == example("error-summary")[:3]
