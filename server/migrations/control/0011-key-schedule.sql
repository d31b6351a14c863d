-- The provisioner asks for the rotations that are due; the server still asks for those on request.
grant insert (id, tenant_id, kind, requested_by) on control.key_rotations to casemate_provisioner;
create policy provisioner_asks on control.key_rotations for insert to casemate_provisioner
  with check (state = 'requested' and requested_by is null
    and from_version is null and to_version is null);
