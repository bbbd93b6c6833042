"""The nouns of a strategy's kind in the labels, hints and errors of a form."""

from django import forms

from commitments.rules.kinds import GENERAL, Nouns


def use_nouns(form: forms.BaseForm, nouns: Nouns) -> None:
    """Put the nouns of a strategy into what the form's fields say. Choices stay as they are: they are people's own words.

    :param form: one whose fields are written with the general words. They are its own copies, so no other form changes.
    """
    if nouns == GENERAL:
        return
    for field in form.fields.values():
        field.label = nouns.reworded(str(field.label)) if field.label else field.label
        field.help_text = nouns.reworded(str(field.help_text)) if field.help_text else field.help_text
        field.error_messages = {code: nouns.reworded(str(said)) for code, said in field.error_messages.items()}
        if hints := getattr(field.widget, "hints", None):
            field.widget.hints = {value: nouns.reworded(hint) for value, hint in hints.items()}
