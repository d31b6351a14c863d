-- A canary of the isolation test is noted, then made, then removed. Who removes it says so first: from
-- then on it can't be made any more, so that no process that was slow leaves one for ever.

alter table control.isolation_canaries add column removing_at timestamptz;
update control.isolation_canaries set removing_at = removed_at where removed_at is not null;
grant update (removing_at) on control.isolation_canaries to casemate_server;
