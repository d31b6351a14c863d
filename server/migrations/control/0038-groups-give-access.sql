-- Groups give access levels and custom roles as they give roles (decision 43): what comes of all of them stays in the
-- one sealed row of control.memberships, and what somebody has without any group stands beside it.

alter table control.groups
  add column level smallint check (level between 0 and 100),
  add column custom_roles uuid[] not null default '{}' check (cardinality(custom_roles) <= 20);
grant update (level, custom_roles) on control.groups to casemate_server;

-- Null roles: the row is of the version before, whose groups gave none of these.
alter table control.memberships
  add column own_level smallint check (own_level between 0 and 100),
  add column own_custom_roles uuid[] check (cardinality(own_custom_roles) <= 20);
grant update (own_level, own_custom_roles) on control.memberships to casemate_server;

-- Of several sides together there are more than of one.
alter table control.memberships drop constraint memberships_custom_roles_check;
alter table control.memberships add constraint memberships_custom_roles_check
  check (cardinality(custom_roles) <= 50);
