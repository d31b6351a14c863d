import type { Platform, TenantScope } from '../platform/index.ts';
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
const SWEEP_MS = 60_000;

/**
 * One loop per process. A sweep over all tenants at start and every minute picks up what a process
 * that died had noted.
 */
export function startSequencer({ platform, openTenant, listTenants }: Options): Sequencer {
  const noted = new Set<string>();
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let lastSweep = 0;

  const pass = async (): Promise<void> => {
    if (Date.now() - lastSweep > SWEEP_MS) {
      lastSweep = Date.now();
      for (const id of await listTenants()) noted.add(id);
    }
    for (const tenantId of [...noted]) {
      if (stopped) return;
      noted.delete(tenantId);
      try {
        await sequenceEvents(platform.db, await openTenant(tenantId));
      } catch (error) {
        noted.add(tenantId);
        throw error;
      }
    }
    platform.metrics.auditGap.set(noted.size);
  };
  let timer: NodeJS.Timeout | undefined;
  const loop = (): void => {
    running = pass()
      .catch((error: unknown) => platform.log.warn('audit events could not be sequenced', { error }))
      .finally(() => {
        if (!stopped) timer = setTimeout(loop, PASS_MS);
      });
  };
  loop();
  return {
    noteEvents: (tenantId) => void noted.add(tenantId),
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
      await pass().catch(() => undefined);
    },
  };
}
