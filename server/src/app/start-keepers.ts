import { startKeyWatch, startRewriter } from '../crypto/index.ts';
import {
  keepAccounts,
  keepDirectories,
  startAdopting,
  startEncryptingPeople,
} from '../identity/index.ts';
import { startIsolationKeeper } from '../isolation/index.ts';
import { createIndexKeeper, startKnowledgeKeeper } from '../knowledge/index.ts';
import { startForgetting, startSealWatch } from '../tenancy/index.ts';
import { createSystemContext } from './context.ts';
import { columnsOf } from './encrypted-columns.ts';
import { keepLimits } from './limits/keep-limits.ts';
import type { Parts } from './parts.ts';

/** The upkeep that each process of the server does beside its requests, until stopped. */
export function startKeepers(parts: Parts): readonly { stop(): Promise<void> | void }[] {
  const { platform, openTenant, tenantKeys } = parts;
  return [
    startKnowledgeKeeper({ platform, openTenant, tenantChanges: parts.tenantChanges }),
    startSealWatch({ platform, needsIndex: createIndexKeeper({ platform, openTenant }) }),
    startForgetting({ platform }),
    startAdopting(platform),
    startEncryptingPeople(createSystemContext(parts)),
    startIsolationKeeper(createSystemContext(parts)),
    startRewriter({
      platform,
      tenantKeys,
      openTenant: (tenantId) => openTenant(tenantId, null),
      columnsOf,
    }),
    startKeyWatch(platform, tenantKeys),
    keepLimits(platform),
    keepAccounts(platform),
    keepDirectories(createSystemContext(parts), parts.identity),
  ];
}
