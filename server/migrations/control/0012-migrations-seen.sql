-- Programs that start beside a migration wait until it is done: names and checksums, no data.
grant select on control.migrations to casemate_server, casemate_provisioner;
