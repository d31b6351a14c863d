import {
  newId,
  systemActor,
  type Actor,
  type Deadline,
  type RequestContext,
  type ShareName,
  type TenantStanding,
  type TenantScope,
} from '../platform/index.ts';
import { AppError } from '../platform/index.ts';
import { tenantTexts } from '../tenancy/index.ts';
import { sayClosed } from './say-closed.ts';
import type { Parts } from './parts.ts';

type Origin = {
  requestId: string;
  actor: Actor;
  tenantId: string | null;
  standing: TenantStanding | null;
  ip: string | null;
  userAgent: string | null;
  signal: AbortSignal;
  /** Told after each committed tenant transaction, so that its audit rows are sequenced. */
  committed: (tenantId: string) => void;
  /** Whose connections it uses; the background's unless a request says otherwise. */
  share?: ShareName;
  /** Until when an answer is of use. */
  deadline?: Deadline | undefined;
};

/** Binds who asks, for which tenant, to the parts: the first argument of every action. */
export function createContext(parts: Parts, origin: Origin): RequestContext {
  const { openTenant, tenantKeys } = parts;
  const { committed, share = 'background', deadline, ...who } = origin;
  const platform = parts.platformFor(share);
  const scope = async (): Promise<TenantScope> => {
    if (who.tenantId === null) throw new AppError('internal', 'This request names no tenant');
    const opened = await openTenant(who.tenantId, who.actor.accountId);
    return { ...opened, mustStayOpen: true, ...(deadline ? { deadline } : {}) };
  };
  const readTenant: RequestContext['readTenant'] = async (work) => {
    const opened = await scope();
    return sayClosed(platform.db, opened, () => platform.db.readTenant(opened, work));
  };
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
    mustBeOpen: async () => {
      await scope();
    },
    inTenant: async (work) => {
      const opened = await scope();
      const value = await sayClosed(platform.db, opened, () => platform.db.inTenant(opened, work));
      committed(opened.tenantId);
      return value;
    },
    readTenant,
    inControl: (work) => platform.db.inControl(work, deadline),
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
    standing: null,
    ip: null,
    userAgent: null,
    signal: new AbortController().signal,
    committed: () => undefined,
  });
}
