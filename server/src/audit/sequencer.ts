import { startWalk, type Platform, type TenantScope } from '../platform/index.ts';
import { sequenceEvents } from './sequence-events.ts';

export type Sequencer = {
  /** Says that a tenant has committed events; they are in its log within a second. */
  noteEvents(tenantId: string): void;
  stop(): Promise<void>;
};

type Options = {
  platform: Platform;
  openTenant: (tenantId: string) => Promise<TenantScope>;
  listTenants: () => Promise<string[]>;
};

const PASS_MS = 500;
const WALK_MS = 60_000;
/** Closed tenants, and those whose schema (42P01) or role (22023) was removed a moment ago. */
const CLOSED: ReadonlySet<string> = new Set([
  'not_found',
  'not_allowed_now',
  'suspended',
  'sealed',
  '42P01',
  '22023',
]);

/**
 * One loop per process; the platform's own log is looked at in each pass, since everything writes to
 * it. A walk over all tenants, at start and then at a bounded pace, picks up what a process that died
 * had noted.
 */
export function startSequencer({ platform, openTenant, listTenants }: Options): Sequencer {
  const noted = new Set<string>();
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let lastThorough = 0;

  const sequence = async (tenantId: string, thorough: boolean): Promise<number> => {
    try {
      const { waiting } = await sequenceEvents(platform.db, await openTenant(tenantId), thorough);
      if (waiting > 0) noted.add(tenantId);
      return waiting;
    } catch (error) {
      // A tenant that is closed or gone has no log to write to; when it opens, the walk finds it.
      if (CLOSED.has(String((error as { code?: unknown }).code))) return 0;
      noted.add(tenantId);
      platform.log.warn('audit events wait to be sequenced', { tenantId, error });
      return 0;
    }
  };
  const pass = async (): Promise<void> => {
    const thorough = Date.now() - lastThorough > WALK_MS;
    if (thorough) lastThorough = Date.now();
    const tenants = [...noted];
    noted.clear();
    let waiting = 0;
    for (const tenantId of tenants) waiting += await sequence(tenantId, false);
    waiting += (await sequenceEvents(platform.db, 'platform', thorough)).waiting;
    platform.metrics.auditGap.set(waiting);
  };
  let timer: NodeJS.Timeout | undefined;
  const loop = (): void => {
    running = pass()
      .catch((error: unknown) => platform.log.warn('the audit pass failed', { error }))
      .finally(() => {
        if (!stopped) timer = setTimeout(loop, PASS_MS);
      });
  };
  loop();
  const walk = startWalk({
    list: listTenants,
    visit: (tenantId) => sequence(tenantId, true),
    everyMs: WALK_MS,
    log: platform.log,
    what: 'the walk over all logs',
  });
  return {
    noteEvents: (tenantId) => void noted.add(tenantId),
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await Promise.all([running, walk.stop()]);
      await pass().catch(() => undefined);
    },
  };
}
