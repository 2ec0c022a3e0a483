"""Who may go where, written by hand from the centre's own rules; nothing here reads the product.

A line is a method, an address, who may, and of which kind of row. For a new page add its line;
for a new kind of row add it to SEES and to `world.py`.

Who: `all` anybody; `in` who is signed in; `desk` manager, coordinator, branch, clerk; `staff` the
desk without the clerk; `boss` manager; `lead` manager and coordinator; or roles by their name.
`key`: what opens it is a token, code or signature, so without one it is shut to everybody alike.

Kind `-`: no row of anybody. Otherwise the row is tried as the reader's own (`tied`), as another's
of the same area (`here`) and of another area (`far`), and SEES says which of them a role may.
"""

from __future__ import annotations

ROLES = (
    *("center_manager", "coordinator", "branch_staff", "intake_clerk", "welfare_commissioner"),
    *("volunteer", "requester", "partner_agency", "city_officer", "auditor", "system_admin"),
)

WHO: dict[str, tuple[str, ...]] = {
    "all": ("public", *ROLES),
    "in": ROLES,
    "desk": ("center_manager", "coordinator", "branch_staff", "intake_clerk"),
    "staff": ("center_manager", "coordinator", "branch_staff"),
    "lead": ("center_manager", "coordinator"),
    "boss": ("center_manager",),
    "accounts": ("center_manager", "system_admin"),
    "trail": ("center_manager", "auditor"),
    "figures": ("center_manager", "coordinator", "branch_staff", "city_officer"),
    "commissioner": ("welfare_commissioner",),
    "partner": ("partner_agency",),
    # Whose account belongs to a person the centre knows as resident or volunteer, here.
    "person": ("volunteer", "requester"),
    "helper": ("volunteer",),
}

EVERYWHERE = {"tied", "here", "far"}
OFFICE = {
    "center_manager": EVERYWHERE,
    "coordinator": EVERYWHERE,
    "intake_clerk": EVERYWHERE,
    "branch_staff": {"tied", "here"},
}
SEES: dict[str, dict[str, set[str]]] = {
    "need": OFFICE,
    "person": OFFICE,
    "volunteer": OFFICE,
    "proposal": OFFICE,
    "visit": OFFICE,
    "pair": OFFICE,
    "task": OFFICE,
    "case": OFFICE,
    "absence": OFFICE,
    "claim": OFFICE,
    "follow_up": OFFICE,
    "message": OFFICE,
    "block": OFFICE,
    "speaker": OFFICE,
    "referral": OFFICE,
    "certificate": OFFICE,
    "reveal": OFFICE,
    "concern": {"center_manager": EVERYWHERE},
    "group_visit": {"partner_agency": set()},
    "evacuation": {},
    "my_paper": {"volunteer": {"tied"}},
    # By program, or on one's own pages: those who are tied to the row as well.
    "any_need": OFFICE | {"welfare_commissioner": {"tied"}, "requester": {"tied"}},
    "any_volunteer": OFFICE | {"volunteer": {"tied"}},
    "any_visit": OFFICE | {"volunteer": {"tied"}},
    "my_visit": {"volunteer": {"tied"}},
    "own_offer": {"volunteer": {"tied"}},
    "my_offer": {
        "center_manager": EVERYWHERE,
        "coordinator": EVERYWHERE,
        "branch_staff": {"tied", "here"},
        "volunteer": {"tied"},
    },
}

