"""Addresses of strategies and commitments, then of evidence."""

from django.urls import URLPattern, path

from commitments.page_parts.addresses import by_key
from commitments.views import (
    action_plans,
    actions,
    approvals,
    assign_several,
    awards,
    bulk_review,
    cards,
    case_studies,
    case_studies_edit,
    commitment,
    consents,
    delivery,
    districts,
    engagement,
    engagement_edit,
    evidence,
    evidence_again,
    evidence_edit,
    evidence_files,
    evidence_steps,
    figure_sources,
    figures_review,
    handover,
    indicators,
    my_work,
    notes,
    partner_views,
    plan_details,
    points,
    responses,
    review,
    risks,
    risks_edit,
    round_days,
    rounds,
    signatories,
    signing,
    sourced_figures,
    status_change,
    strategy,
    success_measure,
    task_links,
    tell_us,
    update,
    view_replies,
    workbooks,
    you_said,
)

app_name = "commitments"

ONE_STRATEGY = "strategies/<slug:slug>/"
ONE_COMMITMENT = f"{ONE_STRATEGY}commitments/<str:key>/"
"""By its key; :func:`by_key` lets a reference lead there."""

ONE_RISK = f"{ONE_STRATEGY}risks/<slug:key>/"
ONE_ACTION = f"{ONE_COMMITMENT}actions/<int:action_id>/"

STRATEGIES: list[URLPattern] = [
    path("", strategy.home, name="home"),
    path("strategies/", strategy.strategies, name="strategies"),
    path("commitments/", strategy.all_commitments, name="all-commitments"),
    path("action-plans/new/", action_plans.plan_new, name="plan-new"),
    path("action-plans/<int:pk>/columns/", action_plans.plan_columns, name="plan-columns"),
    path("action-plans/<int:pk>/names/", action_plans.plan_names, name="plan-names"),
    path("action-plans/<int:pk>/check/", action_plans.plan_check, name="plan-check"),
    path(f"{ONE_STRATEGY}next-steps/", action_plans.next_steps_page, name="next-steps"),
    path(ONE_STRATEGY, strategy.glance, name="glance"),
    path(f"{ONE_STRATEGY}priorities/<int:number>/", strategy.priority, name="priority"),
    path(f"{ONE_STRATEGY}commitments/", strategy.commitment_list, name="commitment-list"),
    path(f"{ONE_STRATEGY}assign/", assign_several.assign_several, name="assign-several"),
    path(f"{ONE_STRATEGY}risks/", risks.risk_list, name="risks"),
    path(f"{ONE_STRATEGY}risks/new/", risks_edit.risk_new, name="risk-new"),
    path(ONE_RISK, risks.risk, name="risk"),
    path(f"{ONE_RISK}edit/", risks_edit.risk_edit, name="risk-edit"),
    path(f"{ONE_RISK}assess/", risks_edit.risk_assess, name="risk-assess"),
    path(f"{ONE_RISK}confirm/", risks_edit.risk_confirm, name="risk-confirm"),
    path(f"{ONE_RISK}end/", risks_edit.risk_end, name="risk-end"),
    path(ONE_COMMITMENT, by_key(commitment.commitment), name="commitment"),
    path(f"{ONE_COMMITMENT}card/", by_key(cards.card), name="commitment-card"),
    path(f"{ONE_COMMITMENT}badge.svg", by_key(cards.status_badge), name="commitment-badge"),
    path(f"{ONE_COMMITMENT}responses/<int:pk>/", by_key(responses.response), name="response"),
    path(f"{ONE_COMMITMENT}update/", by_key(update.update), name="update"),
    path(f"{ONE_COMMITMENT}update/sent/", by_key(update.update_sent), name="update-sent"),
    path(f"{ONE_COMMITMENT}status/", by_key(status_change.status_change), name="status-change"),
    path(f"{ONE_COMMITMENT}people/", by_key(commitment.people), name="people"),
    path(f"{ONE_COMMITMENT}partners/", by_key(delivery.delivery), name="delivery"),
    path(f"{ONE_COMMITMENT}success-measure/", by_key(success_measure.success_measure), name="success-measure"),
    path(f"{ONE_COMMITMENT}plan/", by_key(plan_details.plan_details), name="plan"),
    path(f"{ONE_COMMITMENT}actions/", by_key(actions.actions), name="actions"),
    path(f"{ONE_COMMITMENT}actions/new/", by_key(actions.action_new), name="action-new"),
    path(ONE_ACTION, by_key(actions.action), name="action"),
    path(f"{ONE_ACTION}edit/", by_key(actions.action_edit), name="action-edit"),
    *(
        path(f"{ONE_ACTION}{act}/", by_key(actions.action_act), {"act": act}, name=f"action-{act}")
        for act in actions.ACTS
    ),
    path(f"{ONE_STRATEGY}signatories/", signatories.register, name="signatories"),
    path(f"{ONE_STRATEGY}signatories.csv", signatories.register_csv, name="signatories-csv"),
    path(f"{ONE_STRATEGY}signatories/record/", signing.signature_record, name="signature-record"),
    path(f"{ONE_STRATEGY}sign/", signing.sign, name="sign"),
    path("signatures/<int:pk>/reaffirm/", signing.signature_reaffirm, name="reaffirm"),
    path("signatures/<int:pk>/pledges/", signing.pledges, name="pledges"),
    path("signatures/<int:pk>/end/", signing.signature_end, name="signature-end"),
    path("my-work/", my_work.my_work, name="my-work"),
]

