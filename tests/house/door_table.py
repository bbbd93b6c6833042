"""The table of doors. Read it as an auditor would: who gets in, by reading and by writing."""

from reporting.services.following_emails import address_to_confirm, address_to_stop
from tests.factories import make_area, make_edition, make_round
from tests.house import report_facts
from tests.house.doors import Door
from tests.house.world import World

ALL_IN, NO_WRITE = "200", "405"
READ_ONLY = NO_WRITE  # nobody is asked to sign in for what nobody can do


def _last_part(address: str) -> str:
    return address.rstrip("/").rsplit("/", 1)[-1]


def _strategy(world: World) -> list[object]:
    return [world.strategy.slug]


def _commitment(world: World) -> list[object]:
    return [world.strategy.slug, "thing-1-1"]


def _round(world: World) -> list[object]:
    return [world.strategy.slug, world.open_round.slug]


def _round_that_asks(world: World) -> list[object]:
    return [world.strategy.slug, world.owed().round.slug]


def _planned(world: World) -> list[object]:
    return ["second", world.planned_round().slug]


def _action(world: World) -> list[object]:
    return [world.strategy.slug, "thing-1-1", world.things["action"].pk]


def _part(world: World) -> list[object]:
    world.delivered_by_outsider()
    return [*_commitment(world), world.commitment.delivery_partners.latest("id").pk]


def _indicator(world: World) -> list[object]:
    return [world.strategy.slug, world.indicator().code]


def _counted(world: World) -> list[object]:
    """A strategy in which something is counted that the charity helps to deliver."""
    world.indicator()
    return [world.strategy.slug]


def _own(state: str):
    return lambda world: [world.evidence(state).pk]


def _case_study(state: str):
    return lambda world: [world.case_study(state).evidence_id]


def _file(world: World) -> list[object]:
    piece = world.evidence("draft")
    return [piece.pk, world.photograph(piece).pk]


def _consented(world: World) -> list[object]:
    piece = world.evidence("accepted")
    return [piece.pk, world.consent(piece).pk]


def _said(world: World) -> list[object]:
    return [world.draft_update().pk]


def _sent(world: World) -> list[object]:
    return [world.sent_update().pk]


def _response_in_api(world: World) -> list[object]:
    return [world.strategy.slug, world.response().pk]


def _sent_in_api(world: World) -> list[object]:
    return [world.strategy.slug, world.sent_update().commitment.key, world.open_round.slug]


def _queue(world: World) -> list[object]:
    """An address without arguments, with something that waits behind it: an item of evidence, an update confirmed."""
    world.evidence("submitted")
    world.sent_update(confirms=True)
    return []


def _county_figure(world: World) -> list[object]:
    return [world.county_figure().pk]


def _figure_source(world: World) -> list[object]:
    figure = world.county_figure()
    return [figure.pk, figure.values.values_list("source__slug", flat=True).get()]


def _award(world: World) -> list[object]:
    return [world.award().pk]


def _charity(world: World) -> list[object]:
    return [world.things["charity"].slug]


def _listed(world: World) -> list[object]:
    return [world.listed().slug]


def _group(world: World) -> list[object]:
    return [world.appointment().seat.group.organisation.slug]


def _seat(world: World) -> list[object]:
    return [*_group(world), world.appointment().seat.number]


def _edition(world: World) -> list[object]:
    return [world.edition().pk]


def _proposed(world: World) -> list[object]:
    """The proposal of somebody else to publish the edition."""
    return [world.proposal().pk]


def _publishable(world: World) -> list[object]:
    """An edition of a round that is closed."""
    closed = world.strategy.rounds.filter(state="closed").first() or make_round(world.strategy, years_ago=1)
    return [make_edition(round_=closed, by=world.person("officer")).pk]


def _sealed(world: World) -> list[object]:
    return [make_edition(round_=world.open_round, by=world.person("officer"), published=True).pk]


def _told(world: World) -> list[object]:
    return [report_facts.edition(world).pk]


def _published(world: World) -> list[object]:
    report_facts.edition(world, published=True)
    return _round_of_report(world)


def _round_of_report(world: World) -> list[object]:
    return [world.strategy.slug, world.open_round.slug]


def _section(world: World) -> list[object]:
    return [*_round_of_report(world), "foreword"]


def _comment(world: World) -> list[object]:
    return [world.comment().pk]


def _delivered(world: World) -> list[object]:
    world.delivered_by_outsider()
    return _commitment(world)


def _viewed(world: World) -> list[object]:
    world.view_of_outsider()
    return _commitment(world)


def _from_a_mail(world: World) -> list[object]:
    return [world.link_from_a_mail()]


def _point(world: World) -> list[object]:
    return [world.point().pk]


def _meeting(world: World) -> list[object]:
    return [world.meeting().pk]


def _risk(world: World) -> list[object]:
    return [world.strategy.slug, world.risk().key]


def _risk_in_round(world: World) -> list[object]:
    return [world.open_round.strategy.slug, world.risk().key]


def _plan(world: World) -> list[object]:
    return [world.plan_upload().pk]


def _charter(world: World) -> list[object]:
    return [world.charter().slug]


def _signatory(world: World) -> list[object]:
    return [world.signatory().pk]


def _charter_signatory(world: World) -> list[object]:
    return [world.charter().slug, world.signatory().pk]


def _engagement(state: str):
    return lambda world: [world.engagement(state).pk]