ROUTES = """
GET    /                                                                  all          -
GET    /.well-known/security.txt                                          all          -
GET    /a/<token>                                                         key          -
GET    /accessibility                                                     all          -
GET    /account                                                           in           -
GET    /account/confirm                                                   in           -
POST   /account/confirm                                                   in           -
GET    /account/factors                                                   in           -
GET    /account/factors/app                                               in           -
POST   /account/factors/app                                               in           -
POST   /account/factors/app/remove                                        in           -
POST   /account/factors/paper                                             in           -
POST   /account/factors/passkey                                           in           -
POST   /account/factors/passkey/<passkey_id>/remove                       in           -
GET    /account/password                                                  in           -
POST   /account/password                                                  in           -
POST   /account/sessions/<session_id>/end                                 in           -
POST   /account/sessions/end-others                                       in           -
GET    /account/stay                                                      in           -
GET    /account/tokens                                                    in           -
POST   /account/tokens                                                    in           -
POST   /account/tokens/<token_id>/revoke                                  in           -
GET    /activate                                                          all          -
POST   /activate                                                          all          -
GET    /activate/<token>                                                  key          -
GET    /admin                                                             accounts     -
GET    /admin/accounts                                                    accounts     -
GET    /admin/accounts/<account_id>                                       accounts     -
POST   /admin/accounts/<account_id>/<act>                                 accounts     -
POST   /admin/accounts/<account_id>/desk                                  accounts     -
POST   /admin/accounts/<account_id>/group                                 accounts     -
POST   /admin/accounts/<account_id>/letter                                accounts     -
POST   /admin/accounts/<account_id>/roles                                 accounts     -
POST   /admin/accounts/<account_id>/roles/<role_id>/end                   accounts     -
GET    /admin/accounts/new                                                accounts     -
POST   /admin/accounts/new                                                accounts     -
GET    /admin/audit                                                       trail        -
POST   /admin/audit.csv                                                   trail        -
GET    /admin/messages                                                    lead         -
GET    /admin/messages/texts                                              lead         -
GET    /admin/mode                                                         lead         -
GET    /admin/mode/<code>                                                  lead         -
POST   /admin/mode/<code>                                                  lead         -
GET    /admin/notices                                                      lead         -
POST   /admin/notices                                                      lead         -
POST   /admin/notices/<notice_id>/withdraw                                 lead         -
GET    /mode                                                               all          -
GET    /admin/travel                                                      boss         -
POST   /admin/travel                                                      boss         -
GET    /admin/weights                                                     lead         -
GET    /admin/weights/<version_id>                                        lead         -
POST   /admin/weights/<version_id>/approve                                lead         -
POST   /admin/weights/<version_id>/propose                                lead         -
POST   /admin/weights/<version_id>/withdraw                               lead         -
POST   /admin/weights/drafts                                              lead         -
POST   /admin/weights/return                                              lead         -
GET    /answer/<token>                                                    key          -
POST   /answer/<token>                                                    key          -
GET    /api/v1/activities                                                 in           -
POST   /api/v1/activities/<number>/check-in                               in           any_visit
POST   /api/v1/activities/<number>/report                                 in           any_visit
GET    /api/v1/areas                                                      in           -
GET    /api/v1/categories                                                 in           -
GET    /api/v1/needs                                                      in           -
POST   /api/v1/needs                                                      in           -
GET    /api/v1/needs/<need_id>                                            in           any_need
PATCH  /api/v1/needs/<need_id>                                            in           any_need
GET    /api/v1/needs/<need_id>/candidates                                 staff        need
POST   /api/v1/needs/<need_id>/triage                                     staff        need
GET    /api/v1/openapi.json                                               all          -
GET    /api/v1/placements                                                 in           -
POST   /api/v1/plans                                                      staff        -
GET    /api/v1/plans/<number>                                             staff        -
GET    /api/v1/proposals                                                  in           -
POST   /api/v1/proposals/<number>/answer                                  in           my_offer
POST   /api/v1/proposals/<number>/cancel                                  staff        proposal
POST   /api/v1/proposals/<number>/confirm                                 staff        proposal
POST   /api/v1/proposals/<number>/offer                                   staff        proposal
POST   /api/v1/proposals/<number>/select                                  staff        proposal
GET    /api/v1/statistics                                                 figures      -
GET    /api/v1/volunteers                                                 in           -
POST   /api/v1/volunteers                                                 in           -
GET    /api/v1/volunteers/<volunteer_id>                                  in           any_volunteer
PATCH  /api/v1/volunteers/<volunteer_id>                                  in           any_volunteer
PUT    /api/v1/volunteers/<volunteer_id>/availability                     in           any_volunteer
GET    /calendar/<token>.ics                                              key          -
GET    /choose-password                                                   key          -
POST   /choose-password                                                   key          -
GET    /commissioner                                                      commissioner -
GET    /concern                                                           in           -
POST   /concern                                                           in           -
GET    /concern/received                                                  in           -
GET    /contact                                                           all          -
GET    /desk                                                              desk         -
GET    /desk/<kind>/<reference>/login                                     desk         volunteer
POST   /desk/<kind>/<reference>/login                                     desk         volunteer
GET    /desk/<sort>                                                       staff        -
GET    /desk/<sort>/<case_id>                                             staff        case
POST   /desk/<sort>/<case_id>/step                                        staff        case
GET    /desk/absences/<absence_id>                                        desk         absence
POST   /desk/absences/<absence_id>/climb                                  desk         absence
POST   /desk/absences/<absence_id>/known                                  desk         absence
GET    /desk/activities                                                   desk         -
GET    /desk/activities/today                                             desk         -
GET    /desk/activities/<placement_id>                                    desk         visit
POST   /desk/activities/<placement_id>/alarm                              desk         visit
POST   /desk/activities/<placement_id>/call-off                           staff        visit
POST   /desk/activities/<placement_id>/check-in                           desk         visit
POST   /desk/activities/<placement_id>/check-out                          desk         visit
GET    /desk/activities/<placement_id>/group                              desk         visit
POST   /desk/activities/<placement_id>/group                              desk         visit
POST   /desk/activities/<placement_id>/incident                           staff        visit
GET    /desk/evacuation                                                   staff        -
POST   /desk/evacuation                                                   boss         -
GET    /desk/evacuation/<list_id>                                         staff        evacuation
POST   /desk/evacuation/<list_id>/read                                    staff        evacuation
POST   /desk/evacuation/<list_id>/purge                                   boss         evacuation
POST   /desk/activities/<placement_id>/move                               staff        visit
POST   /desk/activities/<placement_id>/place                              staff        visit
POST   /desk/activities/<placement_id>/not-met                            desk         visit
POST   /desk/activities/<placement_id>/report                             desk         visit
GET    /desk/activities/<placement_id>/substitutes                        staff        visit
GET    /desk/activities/<placement_id>/swap                               staff        visit
POST   /desk/activities/<placement_id>/swap                               staff        visit
POST   /desk/activities/<placement_id>/trade                              staff        visit
POST   /desk/activities/<placement_id>/verify                             staff        visit
GET    /desk/expenses                                                     staff        -
POST   /desk/expenses/<claim_id>                                          staff        claim
GET    /desk/fairness                                                     staff        -
GET    /desk/follow-ups                                                   staff        -
GET    /desk/follow-ups/<follow_up_id>                                    staff        follow_up
POST   /desk/follow-ups/<follow_up_id>                                    staff        follow_up
GET    /desk/hours                                                        desk         -
POST   /desk/incidents/<case_id>/told                                     staff        -
POST   /desk/insurance                                                    staff        -
POST   /desk/insurance/price                                              staff        -
GET    /desk/insurance/roster.<form>                                      lead         -
GET    /desk/intake                                                       desk         -
POST   /desk/intake                                                       desk         -
POST   /desk/intake/beside                                                desk         -
POST   /desk/intake/discard                                               desk         -
POST   /desk/intake/look                                                  desk         -
POST   /desk/intake/questions                                             desk         -
GET    /desk/messages                                                     desk         need
GET    /desk/messages/<number>                                            desk         message
POST   /desk/messages/<number>/call                                       desk         message
POST   /desk/messages/<number>/let-go                                     desk         message
GET    /desk/messages/<number>/letter                                     desk         message
POST   /desk/messages/<number>/retry                                      desk         message
POST   /desk/messages/<number>/told                                       desk         message
GET    /desk/needs                                                        desk         -
GET    /desk/needs/bulk                                                    staff        -
POST   /desk/needs/bulk                                                    staff        -
GET    /desk/needs/<reference>                                            desk         need
POST   /desk/needs/<reference>/approval                                   boss         need
GET    /desk/needs/<reference>/brief                                      staff        need
POST   /desk/needs/<reference>/brief                                      staff        need
GET    /desk/needs/<reference>/card                                       staff        need
GET    /desk/needs/<reference>/close                                      staff        need
POST   /desk/needs/<reference>/close                                      staff        need
GET    /desk/needs/<reference>/compare                                    staff        need
GET    /desk/needs/<reference>/complaint                                  staff        need
POST   /desk/needs/<reference>/complaint                                  staff        need
POST   /desk/needs/<reference>/conference                                 staff        need
GET    /desk/needs/<reference>/days                                       staff        need
POST   /desk/needs/<reference>/days                                       staff        need
POST   /desk/needs/<reference>/days/take-in                               staff        need
GET    /desk/needs/<reference>/excluded/<gate>                            staff        need
GET    /desk/needs/<reference>/explain/<volunteer>                        staff        need
POST   /desk/needs/<reference>/contacts                                   desk         need
GET    /desk/needs/<reference>/news                                       staff        need
POST   /desk/needs/<reference>/pairs/<volunteer>/forbid                   staff        need
POST   /desk/needs/<reference>/pairs/<volunteer>/lock                     staff        need
POST   /desk/needs/<reference>/referrals                                  staff        need
POST   /desk/needs/<reference>/triage                                     staff        need
GET    /desk/news                                                         desk         -
POST   /desk/pairs/<rule_id>/release                                      staff        pair
GET    /desk/paper                                                        desk         -
POST   /desk/paper                                                        desk         -
GET    /desk/paper/find                                                   key          -
GET    /desk/paper/sheets                                                 desk         -
GET    /desk/people/<person_id>                                           desk         person
POST   /desk/people/<person_id>/acquaintance                              staff        person
POST   /desk/people/<person_id>/block                                     staff        person
POST   /desk/people/<person_id>/blocks/<number>/remove                    staff        block
POST   /desk/people/<person_id>/consent                                   staff        person
POST   /desk/people/<person_id>/guardian                                  staff        person
POST   /desk/people/<person_id>/moved-on                                  staff        person
POST   /desk/people/<person_id>/registration                              staff        person
POST   /desk/people/<person_id>/representation                            staff        person
POST   /desk/people/<person_id>/representation/<number>/end               staff        speaker
POST   /desk/people/<person_id>/shield                                    boss         person
POST   /desk/people/<person_id>/wish                                      staff        person
POST   /desk/placements/<placement_id>/cancel                             staff        visit
GET    /desk/plan                                                         staff        -
POST   /desk/plan                                                         staff        -
GET    /desk/plan/safe                                                    staff        -
POST   /desk/plan/safe                                                    staff        -
GET    /desk/plan/state                                                   staff        -
GET    /desk/plan/week                                                    staff        -
GET    /desk/proposals/<proposal_id>                                      staff        proposal
POST   /desk/proposals/<proposal_id>/answer                               staff        proposal
POST   /desk/proposals/<proposal_id>/confirm                              staff        proposal
POST   /desk/proposals/<proposal_id>/offer                                staff        proposal
POST   /desk/proposals/<proposal_id>/resident                             staff        proposal
POST   /desk/referrals/<referral_id>                                      staff        referral
GET    /desk/renewals                                                     staff        -
POST   /desk/renewals                                                     staff        -
GET    /desk/renewals/<year>                                              staff        -
GET    /desk/reveals/<request_id>                                         staff        reveal
POST   /desk/reveals/<request_id>                                         staff        reveal
GET    /desk/safeguarding                                                 boss         -
GET    /desk/safeguarding/<concern_id>                                    boss         concern
POST   /desk/safeguarding/<concern_id>/acknowledge                        boss         concern
POST   /desk/safeguarding/<concern_id>/decide                             boss         concern
POST   /desk/safeguarding/<concern_id>/people                             boss         concern
POST   /desk/safeguarding/<concern_id>/report                             boss         concern
POST   /desk/safeguarding/members                                         boss         -
POST   /desk/safeguarding/members/<account_id>/drop                       boss         -
GET    /desk/search                                                       desk         -
GET    /desk/tasks/bulk                                                    desk         -
POST   /desk/tasks/bulk                                                    desk         -
POST   /desk/tasks/<task_id>/claim                                        desk         task
POST   /desk/tasks/<task_id>/done                                         desk         task
POST   /desk/tasks/<task_id>/snooze                                       desk         task
GET    /desk/volunteers                                                   desk         -
GET    /desk/volunteers/<reference>                                       desk         volunteer
GET    /desk/volunteers/<reference>/certificates                          staff        volunteer
POST   /desk/volunteers/<reference>/certificates                          staff        volunteer
GET    /desk/volunteers/<reference>/certificates/<certificate_id>.pdf     staff        certificate
POST   /desk/volunteers/<reference>/certificates/<certificate_id>/revoke  staff        certificate
POST   /desk/volunteers/<reference>/state                                 staff        volunteer
GET    /desk/volunteers/<reference>/terms                                 desk         volunteer
POST   /desk/volunteers/<reference>/terms                                 staff        volunteer
GET    /desk/weather                                                      staff        -
POST   /desk/weather                                                      staff        -
GET    /find                                                              all          -
GET    /healthz                                                           all          -
GET    /help                                                              all          -
GET    /help/<card>                                                       all          -
POST   /hooks/line                                                        key          -
POST   /hooks/sms                                                         key          -
GET    /login                                                             all          -
POST   /login                                                             all          -
GET    /login/code                                                        key          -
POST   /login/code                                                        key          -
POST   /logout                                                            in           -
GET    /metrics                                                           all          -
GET    /my                                                                in           -
GET    /my/activities                                                     in           -
GET    /my/activities/<placement_id>                                      in           my_visit
POST   /my/activities/<placement_id>/cash                                 in           my_visit
POST   /my/activities/<placement_id>/check-in                             in           my_visit
POST   /my/activities/<placement_id>/check-out                            in           my_visit
GET    /my/activities/<placement_id>/expenses                             in           any_visit
POST   /my/activities/<placement_id>/expenses                             in           any_visit
GET    /my/activities/<placement_id>/group                                in           my_visit
POST   /my/activities/<placement_id>/group                                in           my_visit
POST   /my/activities/<placement_id>/leave                                in           my_visit
POST   /my/activities/<placement_id>/not-met                              in           any_visit
POST   /my/activities/<placement_id>/report                               in           my_visit
POST   /my/activities/<placement_id>/trade                                in           my_visit
POST   /my/activities/<placement_id>/still                                in           my_visit
POST   /my/activities/<placement_id>/reveal                               in           my_visit
GET    /my/availability                                                   helper       -
POST   /my/agreements/<proposal_id>                                       in           -
POST   /my/availability                                                   helper       -
GET    /my/calendar                                                       in           -
POST   /my/calendar/feeds                                                 person       -
POST   /my/calendar/feeds/<number>/revoke                                 in           -
GET    /my/certificates                                                   helper       -
POST   /my/certificates                                                   helper       -
GET    /my/certificates/<certificate_id>.pdf                              helper       my_paper
GET    /my/consents                                                       person       -
POST   /my/consents                                                       person       -
POST   /my/data.<form>                                                    in           -
GET    /my/here/<reference>                                               helper       -
GET    /my/hours                                                          helper       -
GET    /my/messages                                                       in           -
POST   /my/messages/line                                                  person       -
POST   /my/messages/line/stop                                             person       -
POST   /my/messages/read                                                  person       -
GET    /my/offers                                                         in           -
POST   /my/offers/<proposal_id>                                           in           own_offer
GET    /my/trades                                                         helper       -
POST   /my/trades/<trade_id>                                              helper       -
GET    /needs/new                                                         all          -
POST   /needs/new                                                         all          -
GET    /needs/new/<code>                                                  all          -
POST   /needs/new/<code>                                                  all          -
POST   /needs/new/check                                                   all          -
POST   /needs/new/discard                                                 all          -
GET    /needs/received                                                    all          -
GET    /partner                                                           partner      -
GET    /partner/activities/<placement_id>/group                           partner      group_visit
POST   /partner/activities/<placement_id>/group                           partner      group_visit
POST   /partner/referrals/<referral_id>                                   partner      -
POST   /partner/referrals/<referral_id>/contact                           partner      -
POST   /partner/referrals/<referral_id>/seen                              partner      -
GET    /places/postal/<code>                                              all          -
GET    /preferences                                                       all          -
GET    /privacy                                                           all          -
GET    /readyz                                                            all          -
GET    /register/received                                                 all          -
GET    /register/volunteer                                                all          -
POST   /register/volunteer                                                all          -
GET    /register/volunteer/<code>                                         all          -
POST   /register/volunteer/<code>                                         all          -
POST   /register/volunteer/check                                          all          -
POST   /register/volunteer/discard                                        all          -
GET    /reports                                                           figures      -
GET    /reset                                                             all          -
POST   /reset                                                             all          -
GET    /reset/<token>                                                     key          -
GET    /static/<filename>                                                 all          -
GET    /styleguide                                                        all          -
POST   /undo/<undo_id>                                                     in           -
GET    /verify                                                            all          -
GET    /verify/<code>                                                     key          -
"""