FIGURES: list[URLPattern] = [
    path("figures/", sourced_figures.figure_list, name="sourced-figures"),
    path("figures/new/", sourced_figures.figure_new, name="sourced-figure-new"),
    path("figures/<int:pk>/", sourced_figures.figure, name="sourced-figure"),
    path("figures/<int:pk>/edit/", sourced_figures.figure_edit, name="sourced-figure-edit"),
    path("figures/<int:pk>/end/", sourced_figures.figure_end, name="sourced-figure-end"),
    path("figures/<int:pk>/value/", sourced_figures.value_new, name="sourced-value-new"),
    path("figures/<int:pk>/sources/<slug:slug>/", figure_sources.source_edit, name="source-edit"),
    path("figures/values/<int:pk>/", sourced_figures.value_correct, name="sourced-value-correct"),
    path("figures/<int:pk>/award/", awards.award_new, name="award-new"),
    path("money/", awards.money, name="money"),
    path("money/awards.csv", awards.awards_csv, name="awards-csv"),
    path("money/awards.json", awards.awards_json, name="awards-json"),
    path("money/awards/<int:pk>/", awards.award, name="award"),
    path("money/awards/<int:pk>/edit/", awards.award_edit, name="award-edit"),
    path("money/awards/<int:pk>/withdraw/", awards.award_withdraw, name="award-withdraw"),
]

ONE_PIECE = "evidence/<int:pk>/"
ONE_FILE = f"{ONE_PIECE}files/<int:file_pk>/"

EVIDENCE: list[URLPattern] = [
    path("evidence/", evidence.evidence_list, name="evidence-list"),
    path("evidence/case-studies/", case_studies.case_studies, name="case-studies"),
    path("evidence/new/", evidence_edit.new, name="evidence-new"),
    path("evidence/new/steps/", evidence_steps.begin, name="evidence-steps"),
    path("evidence/new/steps/what/", evidence_steps.begin, {"step": "what"}, name="evidence-steps-what"),
    path(ONE_PIECE, evidence.evidence, name="evidence"),
    path(f"{ONE_PIECE}edit/", evidence_edit.edit, name="evidence-edit"),
    path(f"{ONE_PIECE}steps/<slug:step>/", evidence_steps.step, name="evidence-step"),
    path(f"{ONE_PIECE}use-again/", evidence_again.use_again, name="evidence-use-again"),
    path(f"{ONE_PIECE}submit/", evidence.submit, name="evidence-submit"),
    path(f"{ONE_PIECE}withdraw/", evidence.withdraw, name="evidence-withdraw"),
    path(f"{ONE_PIECE}reopen/", evidence.reopen, name="evidence-reopen"),
    path(f"{ONE_PIECE}files/new/", evidence_files.add, name="evidence-file-add"),
    path(ONE_FILE, evidence_files.evidence_file, name="evidence-file"),
    path(f"{ONE_FILE}remove/", evidence_files.remove, name="evidence-file-remove"),
    path("review/", review.review, name="review"),
    path("review/<int:pk>/", review.review_one, name="review-one"),
]

