-- Keys of a person whose second factors were reset open nothing until a factor was set up again.
alter table control.api_keys add column paused_at timestamptz;
grant update (paused_at) on control.api_keys to casemate_server;
