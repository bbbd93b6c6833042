"""The second step at sign-in, as the library runs it, but for people whose identity provider has asked for one already."""

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from partners.sign_in.authentication_records import SECOND_STEP_AT_PROVIDER


class SecondStepStage(AuthenticateStage):
    """Asks for the app or key, unless the council's provider has proved a second factor and is trusted to do so."""

    def _should_handle(self, request: HttpRequest) -> bool:
        records = get_authentication_records(request, self.login.user)
        if any(record.get("method") == SECOND_STEP_AT_PROVIDER for record in records):
            return False
        return bool(super()._should_handle(request))
