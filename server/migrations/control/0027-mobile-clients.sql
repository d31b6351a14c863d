-- Sessions of clients without cookies. Their tokens have an audience and a key of their own; a session
-- whose kind was changed here fits neither.
alter table control.sessions
  add column client text not null default 'browser' check (client in ('browser', 'mobile'));
alter table control.factor_challenges drop constraint factor_challenges_purpose_check,
  add constraint factor_challenges_purpose_check
    check (purpose in ('sign-in', 'mobile', 'step-up', 'passkey', 'enrol'));
