import { setTimeout as sleep } from 'node:timers/promises';
import { startSequencer, type Sequencer } from '../audit/index.ts';
import { createChat } from '../chat/index.ts';
import { awaitLedger } from '../crypto/index.ts';
import { accountJobs, adoptRows } from '../identity/index.ts';
import { countUnreadDocuments, searchKnowledge } from '../knowledge/index.ts';
import {
  startTracing,
  startWorker,
  type Config,
  type JobHandler,
  type Log,
} from '../platform/index.ts';
import { listLoggedTenantIds } from '../tenancy/index.ts';
import { createApp } from './create-app.ts';
import { hearRotations } from './hear-rotations.ts';
import { bindJobHandlers } from './job-handlers.ts';
import { listen } from './listen.ts';
import { createSystemContext } from './context.ts';
import { createParts, type Parts } from './parts.ts';
import { jobHandlers, routeTable } from './routes.ts';
import { startIsolation } from './start-isolation.ts';
import { startKeepers } from './start-keepers.ts';
import { VERSION } from './version.ts';
import { startWatch } from './watch.ts';

export type Running = { readonly httpsPort: number; stop(): Promise<void> };

const GRACE_MS = 10_000;
const WORKERS = 2;

/** Starts the server: API, dashboard, job worker and audit sequencer, in one process. */
export async function serve(config: Config): Promise<Running> {
  const started = performance.now();
  const stopTracing = await startTracing(config, { program: 'server', version: VERSION });
  const parts = await createParts(config, 'server');
  const { platform, openTenant } = parts;
  await awaitLedger(platform);
  await adoptRows(platform);
  const draining = new AbortController();
  const leaving = new AbortController();
  const stopListening = await parts.tenantChanges.start();
  const stopHearing = await hearRotations(parts);
  const sequencer = startSequencer({
    platform,
    openTenant: (tenantId) => openTenant(tenantId, null, { evenSuspended: true }),
    listTenants: () => platform.db.readControl(listLoggedTenantIds),
  });
  const chat = createChat({ search: searchKnowledge, countUnread: countUnreadDocuments });
  await chat.start(platform);
  parts.tenantChanges.onTenantChange(({ tenantId, state }) => {
    if (state !== 'active') chat.endTenant(tenantId);
  });
  let watch: ReturnType<typeof startWatch> | null = null;
  const routes = routeTable({
    watch: () => watch,
    identity: parts.identity,
    chat,
    startIsolation: (ctx): Promise<string> => startIsolation(parts, routes, ctx),
  });
  const app = createApp({
    parts,
    routes,
    committed: sequencer.noteEvents,
    draining: draining.signal,
    leaving: leaving.signal,
  });
  const worker = await startWorker({
    platform,
    queue: 'work',
    concurrency: WORKERS,
    closing: parts.tenantChanges.closing,
    handlers: handlersOf(parts, sequencer),
  });
  const keepers = startKeepers(parts);
  const listeners = await listen(config, platform.log, app);
  watch = startWatch(parts);
  sayReady(platform.log, started, listeners.httpsPort);
  return {
    httpsPort: listeners.httpsPort,
    stop: async () => {
      platform.log.info('stopping', { drainSeconds: config.CASEMATE_DRAIN_SECONDS });
      leaving.abort();
      await sleep(config.CASEMATE_DRAIN_SECONDS * 1000);
      // Streams end themselves when they see this; requests get the grace to finish.
      draining.abort(new Error('the server is stopping'));
      await Promise.all([
        listeners.close(GRACE_MS),
        chat.stop(),
        worker.stop(),
        watch?.stop(),
        ...keepers.map((keeper) => keeper.stop()),
      ]);
      platform.resilience.shedding.stop();
      await sequencer.stop();
      await Promise.all([stopListening(), stopHearing()]);
      parts.identity.hasher.stop();
      await platform.db.close();
      await stopTracing();
      platform.log.info('stopped');
    },
  };
}

/** Work of tenants, and of the platform itself. */
function handlersOf(parts: Parts, { noteEvents }: Sequencer): Record<string, JobHandler> {
  return {
    ...bindJobHandlers(parts, noteEvents, jobHandlers),
    ...accountJobs(createSystemContext(parts), parts.identity),
  };
}

function sayReady(log: Log, started: number, port: number): void {
  const ms = Math.round(performance.now() - started);
  log.info('ready', { ms, sinceStart: Math.round(process.uptime() * 1000), port });
}
