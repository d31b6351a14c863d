import type { ControlTx } from '../../platform/index.ts';
import type { RotationKind } from './rotations.ts';

/** What is rotated on a schedule; a backfill never is. */
export type ScheduledKind = Exclude<RotationKind, 'backfill'>;

export type KeyAges = {
  /** Owners whose keys can be rotated now: the platform, and each tenant that is open. */
  open: number;
  /** The oldest key of those, by its making or its last rotation; one under way counts as done. */
  oldest: Date | null;
  /** Tenants that are suspended or sealed: they are rotated when they are open. */
  closed: number;
};

/**
 * When the key of each owner was made, from the rows of its rotations: to ask the key service for each
 * of thousands of tenants would take minutes. `casemate keys list` asks the stores themselves.
 */
const AGES = `
  select owner.id, owner.state,
    coalesce((select max(rotation.requested_at) from control.key_rotations rotation
              where rotation.tenant_id = owner.id and rotation.kind = $1
                and rotation.state <> 'failed'), owner.created_at) as made_at
  from control.tenants owner
  where owner.purpose = 'tenant' and owner.state in ('active', 'suspended', 'sealed')
  union all
  select null, 'active',
    coalesce((select max(rotation.requested_at) from control.key_rotations rotation
              where rotation.tenant_id is null and rotation.kind = $1
                and rotation.state <> 'failed'),
             (select min(key.created_at) from control.data_keys key))`;

export async function readKeyAges(tx: ControlTx, kind: ScheduledKind): Promise<KeyAges> {
  const [row] = await tx.query<KeyAges>(
    `select count(*) filter (where age.state = 'active')::integer as open,
       min(age.made_at) filter (where age.state = 'active') as oldest,
       count(*) filter (where age.state <> 'active')::integer as closed
     from (${AGES}) age`,
    [kind],
  );
  return row ?? { open: 0, oldest: null, closed: 0 };
}

/**
 * Owners whose key is older than so many days, the oldest first; not those where a rotation failed
 * within the last day: a person must look at them.
 */
export async function listDueOwners(
  tx: ControlTx,
  { kind, days, limit }: { kind: ScheduledKind; days: number; limit: number },
): Promise<(string | null)[]> {
  const rows = await tx.query<{ id: string | null }>(
    `select age.id from (${AGES}) age
     where age.state = 'active' and age.made_at < now() - make_interval(days => $2)
       and not exists (
         select from control.key_rotations rotation
         where rotation.tenant_id is not distinct from age.id
           and (rotation.state not in ('done', 'failed')
             or rotation.state = 'failed' and rotation.finished_at > now() - interval '1 day'))
     order by age.made_at limit $3`,
    [kind, days, limit],
  );
  return rows.map(({ id }) => id);
}
