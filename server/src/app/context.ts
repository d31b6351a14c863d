import {
  newId,
  systemActor,
  type Actor,
  type RequestContext,
  type TenantRole,
} from '../platform/index.ts';
import { AppError } from '../platform/index.ts';
import { tenantTexts } from '../tenancy/index.ts';
import type { Parts } from './parts.ts';

type Origin = {
  requestId: string;
  actor: Actor;
  tenantId: string | null;
  tenantRole: TenantRole | null;
  ip: string | null;
  userAgent: string | null;
  signal: AbortSignal;
  /** Told after each committed tenant transaction, so that its audit rows are sequenced. */
  committed: (tenantId: string) => void;
};

/** Binds who asks, for which tenant, to the parts: the first argument of every action. */
export function createContext(parts: Parts, origin: Origin): RequestContext {
  const { platform, openTenant, tenantKeys } = parts;
  const { committed, ...who } = origin;
  const scope = (): ReturnType<typeof openTenant> => {
    if (who.tenantId === null) throw new AppError('internal', 'This request names no tenant');
    return openTenant(who.tenantId, who.actor.accountId);
  };
  const readTenant: RequestContext['readTenant'] = async (work) =>
    platform.db.readTenant(await scope(), work);
  const signal =
    who.tenantId === null
      ? who.signal
      : AbortSignal.any([who.signal, parts.tenantChanges.closing(who.tenantId)]);
  const openFields: RequestContext['openFields'] = async () => {
    // Keys that are still in memory don't count: the tenant must be open now.
    const { tenantId } = await scope();
    return tenantKeys.open({ tenantId, readTenant, signal });
  };
  return {
    ...who,
    signal,
    platform,
    clock: platform.clock,
    log: platform.log.child({ requestId: who.requestId, tenantId: who.tenantId }),
    inTenant: async (work) => {
      const opened = await scope();
      const value = await platform.db.inTenant(opened, work);
      committed(opened.tenantId);
      return value;
    },
    readTenant,
    inControl: (work) => platform.db.inControl(work),
    openFields,
    openTexts: async () => {
      if (who.tenantId === null) throw new AppError('internal', 'This request names no tenant');
      const tier = await parts.tiers.tierOf(who.tenantId);
      return tenantTexts({
        tier,
        tenantId: who.tenantId,
        fingerprints: parts.fingerprints,
        openFields,
      });
    },
    openPlatformFields: () =>
      tenantKeys.openPlatform({ readControl: platform.db.readControl, signal: who.signal }),
  };
}

/** The context of a command or a loop of the system itself, outside any tenant. */
export function createSystemContext(parts: Parts): RequestContext {
  return createContext(parts, {
    requestId: newId(),
    actor: systemActor,
    tenantId: null,
    tenantRole: null,
    ip: null,
    userAgent: null,
    signal: new AbortController().signal,
    committed: () => undefined,
  });
}
