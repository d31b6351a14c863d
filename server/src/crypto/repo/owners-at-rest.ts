import type { ControlTx } from '../../platform/index.ts';
import { PLATFORM } from '../key-places.ts';

/** Of these owners the ones that are open and whose keys nothing has changed for so long, or is about to. */
export async function listOwnersAtRest(
  tx: ControlTx,
  { owners, quietSeconds }: { owners: readonly string[]; quietSeconds: number },
): Promise<string[]> {
  const rows = await tx.query<{ owner: string }>(
    `select wanted.owner from unnest($1::text[]) wanted (owner)
     left join control.tenants tenant on tenant.id::text = wanted.owner and tenant.state = 'active'
     where (tenant.id is not null or wanted.owner = $3)
       and wanted.owner not in (
         select coalesce(rotation.tenant_id::text, $3) from control.key_rotations rotation
         where rotation.state not in ('done', 'failed')
            or rotation.finished_at > now() - make_interval(secs => $2))`,
    [owners, quietSeconds, PLATFORM],
  );
  return rows.map(({ owner }) => owner);
}
