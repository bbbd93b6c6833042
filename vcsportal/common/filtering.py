"""What every FilterSet shares: a value that it can't use is refused with the portal's own sentences, on pages and in
the API."""

from typing import Any, Final

import django_filters
from django import forms

CHOOSE: Final = "Choose one from the list, or leave it out."
NOT_OFFERED: Final = f"“%(value).60s” is not one of the choices here. {CHOOSE}"
NOT_A_NUMBER: Final = "Write a whole number, such as 2, or leave it out."
NOT_A_DAY: Final = "Write a day such as 2026-03-12, or leave it out."
TOO_LARGE: Final = "This number looks too large. Check it."
SENTENCES: Final = {
    "invalid_choice": NOT_OFFERED,
    "invalid_list": "Choose from the list, or leave it out.",
    "max_length": "Write %(limit_value)d characters at most. This has %(show_value)d.",
    "null_characters_not_allowed": "The text contains a character that can't be read. Type it again.",
    "min_value": "Write %(limit_value)s or more, or leave it out.",
    "max_value": "Write %(limit_value)s or less, or leave it out.",
    "max_digits": TOO_LARGE,
    "max_decimal_places": NOT_A_NUMBER,
    "max_whole_digits": TOO_LARGE,
}
"""By the code under which Django's fields and validators know what is wrong."""


class Filters(django_filters.FilterSet):
    """A FilterSet that explains what is wrong with a value."""

    @property
    def form(self) -> Any:
        """The form that reads the values, with our sentences in the place of Django's."""
        form = super().form
        for field in form.fields.values():
            field.error_messages.update(SENTENCES)
            if isinstance(field, forms.IntegerField | forms.DecimalField):
                field.error_messages["invalid"] = NOT_A_NUMBER
            if isinstance(field, forms.DateField):
                field.error_messages["invalid"] = NOT_A_DAY
        return form
