"""What keeps each door that takes a POST from acting twice, or over a colleague: one word a door, and what each word means.

A new door without a row fails, and so does one whose page lacks the field that its word promises.
"""

from typing import Final

FIELD: Final = {"once": "form_once", "token": "form_token", "version": "version", "shown": "form_shown"}
"""The hidden field that the page of a door so guarded holds."""

MEANING: Final = {
    "once": "The form's token, person, address and content are recorded with the act; the second sending is led to the first's result.",
    "token": "The thing that is made holds its form's token, and the second sending finds it.",
    "version": "The form holds the version that it was drawn from, and nothing is written over a newer one.",
    "shown": "The form holds, signed, what it showed; if that has changed, nothing is written, and the page names who changed what.",
    "state": "The act leads from one state to another, so the second finds it done and changes nothing.",
    "same": "What is stored is what was sent, or is gone: sent twice, it is the same. One person's own, or a switch without words.",
    "program": "A program states one act in one request. What it changes is guarded by a version or a state; what it adds, it adds.",
    "sign-in": "Signing in, and one's own means of doing so: each step uses up a code or proves something anew.",
    "nothing": "Nothing is stored: it shows, downloads or checks.",
}

GUARDS: Final = {
    "once": """
        commitments:action-new commitments:action-move commitments:action-done commitments:action-drop
        commitments:action-reopen commitments:evidence-use-again commitments:evidence-file-add
        commitments:evidence-file-remove commitments:evidence-file-people commitments:round-new commitments:round-nudge
        commitments:round-task commitments:round-ask commitments:hand-over commitments:my-nothing
        commitments:update-notes commitments:evidence-notes commitments:indicator-new
        commitments:priority-indicator-new commitments:consent-new commitments:consent-take-down
        commitments:consent-withdraw partners:complaint partners:organisation-new partners:invite partners:access partners:deputies
        partners:deputy-end partners:role-end partners:strand-new commitments:sourced-figure-new commitments:sourced-value-new commitments:award-new
        partners:seat-new partners:appoint reporting:report-comment reporting:report-comment-resolve
        commitments:point-new commitments:engagement-points meetings:step
        commitments:sign commitments:signature-record commitments:reaffirm commitments:signature-end
        reporting:report-comment-reopen commitments:engagement-new commitments:plan-new commitments:risk-new commitments:risk-assess
        commitments:workbooks commitments:portal-workbooks""",
    "token": "commitments:evidence-new commitments:evidence-steps commitments:evidence-steps-what partners:complain partners:joining commitments:tell-us",
    "version": """
        commitments:update commitments:status-change commitments:action-edit commitments:evidence-edit
        commitments:evidence-step commitments:review-one commitments:approval commitments:view
        commitments:view-reply commitments:value-review commitments:indicator-values commitments:response
        commitments:point-answer commitments:point-done commitments:point-assign commitments:point-publish
        commitments:point-take-down commitments:point-pass-on commitments:point-close commitments:point-reopen
        commitments:engagement-edit commitments:engagement-attendance commitments:engagement-write-up
        commitments:case-study commitments:case-study-write commitments:case-study-withdraw
        commitments:engagement-call-off commitments:risk-edit commitments:risk-end partners:strand-edit commitments:sourced-figure-edit commitments:sourced-figure-end commitments:sourced-value-correct
        commitments:award-edit commitments:award-withdraw commitments:source-edit
        reporting:report-section reporting:report-write""",
    "shown": """
        commitments:people commitments:delivery commitments:success-measure commitments:plan commitments:indicator-edit commitments:indicator-targets
        commitments:round-days partners:organisation-edit partners:standing partners:group-edit partners:seat-edit partners:person-edit partners:domains""",
    "state": """
        commitments:evidence-submit commitments:evidence-withdraw commitments:evidence-reopen commitments:round-open
        commitments:round-delete
        commitments:round-end commitments:round-close commitments:round-reopen commitments:accept-several
        commitments:approve-several commitments:view-withdraw commitments:hand-on commitments:hand-on-at-once
        partners:joining-request partners:removal partners:invitation partners:invitation-answer partners:member-end partners:seat-end
        commitments:engagement-hold commitments:engagement-reopen commitments:plan-check commitments:case-study-reopen commitments:risk-confirm
        following:confirm partners:token-end
        partners:second-step-recover partners:address-confirm person-erase reporting:edition-request
        reporting:edition-retry reporting:edition-cancel reporting:edition-publish reporting:edition-withdraw
        reporting:proposal reporting:proposal-cancel reporting:edition-discard""",
    "same": """
        commitments:assign-several commitments:workbook-upload commitments:pledges commitments:plan-columns commitments:plan-names commitments:case-study-report partners:public-name partners:name-on-seat partners:appointment-end partners:sessions partners:person-sessions
        reporting:edition-check session following:follow following:stop partners:personal-calendar""",
    "program": """
        api:update-save api:update-submit api:update-approve api:update-return api:indicator-value api:response-save api:response-submit api:response-approve
        api:point-list api:point-assign api:point-pass-on api:point-answer api:point-publish api:point-take-down api:point-done api:point-close api:point-reopen
        api:response-return api:figure-list api:figure-value api:figure-correct api:figure-end api:award-list api:award-withdraw
        api:commitment-status api:commitment-plan api:action-list api:action-done
        api:action-drop api:action-move api:action-reopen api:delivery-list api:evidence-list api:evidence-rows-list api:evidence-accept
        api:evidence-reopen api:evidence-return api:evidence-submit api:evidence-withdraw api:evidence-file-list api:evidence-file-remove
        api:signatory-list api:signatory-reaffirm api:signatory-end api:signatory-pledge
        api:engagement-list api:engagement-hold api:engagement-account api:engagement-write-up api:engagement-attendance
        api:case-study-list api:case-study-save api:case-study-submit api:case-study-accept api:case-study-return
        api:case-study-withdraw api:case-study-reopen api:case-study-choose
        api:engagement-reopen api:engagement-call-off
        api:risk-list api:risk-assess api:risk-confirm api:risk-end""",
    "sign-in": """
        account_login account_login_password account_confirm_login_code account_logout account_reauthenticate
        account_reauthenticate_provider account_provider_login account_reauthenticate_code account_change_password
        account_set_password account_reset_password account_confirm_password_reset_code
        account_complete_password_reset mfa_authenticate mfa_reauthenticate mfa_activate_totp
        mfa_deactivate_totp mfa_generate_recovery_codes mfa_download_recovery_codes
        mfa_add_webauthn mfa_login_webauthn mfa_reauthenticate_webauthn
        mfa_edit_webauthn mfa_remove_webauthn partners:token-new""",
    "nothing": "my-data person-data reporting:verify api:not-here",
}
