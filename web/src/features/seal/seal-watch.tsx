import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { reloadMemberships } from '../../lib/session/reload-memberships.ts';
import { sealQuery } from './seal-query.ts';

const EVERY_MS = 10_000;

/**
 * Notices on an open page that its tenant was sealed: by somebody else, or by a restart of the key
 * service, which asks nobody. What the page shows goes with it.
 */
export function SealWatch({ tenantId }: { tenantId: string }) {
  const { data, dataUpdatedAt } = useQuery({ ...sealQuery(tenantId), refetchInterval: EVERY_MS });
  const sealed = data?.sealed === true;
  // Again with each look: while the key service starts, a first try may fail.
  useEffect(() => {
    if (sealed) void reloadMemberships().catch(() => undefined);
  }, [sealed, dataUpdatedAt]);
  return null;
}