DISTRICTS: list[URLPattern] = [
    path("districts/", districts.districts, name="districts"),
    path("districts/<slug:code>/", districts.district, name="district"),
]

# The life of a round, who owes what, handing over.
ONE_ROUND = f"{ONE_STRATEGY}rounds/<slug:name>/"
ROUNDS: list[URLPattern] = [
    path("rounds/", rounds.all_rounds, name="all-rounds"),
    path(f"{ONE_STRATEGY}rounds/", rounds.rounds, name="rounds"),
    path(f"{ONE_STRATEGY}rounds/new/", round_days.round_new, name="round-new"),
    path(ONE_ROUND, rounds.round_page, name="round"),
    path(f"{ONE_ROUND}days/", round_days.round_days, name="round-days"),
    path(f"{ONE_ROUND}delete/", round_days.round_delete, name="round-delete"),
    path(f"{ONE_ROUND}open/", rounds.round_open, name="round-open"),
    path(f"{ONE_ROUND}end/", rounds.round_end, name="round-end"),
    path(f"{ONE_ROUND}close/", rounds.round_close, name="round-close"),
    path(f"{ONE_ROUND}reopen/", rounds.round_reopen, name="round-reopen"),
    path(f"{ONE_ROUND}nudge/", handover.round_nudge, name="round-nudge"),
    path(f"{ONE_ROUND}tasks/<int:person>/", handover.round_task, name="round-task"),
    path(f"{ONE_ROUND}organisations/<slug:organisation>/", handover.round_ask, name="round-ask"),
    path("people/<int:pk>/hand-over/", handover.hand_over_page, name="hand-over"),
    path("handed-over/<int:pk>/", handover.handed_over, name="handed-over"),
    path("my-work/nothing/<int:pk>/", my_work.my_nothing, name="my-nothing"),
]

# Spreadsheets that people download, fill in and upload.
WORKBOOKS: list[URLPattern] = [
    path("spreadsheets/", workbooks.workbooks, name="portal-workbooks"),
    path("spreadsheets/uploads/<int:pk>/", workbooks.upload, name="workbook-upload"),
    path("spreadsheets/uploads/<int:pk>/to-correct/<slug:ending>/", workbooks.corrections, name="workbook-corrections"),
    path("spreadsheets/<slug:kind>/<slug:ending>/", workbooks.download, name="portal-workbook-download"),
    path(f"{ONE_STRATEGY}spreadsheets/", workbooks.workbooks, name="workbooks"),
    path(f"{ONE_STRATEGY}spreadsheets/<slug:kind>/<slug:ending>/", workbooks.download, name="workbook-download"),
]

# Updates on their way: the queue of what was sent, approving, returning, notes.
UPDATES: list[URLPattern] = [
    path("review/accept/", bulk_review.accept_several, name="accept-several"),
    path("review/updates/", approvals.approvals, name="approvals"),
    path("review/updates/approve/", bulk_review.approve_several, name="approve-several"),
    path("review/updates/<int:pk>/", approvals.approval, name="approval"),
    path("review/updates/<int:pk>/notes/", notes.update_notes, name="update-notes"),
    path(f"{ONE_PIECE}case-study/", case_studies.case_study, name="case-study"),
    path(f"{ONE_PIECE}case-study/write/", case_studies_edit.write, name="case-study-write"),
    path(f"{ONE_PIECE}case-study/withdraw/", case_studies_edit.withdraw, name="case-study-withdraw"),
    path(f"{ONE_PIECE}case-study/reopen/", case_studies_edit.reopen, name="case-study-reopen"),
    path(f"{ONE_PIECE}case-study/report/", case_studies_edit.choose, name="case-study-report"),
    path(f"{ONE_PIECE}notes/", notes.evidence_notes, name="evidence-notes"),
]

