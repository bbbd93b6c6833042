"""The forms to correct a person's name and address, and to confirm a new address."""

from django import forms

from partners.forms.invitations import AddressField, NameField


class PersonForm(forms.Form):
    """A person's name, and the address that they sign in with."""

    name = NameField(label="Full name", error_messages={"required": "Enter their full name."})
    email = AddressField(
        label="Email address",
        help_text="A new address gets a code. It takes effect once the person has entered the code; until then the old one works.",
    )


class ConfirmAddressForm(forms.Form):
    """The new address and the code that was sent to it."""

    email = AddressField(label="Your new email address")
    code = forms.CharField(
        label="Code",
        max_length=20,
        help_text="8 digits, for example 1234-5678.",
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "govuk-input--width-10"}
        ),
        error_messages={"required": "Enter the code from the email.", "max_length": "The code has 8 digits."},
    )
