"""Templates of emails. Each ``{{ value }}`` in them is escaped as :mod:`partners.emails.values` says, by default.

They are compiled by an engine of their own (``TEMPLATES`` in the settings), so that nobody has to remember a filter.
"""

from typing import Any, Final

from django import template
from django.template.base import Template, VariableNode, render_value_in_context
from django.template.context import Context
from django.template.loaders import cached

from partners.emails import values

ENGINE: Final = "emails"
"""The engine's name in the settings, for ``render_to_string(..., using=ENGINE)``."""
register = template.Library()


class MailVariable(VariableNode):
    """A ``{{ value }}`` of an email."""

    def render(self, context: Context) -> str:
        value = self.filter_expression.resolve(context)
        if not isinstance(value, values.Markdown):
            value = render_value_in_context(value, context)
        return values.in_email(value, {name: context.get(name) for name in values.OWN})


class Loader(cached.Loader):
    """Loads templates, those that are included or extended too, and makes each ``{{ value }}`` a :class:`MailVariable`."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        found = super().get_template(template_name, skip)
        for node in found.nodelist.get_nodes_by_type(VariableNode):
            node.__class__ = MailVariable
        return found


@register.filter
def quoted(words: Any) -> values.Markdown:
    """Return what a person wrote in several lines as a quotation, for a line of its own in the template."""
    return values.quoted(str(words or ""))
