import { recordOnPlatform, type AuditSource } from '../../audit/index.ts';
import { newId, systemActor, type Platform } from '../../platform/index.ts';
import { readSealStatus, sealNamespace } from './namespace.ts';
import { dropIndex, indexBytes, listSeals, markSealed, type Seal } from './repo.ts';

type Options = {
  platform: Platform;
  /** Told of each tenant that is open and whose search index is not known to be whole. */
  needsIndex: (tenantId: string) => Promise<void>;
  everyMs?: number;
};

const EVERY_MS = 2_000;

/**
 * Compares what the key service says of the tenants' seals with what the database says, one tenant
 * a round, all of them as soon as one differs: a restart of the key service seals all at once and is
 * noticed within seconds. Drops what is left of a sealed tenant's index. A fault is met again in the
 * next round.
 */
export function startSealWatch(options: Options): { stop(): Promise<void> } {
  const { platform, everyMs = EVERY_MS } = options;
  const openTwice = new Set<string>();
  let turn = 0;
  let running: Promise<void> = Promise.resolve();

  const round = async (): Promise<void> => {
    const seals = (await platform.db.readControl(listSeals)).filter(
      ({ reason }) => reason !== 'new',
    );
    turn += 1;
    const next = seals[turn % Math.max(1, seals.length)];
    if (next && (await settle(platform, next, openTwice)))
      for (const seal of seals) if (seal !== next) await settle(platform, seal, openTwice);
    for (const seal of seals) await keepIndex(options, seal);
  };
  const timer = setInterval(() => {
    running = running
      .then(round)
      .catch((error: unknown) => platform.log.warn('the seals could not be looked at', { error }));
  }, everyMs);
  return {
    stop: () => {
      clearInterval(timer);
      return running;
    },
  };
}

/** True when the key service and the database disagreed. */
async function settle(platform: Platform, seal: Seal, openTwice: Set<string>): Promise<boolean> {
  const { tenantId } = seal;
  const { sealed } = await readSealStatus(platform.vault, tenantId);
  const marked = seal.sealedAt !== null;
  if (sealed === marked) {
    openTwice.delete(tenantId);
    return false;
  }
  if (sealed) {
    await platform.db.inControl(async (tx) => {
      if (!(await markSealed(tx, { tenantId, reason: 'key_service' }))) return;
      await recordOnPlatform(tx, source(), {
        action: 'seal.found',
        resourceType: 'tenant',
        resourceId: tenantId,
        tenantId,
      });
    });
    platform.log.warn('a tenant is sealed: the key service restarted', { tenantId });
    return true;
  }
  // Opened a moment ago, or left open by a process that died before it could say so.
  if (openTwice.has(tenantId)) await sealNamespace(platform.vault, tenantId);
  openTwice.add(tenantId);
  return true;
}

async function keepIndex({ platform, needsIndex }: Options, seal: Seal): Promise<void> {
  const { tenantId, state, sealedAt } = seal;
  if (sealedAt !== null) {
    if ((await platform.db.readControl((tx) => indexBytes(tx, tenantId))) > 0)
      await platform.db.inControl((tx) => dropIndex(tx, tenantId));
  } else if (state === 'active') await needsIndex(tenantId);
}

function source(): AuditSource {
  return { requestId: newId(), actor: systemActor, ip: null, userAgent: null };
}