# Numbers beside the words.
ONE_INDICATOR = f"{ONE_STRATEGY}indicators/<str:code>/"
INDICATORS: list[URLPattern] = [
    path(f"{ONE_COMMITMENT}indicators/new/", by_key(indicators.indicator_new), name="indicator-new"),
    path(
        f"{ONE_STRATEGY}priorities/<int:number>/indicators/new/",
        indicators.priority_indicator_new,
        name="priority-indicator-new",
    ),
    path(ONE_INDICATOR, indicators.indicator, name="indicator"),
    path(f"{ONE_INDICATOR}edit/", indicators.indicator_edit, name="indicator-edit"),
    path(f"{ONE_INDICATOR}targets/<slug:round_slug>/", indicators.targets, name="indicator-targets"),
    path(f"{ONE_INDICATOR}figures/<slug:round_slug>/", indicators.values, name="indicator-values"),
    path("review/figures/", figures_review.values_waiting, name="values-waiting"),
    path("review/figures/<int:pk>/", figures_review.value_review, name="value-review"),
]

# The sector's own view; why a status is what it is.
PARTNER_VIEWS: list[URLPattern] = [
    path(f"{ONE_COMMITMENT}view/", by_key(partner_views.view), name="view"),
    path(f"{ONE_COMMITMENT}view/withdraw/", by_key(partner_views.withdraw), name="view-withdraw"),
    path(f"{ONE_COMMITMENT}views/<slug:organisation>/reply/", by_key(view_replies.reply), name="view-reply"),
]

# Who agreed to be shown, and who no longer does.
CONSENTS: list[URLPattern] = [
    path("consents/", consents.ledger, name="consent-ledger"),
    path(f"{ONE_PIECE}consents/", consents.consents, name="consents"),
    path(f"{ONE_PIECE}consents/new/", consents.consent_new, name="consent-new"),
    path(f"{ONE_PIECE}consents/take-down/", consents.take_down, name="consent-take-down"),
    path(f"{ONE_PIECE}consents/<int:consent_pk>/withdraw/", consents.consent_withdraw, name="consent-withdraw"),
    path(f"{ONE_FILE}people/", consents.people, name="evidence-file-people"),
]

# Meetings, workshops, consultations and the like.
ONE_ENGAGEMENT = "engagement/<int:pk>/"
ENGAGEMENT: list[URLPattern] = [
    path("engagement/", engagement.engagement_list, name="engagement-list"),
    path("engagement/new/", engagement_edit.engagement_new, name="engagement-new"),
    path(ONE_ENGAGEMENT, engagement.engagement, name="engagement"),
    path(f"{ONE_ENGAGEMENT}edit/", engagement_edit.engagement_edit, name="engagement-edit"),
    path(f"{ONE_ENGAGEMENT}attendance/", engagement_edit.engagement_attendance, name="engagement-attendance"),
    path(f"{ONE_ENGAGEMENT}write-up/", engagement_edit.engagement_write_up, name="engagement-write-up"),
    path(f"{ONE_ENGAGEMENT}hold/", engagement_edit.engagement_hold, name="engagement-hold"),
    path(f"{ONE_ENGAGEMENT}reopen/", engagement_edit.engagement_reopen, name="engagement-reopen"),
    path(f"{ONE_ENGAGEMENT}call-off/", engagement_edit.engagement_call_off, name="engagement-call-off"),
]

# From an email, without signing in.
EMAIL_LINKS: list[URLPattern] = [
    path("hand-on/<str:signed>/", task_links.hand_on, name="hand-on"),
    path("hand-on/<str:signed>/at-once/", task_links.at_once, name="hand-on-at-once"),
]

# What people said and sent, and what was answered.
ONE_POINT = "points/<int:pk>/"
POINTS: list[URLPattern] = [
    path("points/", points.point_list, name="points"),
    path("points/new/", points.point_new, name="point-new"),
    path("engagement/<int:pk>/points/", points.engagement_point, name="engagement-points"),
    path(ONE_POINT, points.point, name="point"),
    *(path(f"{ONE_POINT}{act}/", points.point_act, {"act": act}, name=f"point-{act}") for act in points.ACTS),
    path("you-said/", you_said.you_said, name="you-said"),
    path("tell-us/", tell_us.tell_us, name="tell-us"),
    path("tell-us/<str:signed>/", tell_us.point_followed_page, name="point-followed"),
]

urlpatterns: list[URLPattern] = [
    *STRATEGIES,
    *FIGURES,
    *EVIDENCE,
    *DISTRICTS,
    *ROUNDS,
    *UPDATES,
    *INDICATORS,
    *PARTNER_VIEWS,
    *CONSENTS,
    *ENGAGEMENT,
    *EMAIL_LINKS,
    *POINTS,
    *WORKBOOKS,
]