# People:                anonymous nobody outsider partner steering officer administrator
PUBLIC = [
    Door("commitments:home", ALL_IN, NO_WRITE),
    Door("commitments:strategies", ALL_IN, NO_WRITE),
    Door("commitments:all-commitments", "302", NO_WRITE),
    Door("commitments:glance", ALL_IN, NO_WRITE, _strategy),
    Door("commitments:priority", ALL_IN, NO_WRITE, lambda world: [world.strategy.slug, 1]),
    Door("commitments:commitment-list", ALL_IN, NO_WRITE, _strategy),
    Door("reporting:changes", ALL_IN, NO_WRITE, _strategy),
    Door("commitments:commitment", ALL_IN, NO_WRITE, _commitment),
    Door("commitments:commitment-card", ALL_IN, NO_WRITE, _commitment),
    Door("commitments:commitment-badge", ALL_IN, NO_WRITE, _commitment),
    Door("commitments:actions", ALL_IN, NO_WRITE, _commitment),
    Door("commitments:action", ALL_IN, NO_WRITE, _action),
    Door("commitments:evidence-list", ALL_IN, NO_WRITE),
    Door("commitments:districts", ALL_IN, NO_WRITE),
    Door("commitments:district", ALL_IN, NO_WRITE, lambda world: [make_area().gss_code]),
    Door("partners:organisation-list", ALL_IN, NO_WRITE),
    Door("partners:organisation", ALL_IN, NO_WRITE, _charity),
    Door("partners:group-list", ALL_IN, NO_WRITE),
    Door("partners:roles", ALL_IN, NO_WRITE),
    Door("accessibility", ALL_IN, NO_WRITE),
    Door("cookies", ALL_IN, NO_WRITE),
    Door("privacy", ALL_IN, NO_WRITE),
    Door("session", ALL_IN, ALL_IN),
    Door("search", ALL_IN, NO_WRITE, query="?q=called"),
    Door("open-data", ALL_IN, NO_WRITE),
    Door("dataset", ALL_IN, NO_WRITE, lambda world: ["evidence"]),
    Door("snapshots", ALL_IN, NO_WRITE),
    Door("snapshot", ALL_IN, NO_WRITE, lambda world: [str(world.snapshot().day)]),
    Door("grants-360giving", ALL_IN, NO_WRITE, lambda world: ["json"]),
    Door("dataset-file", ALL_IN, NO_WRITE, lambda world: ["evidence", "csv"]),
    Door("help", ALL_IN, NO_WRITE),
    Door("help-page", ALL_IN, NO_WRITE, lambda world: ["partners"]),
    Door("partners:complain", ALL_IN, "422"),
    Door("partners:complaint-received", ALL_IN, NO_WRITE, lambda world: [world.acknowledgement()]),
    Door("partners:joining", ALL_IN, "422", _listed),
    Door("partners:joining-sent", ALL_IN, NO_WRITE, _listed),
    Door("partners:standing", "login 403 403 403 403 200 200", "login 403 403 403 403 422 422", _listed),
    Door("partners:removal", "login 403 403 403 403 200 200", "login 403 403 403 403 422 422", _listed),
    Door("partners:joining-requests", "login 403 403 403 403 403 200", NO_WRITE),
    Door("partners:joining-request", "login 403 403 403 403 403 200", "login 403 403 403 403 403 422",
         lambda world: [world.joining_request().pk]),
    Door("partners:complaints", "login 403 403 403 403 403 200", NO_WRITE),
    Door("partners:complaint", "login 403 403 403 403 403 200", "login 403 403 403 403 403 422",
         lambda world: [world.complaint().pk]),
    Door("my-data", "login 200 200 200 200 200 200", "login 200 200 200 200 200 200"),
    Door("person-data", "login 403 403 403 403 403 200", "login 403 403 403 403 403 200",
         lambda world: [world.person("partner").pk]),
    Door("person-erase", "login 403 403 403 403 403 200", "login 403 403 403 403 403 422",
         lambda world: [world.gone().pk]),
    Door("backups", "login 403 403 403 403 403 200", NO_WRITE),
    Door("privacy-removals", "login 403 403 403 403 403 200", NO_WRITE),
    Door("brand-css", ALL_IN, NO_WRITE),
    Door("security-txt", ALL_IN, NO_WRITE),
    Door("favicon", "302", NO_WRITE),
    Door("robots-txt", ALL_IN, NO_WRITE),
    Door("sitemap", ALL_IN, NO_WRITE),
    Door("board-picture", ALL_IN, NO_WRITE, _strategy),
    Door("following:feed", ALL_IN, NO_WRITE),
    Door("following:strategy-feed", ALL_IN, NO_WRITE, _strategy),
    Door("following:commitment-feed", ALL_IN, NO_WRITE, _commitment),
    Door("following:organisation-feed", ALL_IN, NO_WRITE, _charity),
    Door("following:follow", ALL_IN, "422"),
    Door("following:follow-sent", ALL_IN, NO_WRITE),
    Door("following:confirm", ALL_IN, "302", lambda world: [_last_part(address_to_confirm(world.follow()))]),
    Door("following:stop", ALL_IN, "302", lambda world: [_last_part(address_to_stop(world.follow().follower_id))]),
    Door("following:counts", "login 403 403 403 403 403 200", NO_WRITE),
    Door("following:own-calendar", ALL_IN, NO_WRITE, lambda world: [world.calendar_secret()]),
    Door("partners:personal-calendar", "login 200 200 200 200 200 200", "login 200 200 200 200 200 200"),
    Door("following:strategy-calendar", ALL_IN, NO_WRITE, _strategy),
    Door("following:group-calendar", ALL_IN, NO_WRITE, _group),
    Door("healthz", ALL_IN, NO_WRITE),
    # No worker runs beside this table: the portal says that it is not ready.
    Door("readyz", "503", NO_WRITE),
    # The development's own pages are not there in production.
    Door("dev-look", "404", NO_WRITE),
    Door("dev-mails", "404", NO_WRITE),
    Door("dev-mail", "404", NO_WRITE, lambda world: ["any.eml"]),
]  # fmt: skip
OFFICERS = [
    Door("commitments:my-work", "login 200 200 200 200 200 200", NO_WRITE),
    Door("commitments:update", "login 403 403 403 403 200 403", "login 403 403 403 403 422 403", _commitment),
    Door("commitments:update-sent", "login 403 403 403 403 302 403", NO_WRITE, _commitment),
    Door("commitments:status-change", "login 403 403 403 403 200 403", "login 403 403 403 403 422 403", _commitment),
    Door("commitments:people", "login 403 403 403 403 200 200", "login 403 403 403 403 302 302", _commitment),
    Door("commitments:success-measure", "login 403 403 403 403 200 200", "login 403 403 403 403 302 302", _commitment),
    Door("commitments:plan", "login 403 403 403 403 200 200", "login 403 403 403 403 302 302", _commitment),
    Door("commitments:assign-several", "login 403 403 403 403 200 200", "login 403 403 403 403 422 422", _strategy),
    Door("commitments:delivery", "login 403 403 403 403 200 200", "login 403 403 403 403 302 302", _commitment),
    Door("commitments:action-new", "login 403 403 403 403 200 200", "login 403 403 403 403 422 422", _commitment),
    Door("commitments:action-edit", "login 403 403 403 403 200 200", "login 403 403 403 403 422 422", _action),
    Door("commitments:action-move", "login 403 403 403 403 200 200", "login 403 403 403 403 422 422", _action),
    Door("commitments:action-done", "login 403 403 403 403 200 200", "login 403 403 403 403 422 422", _action),
    Door("commitments:action-drop", "login 403 403 403 403 200 200", "login 403 403 403 403 422 422", _action),
    Door("commitments:action-reopen", "login 403 403 403 403 200 200", "login 403 403 403 403 422 422", _action),
]
EVIDENCE = [
    Door("commitments:evidence-new", "login 403 200 200 403 200 403", "login 403 422 422 403 422 403"),
    Door("commitments:evidence", "404 404 404 200 404 404 404", NO_WRITE, _own("draft")),
    Door("commitments:evidence-edit", "login 404 404 200 404 404 404", "login 404 404 422 404 404 404", _own("draft")),
    Door(
        "commitments:evidence-submit", "login 404 404 200 404 404 404", "login 404 404 302 404 404 404", _own("draft")
    ),
    Door(
        "commitments:evidence-withdraw",
        "login 404 404 200 404 200 403",
        "login 404 404 302 404 422 403",
        _own("submitted"),
    ),
    Door(
        "commitments:evidence-reopen",
        "login 404 404 200 404 404 404",
        "login 404 404 302 404 404 404",
        _own("withdrawn"),
    ),
    Door(
        "commitments:evidence-file-add", "login 404 404 200 404 404 404", "login 404 404 422 404 404 404", _own("draft")
    ),
    Door("commitments:evidence-file", "404 404 404 200 404 404 404", NO_WRITE, _file),
    Door("commitments:evidence-file-remove", "login 404 404 200 404 404 404", "login 404 404 302 404 404 404", _file),
    Door("commitments:review", "login 403 403 403 403 200 403", "login 405 405 405 405 405 405"),
    Door("commitments:review-one", "login 403 403 403 403 200 403", "login 403 403 403 403 422 403", _own("submitted")),
]
PEOPLE_AND_PLACES = [
    Door("partners:organisation-new", "login 403 403 403 403 403 200", "login 403 403 403 403 403 422"),
    Door("partners:organisation-edit", "login 403 403 403 403 403 200", "login 403 403 403 403 403 422", _charity),
    Door("partners:group-edit", "login 403 403 403 403 403 200", "login 403 403 403 403 403 302", _group),
    Door("partners:seats", "login 403 403 403 403 403 200", NO_WRITE, _group),
    Door("partners:seat-new", "login 403 403 403 403 403 200", "login 403 403 403 403 403 422", _group),
    Door("partners:seat-edit", "login 403 403 403 403 403 200", "login 403 403 403 403 403 422", _seat),
    Door("partners:seat-end", "login 403 403 403 403 403 200", "login 403 403 403 403 403 422", _seat),
    Door("partners:appoint", "login 403 403 403 403 403 200", "login 403 403 403 403 403 422", _seat),
    Door("partners:appointment-end", "login 403 403 403 403 403 200", "login 403 403 403 403 403 422",
         lambda world: [*_seat(world), world.appointment().pk]),
    Door("partners:name-on-seat", "login 404 404 200 404 404 404", "login 404 404 302 404 404 404",
         lambda world: [world.appointment().pk]),
    Door("partners:strands", "login 403 403 403 403 403 200", NO_WRITE),
    Door("partners:strand-new", "login 403 403 403 403 403 200", "login 403 403 403 403 403 422"),
    Door("partners:strand-edit", "login 403 403 403 403 403 200", "login 403 403 403 403 403 422",
         lambda world: [world.strand().code]),
    Door("partners:people", "login 403 403 403 403 403 200", NO_WRITE),
    Door("partners:security-events", "login 403 403 403 403 403 200", NO_WRITE),
    Door("partners:security-events-export", "login 403 403 403 403 403 200", NO_WRITE),
    Door("partners:person", "login 403 403 403 403 403 200", NO_WRITE, lambda world: [world.person("partner").pk]),
    Door("partners:invite", "login 403 200 403 403 403 200", "login 403 422 403 403 403 422"),
    Door("partners:person-edit", "login 403 403 403 403 403 200", "login 403 403 403 403 403 422",
         lambda world: [world.person("partner").pk]),
    Door("partners:address-confirm", "200", "422"),
    Door("partners:invitations", "login 403 403 403 403 403 200", NO_WRITE),
    Door("partners:invitation", "login 404 404 404 404 404 200", "login 404 404 404 404 404 302",
         lambda world: [world.invitation().pk]),
    Door("partners:invitation-answer", "login 404 404 200 404 404 404", "login 404 404 302 404 404 404",
         lambda world: [world.invitation(to="partner").pk]),
    Door("partners:members", "login 404 404 404 404 404 200", NO_WRITE, _charity),
    Door("partners:domains", "login 403 403 403 403 403 200", "login 403 403 403 403 403 302", _charity),
    Door("partners:member-end", "login 404 404 404 404 404 200", "login 404 404 404 404 404 422",
         lambda world: [world.things["charity"].slug, world.person("partner").role_grants.get().pk]),
    Door("partners:role-end", "login 403 403 403 403 403 200", "login 403 403 403 403 403 302",
         lambda world: [world.person("partner_lead").role_grants.get().pk]),
    Door("partners:person-sessions", "login 403 403 403 403 403 200", "login 403 403 403 403 403 302",
         lambda world: [world.person("partner").pk]),
    Door("partners:access", "login 403 403 403 403 403 200", "login 403 403 403 403 403 422",
         lambda world: [world.person("partner_lead").pk]),
    Door("partners:second-step-recover", "login 403 403 403 403 403 200", "login 403 403 403 403 403 422",
         lambda world: [world.person("officer").pk]),
]  # fmt: skip
REPORTS = [
    Door("reporting:edition-list", ALL_IN, NO_WRITE),
    Door("reporting:edition-request", "login 403 403 403 200 200 200", "login 403 403 403 422 422 422"),
    Door("reporting:edition", "404 404 404 404 200 200 200", NO_WRITE, _edition),
    Door("reporting:edition-progress", "404 404 404 404 200 200 200", NO_WRITE, _edition),
    Door("reporting:edition-download", "404 404 404 404 200 200 200", NO_WRITE, _edition),
    Door("reporting:report", ALL_IN, NO_WRITE, _published),
    Door("reporting:report-easy", ALL_IN, NO_WRITE, _published),
    Door("reporting:edition-easy", "404 404 404 404 200 200 200", NO_WRITE, _told),
    Door("reporting:edition-read", "404 404 404 404 200 200 200", NO_WRITE, _told),
    Door("reporting:edition-photograph", "404 404 404 404 200 200 200", NO_WRITE, lambda world: [*_told(world), 1, 1]),
    Door("reporting:face", "404 404 404 404 200 200 200", NO_WRITE, lambda world: [*_edition(world), "pdf"]),
    Door("reporting:edition-retry", NO_WRITE, "login 404 404 404 409 409 409", _edition),
    Door("reporting:edition-cancel", NO_WRITE, "login 404 404 404 302 302 302", _edition),
    Door("reporting:edition-withdraw", "login 403 403 403 403 200 200", "login 403 403 403 403 422 422", _sealed),
    Door("reporting:edition-discard", "login 404 404 404 403 200 200", "login 404 404 404 403 302 302", _edition),
    Door("reporting:verify", ALL_IN, "422"),
    Door("reporting:verify-checksum", "404", NO_WRITE, lambda world: ["0" * 64]),
    Door("reporting:edition-dataset", "404 404 404 404 200 200 200", NO_WRITE, _edition),
    Door("reporting:data-schema", ALL_IN, NO_WRITE, lambda world: [1]),
    Door("reporting:edition-publish", "login 404 404 404 403 200 200", "login 404 404 404 403 422 422", _publishable),
    Door("reporting:published-files", "login 403 403 403 403 200 200", NO_WRITE),
    Door("reporting:edition-check", NO_WRITE, "login 403 403 403 403 302 302", _sealed),
    Door("reporting:proposal", "login 404 404 404 403 200 200", "login 404 404 404 403 422 422", _proposed),
    Door("reporting:proposal-cancel", NO_WRITE, "login 404 404 404 403 403 403", _proposed),
]
WRITING = [
    Door("reporting:report-write", "login 404 404 404 200 200 200", "login 404 404 404 403 302 302", _round_of_report),
    Door("reporting:report-section", "login 404 404 404 200 200 200", "login 404 404 404 403 422 422", _section),
    Door("reporting:report-section-preview", "login 404 404 404 200 200 200", NO_WRITE, _section),
    Door("reporting:report-draft", "login 404 404 404 200 200 200", NO_WRITE, _round_of_report),
    Door("reporting:report-comment", NO_WRITE, "login 404 404 404 422 422 422", _section),
    Door("reporting:report-comment-resolve", NO_WRITE, "login 404 404 404 403 302 302", _comment),
    Door("reporting:report-comment-reopen", NO_WRITE, "login 404 404 404 302 302 302", _comment),
]
# Signing in: for strangers; whoever has signed in is led on.
SIGN_IN = [
    Door("account_login", "200 302 302 302 302 302 302", "422 302 302 302 302 302 302"),
    Door("account_login_password", "200 302 302 302 302 302 302", "422 302 302 302 302 302 302"),
    Door("account_request_login_code", "login", NO_WRITE),
    Door("account_confirm_login_code", "login 302 302 302 302 302 302", "login 302 302 302 302 302 302"),
    Door("account_logout", "302 200 200 200 200 200 200", "302"),
    Door("account_reauthenticate", "login 200 200 200 200 200 200", "login 422 422 422 422 422 422"),
    Door("account_reauthenticate_provider", "login 404 404 404 404 404 404", "login 404 404 404 404 404 404"),
    Door("account_provider_login", NO_WRITE, "404"),
    Door("account_provider_callback", "404", NO_WRITE),
    Door("account_reauthenticate_code", "login 302 302 302 302 302 302", "login 302 302 302 302 302 302"),
    Door("account_change_password", "login 200 200 200 200 200 200", "login 422 422 422 422 422 422"),
    Door("account_set_password", "login 302 302 302 302 302 302", "login 302 302 302 302 302 302"),
    Door("account_reset_password", "200", "422"),
    Door("account_confirm_password_reset_code", "302", "302"),
    Door("account_complete_password_reset", "302", "302"),
    Door("account_inactive", "200", NO_WRITE),
    Door("account_signup", "login", NO_WRITE),
    Door("account_email", "login", NO_WRITE),
    Door("account_email_verification_sent", "login", NO_WRITE),
    Door("partners:sessions", "login 200 200 200 200 200 200", "login 302 302 302 302 302 302"),
    Door("partners:tokens", "login 200 200 200 200 200 200", NO_WRITE),
    Door("partners:token-new", "login 200 200 200 200 200 200", "login 422 422 422 422 422 422"),
    Door(
        "partners:token-end",
        "login 404 404 200 404 404 404",
        "login 404 404 302 404 404 404",
        lambda world: [world.token().pk],
    ),
    Door("partners:account", "login 200 200 200 200 200 200", NO_WRITE),
    Door("partners:public-name", "login 200 200 200 200 200 200", "login 302 302 302 302 302 302"),
    Door("partners:second-step", "login 302 302 302 302 302 302", NO_WRITE),
]
# Whoever signs in by a code or password only has no second step yet; having just signed in, they may add one.
AGAIN, NONE_YET = "login 302 302 302 302 302 302", "login 404 404 404 404 404 404"
UNFILLED = "login 422 422 422 422 422 422"
READ_IN, NO_POST = "login 200 200 200 200 200 200", "login 405 405 405 405 405 405"
SECOND_STEP = [
    Door("mfa_index", READ_IN, NO_POST),
    Door("mfa_list_webauthn", READ_IN, NO_POST),
    Door("mfa_authenticate", AGAIN, AGAIN),
    Door("mfa_reauthenticate", AGAIN, AGAIN),
    Door("mfa_reauthenticate_webauthn", AGAIN, AGAIN),
    Door("mfa_login_webauthn", AGAIN, AGAIN),
    Door("mfa_activate_totp", READ_IN, UNFILLED),
    Door("mfa_deactivate_totp", NONE_YET, NONE_YET),
    Door("mfa_view_recovery_codes", NONE_YET, NO_POST),
    Door("mfa_generate_recovery_codes", READ_IN, UNFILLED),
    Door("mfa_download_recovery_codes", NONE_YET, NONE_YET),
    Door("mfa_add_webauthn", READ_IN, UNFILLED),
    Door("mfa_edit_webauthn", NONE_YET, NONE_YET, lambda world: [1]),
    Door("mfa_remove_webauthn", NONE_YET, NONE_YET, lambda world: [1]),
]
# The API answers 401 to strangers who write and to nobody else; what may be read is read by all.
API = [
    Door("api:root", ALL_IN, NO_WRITE),
    Door("api:schema", ALL_IN, NO_WRITE),
    Door("api:docs", ALL_IN, NO_WRITE),
    Door("api:search", ALL_IN, NO_WRITE, query="?q=called"),
    Door("api:not-here", "404", "404", lambda world: [], "nowhere/"),
    Door("api:strategy-list", ALL_IN, READ_ONLY),
    Door("api:strategy-detail", ALL_IN, READ_ONLY, _strategy),
    Door("api:priority-list", ALL_IN, READ_ONLY, _strategy),
    Door("api:priority-detail", ALL_IN, READ_ONLY, lambda world: [world.strategy.slug, 1]),
    Door("api:commitment-list", ALL_IN, READ_ONLY, _strategy),
    Door("api:commitment-detail", ALL_IN, READ_ONLY, _commitment),
    Door("api:commitment-status", NO_WRITE, "401 403 403 403 403 400 403", _commitment),
    Door("api:commitment-plan", NO_WRITE, "401 403 403 403 403 200 200", _commitment),
    Door("api:action-list", ALL_IN, "401 403 403 403 403 400 400", _commitment),
    Door("api:action-detail", ALL_IN, READ_ONLY, _action),
    Door("api:action-move", NO_WRITE, "401 403 403 403 403 400 400", _action),
    Door("api:action-done", NO_WRITE, "401 403 403 403 403 400 400", _action),
    Door("api:action-drop", NO_WRITE, "401 403 403 403 403 400 400", _action),
    Door("api:action-reopen", NO_WRITE, "401 403 403 403 403 400 400", _action),
    Door("api:delivery-list", ALL_IN, "401 403 403 403 403 400 400", _commitment),
    Door("api:delivery-detail", ALL_IN, READ_ONLY, _part),
    Door("api:indicator-list", ALL_IN, READ_ONLY, _strategy),
    Door("api:indicator-detail", ALL_IN, READ_ONLY, _indicator),
    Door("api:indicator-value", NO_WRITE, "401 403 403 400 403 400 403", _indicator),
    Door("api:round-list", ALL_IN, READ_ONLY, _strategy),
    Door("api:round-detail", ALL_IN, READ_ONLY, lambda world: [world.strategy.slug, world.open_round.slug]),
    Door("api:update-list", ALL_IN, READ_ONLY, _strategy),
    Door("api:update-detail", "404 404 404 404 404 200 200", READ_ONLY,
         lambda world: [world.strategy.slug, "thing-1-1", world.draft_update().round.slug]),
    Door("api:evidence-list", ALL_IN, "401 403 400 400 403 400 403"),
    Door("api:evidence-rows-list", NO_WRITE, "401 403 400 400 403 400 403"),
    Door("api:evidence-detail", "404 404 404 200 404 404 404", READ_ONLY, _own("draft")),
    Door("api:evidence-submit", NO_WRITE, "401 404 404 400 404 404 404", _own("draft")),
    Door("api:evidence-accept", NO_WRITE, "401 404 404 403 404 400 403", _own("submitted")),
    Door("api:evidence-return", NO_WRITE, "401 404 404 403 404 400 403", _own("submitted")),
    Door("api:evidence-withdraw", NO_WRITE, "401 404 404 400 404 400 403", _own("submitted")),
    Door("api:evidence-reopen", NO_WRITE, "401 404 404 400 404 404 404", _own("withdrawn")),
    Door("api:evidence-file-list", "404 404 404 200 404 404 404", "401 404 404 415 404 404 404", _own("draft")),
    Door("api:evidence-file-detail", "404 404 404 200 404 404 404", READ_ONLY, _file),
    Door("api:evidence-file-remove", NO_WRITE, "401 404 404 400 404 404 404", _file),
    Door("api:district-list", ALL_IN, READ_ONLY),
    Door("api:district-detail", ALL_IN, READ_ONLY, lambda world: [make_area().gss_code]),
    Door("api:district-commitments", ALL_IN, READ_ONLY, lambda world: [make_area().gss_code]),
    Door("api:organisation-list", ALL_IN, READ_ONLY),
    Door("api:organisation-detail", ALL_IN, READ_ONLY, _charity),
    Door("api:group-list", ALL_IN, READ_ONLY),
    Door("api:group-detail", ALL_IN, READ_ONLY, _group),
    Door("api:edition-list", ALL_IN, READ_ONLY),
    Door("api:edition-detail", "404 404 404 404 200 200 200", READ_ONLY, _edition),
]  # fmt: skip
ONLY_ADMINISTRATORS = "login 403 403 403 403 403 200"
ROUNDS: list[Door] = [
    Door("commitments:all-rounds", "login 403 403 403 403 302 302", NO_WRITE),
    Door("commitments:rounds", "login 403 403 403 403 200 200", NO_WRITE, _strategy),
    Door("commitments:round-new", ONLY_ADMINISTRATORS, "login 403 403 403 403 403 422", _strategy),
    Door("commitments:round", "login 403 403 403 403 200 200", NO_WRITE, _round),
    Door("commitments:round-days", ONLY_ADMINISTRATORS, "login 403 403 403 403 403 422", _planned),
    Door("commitments:round-delete", ONLY_ADMINISTRATORS, "login 403 403 403 403 403 302", _planned),
    Door("commitments:round-open", ONLY_ADMINISTRATORS, "login 403 403 403 403 403 302", _planned),
    Door("commitments:round-end", ONLY_ADMINISTRATORS, "login 403 403 403 403 403 302", _round),
    Door("commitments:round-close", ONLY_ADMINISTRATORS, "login 403 403 403 403 403 302", _round),
    Door("commitments:round-reopen", ONLY_ADMINISTRATORS, "login 403 403 403 403 403 422",
         lambda world: [world.strategy.slug, world.closed_round().slug]),
    Door("commitments:round-nudge", ONLY_ADMINISTRATORS, "login 403 403 403 403 403 302",
         _round_that_asks),
    Door("commitments:round-task", ONLY_ADMINISTRATORS, "login 403 403 403 403 403 422",
         lambda world: [*_round(world), world.owed().owed_by_id]),
    Door("commitments:round-ask", ONLY_ADMINISTRATORS, "login 403 403 403 403 403 422",
         lambda world: [*_round(world), world.asked().organisation.slug]),
    Door("commitments:hand-over", ONLY_ADMINISTRATORS, "login 403 403 403 403 403 422",
         lambda world: [world.owed().owed_by_id]),
    Door("commitments:handed-over", "login 404 404 404 404 200 200", NO_WRITE,
         lambda world: [world.handed_over().pk]),
    Door("commitments:my-nothing", NO_WRITE, "login 404 404 302 404 404 404", lambda world: [world.asked().pk]),
    Door("partners:deputies", "login 404 404 200 404 404 200", "login 404 404 422 404 404 422",
         lambda world: [world.person("partner").pk]),
    Door("partners:deputy-end", NO_WRITE, "login 404 404 302 404 404 302",
         lambda world: [world.person("partner").pk, world.deputy().pk]),
    Door("reporting:brief", "login 404 404 404 404 200 200", NO_WRITE, lambda world: [world.handed_over().pk]),
]  # fmt: skip
UPDATES: list[Door] = [
    Door(
        "api:update-save",
        NO_WRITE,
        "401 403 403 403 403 200 403",
        lambda world: [*_commitment(world), world.open_round.slug],
    ),
    Door(
        "api:update-submit",
        NO_WRITE,
        "401 403 403 403 403 400 403",
        lambda world: [*_commitment(world), world.open_round.slug],
    ),
    Door("api:response-list", ALL_IN, READ_ONLY, _strategy),
    Door("api:response-detail", ALL_IN, READ_ONLY, _response_in_api),
    Door("api:response-save", NO_WRITE, "401 404 404 404 404 400 400", _response_in_api),
    Door("api:response-submit", NO_WRITE, "401 404 404 404 404 400 400", _response_in_api),
    Door("api:response-approve", NO_WRITE, "401 404 404 404 404 400 400", _response_in_api),
    Door("api:response-return", NO_WRITE, "401 404 404 404 404 400 400", _response_in_api),
    Door("api:update-approve", NO_WRITE, "401 404 404 404 404 400 400", _sent_in_api),
    Door("api:update-return", NO_WRITE, "401 404 404 404 404 400 400", _sent_in_api),
    Door("commitments:accept-several", "login 403 403 403 403 422 403", "login 403 403 403 403 422 403", _queue),
    Door("commitments:approvals", "login 403 403 403 403 200 200", "login 405 405 405 405 405 405"),
    Door("commitments:approve-several", "login 403 403 403 403 422 422", "login 403 403 403 403 422 422", _queue),
    Door("commitments:approval", "login 403 403 403 403 200 200", "login 403 403 403 403 422 422", _sent),
    Door("commitments:update-notes", "login 404 404 404 404 200 200", "login 404 404 404 404 422 422", _said),
    Door(
        "commitments:evidence-notes",
        "login 404 404 403 404 200 200",
        "login 404 404 403 404 422 422",
        _own("submitted"),
    ),
]
INDICATORS = [
    Door("commitments:indicator", ALL_IN, NO_WRITE, _indicator),
    Door("commitments:indicator-new", "login 403 403 403 403 200 200", "login 403 403 403 403 422 422", _commitment),
    Door("commitments:priority-indicator-new", "login 403 403 403 403 200 200", "login 403 403 403 403 422 422",
         lambda world: [world.strategy.slug, 1]),
    Door("commitments:indicator-edit", "login 403 403 403 403 200 200", "login 403 403 403 403 422 422", _indicator),
    Door("commitments:indicator-targets", "login 403 403 403 403 200 200", "login 403 403 403 403 302 302",
         lambda world: [*_indicator(world), world.open_round.slug]),
    Door("commitments:indicator-values", "login 403 403 200 403 200 403", "login 403 403 422 403 422 403",
         lambda world: [*_indicator(world), world.open_round.slug]),
    Door("commitments:values-waiting", "login 403 403 403 403 200 403", NO_WRITE),
    Door("commitments:value-review", "login 404 404 403 404 200 404", "login 404 404 403 404 422 404",
         lambda world: [world.supplied_value().pk]),
]  # fmt: skip
VOICES: list[Door] = [
    Door("commitments:view", "login 403 200 403 403 403 403", "login 403 422 403 403 403 403", _delivered),
    Door("commitments:view-withdraw", "login 403 200 403 403 403 403", "login 403 302 403 403 403 403", _viewed),
    Door("commitments:response", "login 404 404 404 404 200 200", "login 404 404 404 404 422 403",
         lambda world: [world.strategy.slug, "thing-2-1", world.response().pk]),
    Door("commitments:view-reply", "login 403 403 403 403 200 403", "login 403 403 403 403 422 403",
         lambda world: [*_viewed(world), world.delivered_by_outsider().slug]),
]  # fmt: skip
# Telling what was done one question at a time; using it again; who agreed to be shown.
CONSENTS: list[Door] = [
    Door("commitments:evidence-steps", "login 403 200 200 403 200 403", "login 403 422 422 403 422 403"),
    Door("commitments:evidence-steps-what", "login 403 200 200 403 200 403", "login 403 422 422 403 422 403"),
    Door("commitments:evidence-step", "login 404 404 200 404 404 404", "login 404 404 422 404 404 404",
         lambda world: [world.evidence("draft").pk, "what"]),
    Door("commitments:evidence-use-again", "login 404 404 200 404 200 403", "login 404 404 422 404 422 403",
         _own("accepted")),
    Door("commitments:consent-ledger", "login 403 403 403 403 200 200", "login 405 405 405 405 405 405"),
    Door("commitments:consents", "login 404 404 200 404 200 200", "login 405 405 405 405 405 405", _own("accepted")),
    Door("commitments:consent-new", "login 404 404 200 404 200 200", "login 404 404 422 404 422 422", _own("accepted")),
    Door("commitments:consent-take-down", "login 404 404 200 404 200 200", "login 404 404 422 404 422 422",
         _own("accepted")),
    Door("commitments:consent-withdraw", "login 404 404 200 404 200 200", "login 404 404 302 404 302 302", _consented),
    Door("commitments:evidence-file-people", "login 405 405 405 405 405 405", "login 404 404 302 404 404 404", _file),
    Door("commitments:case-studies", ALL_IN, NO_WRITE),
    Door("commitments:case-study", "404 404 404 200 404 200 200", "login 404 404 403 404 422 403", _case_study("submitted")),
    Door("commitments:case-study-write", "login 404 404 200 404 200 403", "login 404 404 422 404 422 403",
         _own("accepted")),
    Door("commitments:case-study-withdraw", "login 404 404 200 404 200 403", "login 404 404 422 404 422 403",
         _case_study("submitted")),
    Door("commitments:case-study-reopen", NO_WRITE, "login 404 404 302 404 403 403", _case_study("withdrawn")),
    Door("commitments:case-study-report", NO_WRITE, "login 404 404 404 404 404 404", _case_study("accepted")),
    Door("reporting:case-study-pdf", ALL_IN, NO_WRITE, _case_study("accepted")),
    Door("reporting:paper-form", ALL_IN, NO_WRITE, _commitment),
]  # fmt: skip
ANSWERS_POINTS = "login 404 404 404 404 200 200"
POINTS = [
    Door("api:point-list", ALL_IN, "401 403 403 403 403 400 400"),
    Door("api:point-detail", "404 404 404 404 404 200 200", READ_ONLY, _point),
    *(
        Door(f"api:point-{act}", NO_WRITE, "401 404 404 404 404 400 400", _point)
        for act in ("answer", "publish", "take-down", "done", "close", "reopen", "assign", "pass-on")
    ),
    Door("commitments:points", "login 403 403 403 403 200 200", NO_WRITE),
    Door("commitments:point-new", "login 403 403 403 403 200 200", "login 403 403 403 403 422 422"),
    Door("commitments:engagement-points", "login 403 403 403 403 200 200", "login 403 403 403 403 422 422", _meeting),
    Door("commitments:point", ANSWERS_POINTS, NO_WRITE, _point),
    *(
        Door(f"commitments:point-{act}", ANSWERS_POINTS, "login 404 404 404 404 422 422", _point)
        for act in ("answer", "done", "assign", "publish", "take-down", "pass-on", "close", "reopen")
    ),
    Door("commitments:you-said", ALL_IN, NO_WRITE),
    Door("commitments:tell-us", ALL_IN, "422"),
    Door("commitments:point-followed", ALL_IN, NO_WRITE, lambda world: [world.link_to_follow()]),
]
MAILS = [
    Door("commitments:hand-on", ALL_IN, "422", _from_a_mail),
    Door("commitments:hand-on-at-once", "302", "400", _from_a_mail),
]
OWN_UPLOAD = "login 403 403 403 403 404 200"
PLANS = [
    Door("commitments:plan-new", "login 403 403 403 403 200 200", "login 403 403 403 403 422 422"),
    Door("commitments:plan-columns", OWN_UPLOAD, "login 403 403 403 403 404 422", _plan),
    Door("commitments:plan-names", OWN_UPLOAD, "login 403 403 403 403 404 422", _plan),
    Door("commitments:plan-check", OWN_UPLOAD, "login 403 403 403 403 404 302", _plan),
    Door("commitments:next-steps", "login 403 403 403 403 200 200", NO_WRITE, _strategy),
]
KEEPS_IT, KEEPS_IT_WRONG = "login 403 403 403 403 200 200", "login 403 403 403 403 422 422"
ENGAGEMENT = [
    Door("commitments:engagement-list", ALL_IN, NO_WRITE),
    Door("commitments:engagement-new", KEEPS_IT, KEEPS_IT_WRONG),
    Door("commitments:engagement", ALL_IN, NO_WRITE, _engagement("held")),
    Door("commitments:engagement-edit", KEEPS_IT, KEEPS_IT_WRONG, _engagement("held")),
    Door("commitments:engagement-attendance", KEEPS_IT, KEEPS_IT_WRONG, _engagement("held")),
    Door("commitments:engagement-write-up", KEEPS_IT, KEEPS_IT_WRONG, _engagement("held")),
    Door("commitments:engagement-call-off", KEEPS_IT, KEEPS_IT_WRONG, _engagement("planned")),
    Door("commitments:engagement-hold", NO_WRITE, "login 403 403 403 403 302 302", _engagement("planned")),
    Door("commitments:engagement-reopen", NO_WRITE, "login 403 403 403 403 302 302", _engagement("written_up")),
]
CHARTERS = [
    Door("commitments:signatories", ALL_IN, NO_WRITE, _charter),
    Door("commitments:signatories-csv", ALL_IN, NO_WRITE, _charter),
    Door("commitments:signature-record", KEEPS_IT, KEEPS_IT_WRONG, _charter),
    Door("commitments:sign", "login 403 200 403 403 200 403", "login 403 302 403 403 302 403", _charter),
    Door("commitments:reaffirm", "login 403 403 200 403 200 200", "login 403 403 302 403 422 422", _signatory),
    Door("commitments:pledges", KEEPS_IT, "login 403 403 403 403 302 302", _signatory),
    Door("commitments:signature-end", KEEPS_IT, KEEPS_IT_WRONG, _signatory),
    Door("api:signatory-list", ALL_IN, "401 403 400 403 403 400 400", _charter),
    Door("api:signatory-detail", ALL_IN, READ_ONLY, _charter_signatory),
    Door("api:signatory-reaffirm", NO_WRITE, "401 403 403 200 403 400 400", _charter_signatory),
    Door("api:signatory-end", NO_WRITE, "401 403 403 403 403 400 400", _charter_signatory),
    Door("api:signatory-pledge", NO_WRITE, "401 403 403 403 403 400 400", _charter_signatory),
]
ENGAGEMENT += [
    Door("api:engagement-list", ALL_IN, "401 403 403 403 403 400 400"),
    Door("api:engagement-detail", ALL_IN, READ_ONLY, _engagement("held")),
    Door("api:meeting", "403 403 403 403 403 200 200", READ_ONLY, _meeting),
    Door("api:minutes", "403 403 403 403 403 200 200", READ_ONLY, _meeting),
    *(
        Door(f"api:engagement-{act}", NO_WRITE, "401 403 403 403 403 400 400", _engagement("held"))
        for act in ("hold", "account", "write-up", "attendance", "reopen", "call-off")
    ),
]
CASE_STUDIES = [
    Door("api:case-study-list", ALL_IN, "401 403 400 400 403 400 403"),
    Door("api:case-study-detail", ALL_IN, READ_ONLY, _case_study("accepted")),
    *(
        Door(f"api:case-study-{act}", NO_WRITE, "401 403 403 400 403 400 403", _case_study("accepted"))
        for act in ("save", "submit")
    ),
    *(
        Door(f"api:case-study-{act}", NO_WRITE, "401 404 404 403 404 400 403", _case_study("submitted"))
        for act in ("accept", "return")
    ),
    Door("api:case-study-withdraw", NO_WRITE, "401 404 404 400 404 400 403", _case_study("submitted")),
    Door("api:case-study-reopen", NO_WRITE, "401 404 404 400 404 403 403", _case_study("withdrawn")),
    Door("api:case-study-choose", NO_WRITE, "401 400 400 400 400 400 400", _case_study("accepted")),
]
RISKS = [
    Door("commitments:risks", ALL_IN, NO_WRITE, _strategy),
    Door("commitments:risk", ALL_IN, NO_WRITE, _risk),
    Door("commitments:risk-new", KEEPS_IT, KEEPS_IT_WRONG, _strategy),
    *(Door(f"commitments:risk-{act}", KEEPS_IT, KEEPS_IT_WRONG, _risk) for act in ("edit", "assess", "end")),
    Door("commitments:risk-confirm", NO_WRITE, "login 403 403 403 403 302 302", _risk_in_round),
    Door("api:risk-list", ALL_IN, "401 403 403 403 403 400 400", _strategy),
    Door("api:risk-detail", ALL_IN, READ_ONLY, _risk),
    *(Door(f"api:risk-{act}", NO_WRITE, "401 403 403 403 403 400 400", _risk) for act in ("assess", "end")),
    Door("api:risk-confirm", NO_WRITE, "401 403 403 403 403 200 200", _risk_in_round),
]
WORKBOOKS = [
    Door("commitments:portal-workbooks", ONLY_ADMINISTRATORS, "login 403 403 403 403 403 422"),
    Door(
        "commitments:portal-workbook-download", ONLY_ADMINISTRATORS, NO_WRITE, lambda world: ["organisations", "xlsx"]
    ),
    Door("commitments:workbooks", "login 403 200 200 403 200 200", "login 403 422 422 403 422 422", _counted),
    Door(
        "commitments:workbook-download",
        "login 403 403 200 403 200 403",
        NO_WRITE,
        lambda world: [*_counted(world), "figures", "ods"],
    ),
    Door(
        "commitments:workbook-upload",
        "login 404 404 404 404 200 404",
        "login 404 404 404 404 302 404",
        lambda world: [world.workbook().pk],
    ),
    Door(
        "commitments:workbook-corrections",
        "login 404 404 404 404 409 404",
        NO_WRITE,
        lambda world: [world.workbook().pk, "xlsx"],
    ),
]
MEETINGS = [
    Door("meetings:meeting", KEEPS_IT, NO_WRITE, _meeting),
    Door("meetings:changes", KEEPS_IT, NO_WRITE, _meeting),
    Door("meetings:exceptions", KEEPS_IT, NO_WRITE, _meeting),
    Door("meetings:step", KEEPS_IT, KEEPS_IT_WRONG, lambda world: [world.meeting().pk, "other"]),
    Door("meetings:end", KEEPS_IT, NO_WRITE, _meeting),
    *(
        Door(f"meetings:{name}", "403 403 403 403 403 200 200", NO_WRITE, _meeting)
        for name in ("minutes", "minutes-pdf", "minutes-docx")
    ),
]
YEARS = [
    Door(f"years:{name}", "login 403 403 200 403 403 403", NO_WRITE, _charity)
    for name in ("year", "year-pdf", "year-docx", "year-csv")
]
KEEPS_FIGURES = "login 403 403 403 403 200 200"
KEEPS_FIGURES_WRONG = "login 403 403 403 403 422 422"
FIGURES = [
    Door("commitments:sourced-figures", ALL_IN, NO_WRITE),
    Door("commitments:sourced-figure", ALL_IN, NO_WRITE, _county_figure),
    Door("commitments:sourced-figure-new", KEEPS_FIGURES, KEEPS_FIGURES_WRONG),
    Door("commitments:sourced-figure-edit", KEEPS_FIGURES, KEEPS_FIGURES_WRONG, _county_figure),
    Door("commitments:sourced-figure-end", KEEPS_FIGURES, KEEPS_FIGURES_WRONG, _county_figure),
    Door("commitments:sourced-value-new", KEEPS_FIGURES, KEEPS_FIGURES_WRONG, _county_figure),
    Door(
        "commitments:sourced-value-correct",
        KEEPS_FIGURES,
        KEEPS_FIGURES_WRONG,
        lambda world: [world.county_figure().values.get().pk],
    ),
    Door("commitments:source-edit", KEEPS_FIGURES, KEEPS_FIGURES_WRONG, _figure_source),
    Door("commitments:award-new", KEEPS_FIGURES, KEEPS_FIGURES_WRONG, _county_figure),
    Door("commitments:money", ALL_IN, NO_WRITE),
    Door("commitments:awards-csv", ALL_IN, NO_WRITE),
    Door("commitments:awards-json", ALL_IN, NO_WRITE),
    Door("commitments:award", ALL_IN, NO_WRITE, _award),
    Door("api:figure-list", ALL_IN, "401 403 403 403 403 400 400"),
    Door("api:figure-detail", ALL_IN, READ_ONLY, _county_figure),
    *(
        Door(f"api:figure-{act}", NO_WRITE, "401 403 403 403 403 400 400", _county_figure)
        for act in ("value", "correct", "end")
    ),
    Door("api:award-list", ALL_IN, "401 403 403 403 403 400 400"),
    Door("api:award-detail", ALL_IN, READ_ONLY, _award),
    Door("api:award-withdraw", NO_WRITE, "401 403 403 403 403 400 400", _award),
    Door("commitments:award-edit", KEEPS_FIGURES, KEEPS_FIGURES_WRONG, _award),
    Door("commitments:award-withdraw", KEEPS_FIGURES, KEEPS_FIGURES_WRONG, _award),
]
YEARLY_ROUND = [
    *ROUNDS,
    *UPDATES,
    *INDICATORS,
    *VOICES,
    *CONSENTS,
    *MAILS,
    *POINTS,
    *PLANS,
    *ENGAGEMENT,
    *CASE_STUDIES,
    *RISKS,
    *WORKBOOKS,
    *MEETINGS,
    *YEARS,
    *CHARTERS,
    *FIGURES,
]
DOORS: list[Door] = [
    *PUBLIC, *OFFICERS, *EVIDENCE, *PEOPLE_AND_PLACES, *REPORTS, *WRITING, *SIGN_IN, *SECOND_STEP, *API, *YEARLY_ROUND,
]  # fmt: skip
