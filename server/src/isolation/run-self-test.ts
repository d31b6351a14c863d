import { attackCaches } from './attacks/attack-caches.ts';
import { attackConnections } from './attacks/attack-connections.ts';
import { attackCredentials } from './attacks/attack-credentials.ts';
import { attackFields } from './attacks/attack-fields.ts';
import { attackFiles } from './attacks/attack-files.ts';
import { attackInjection } from './attacks/attack-injection.ts';
import { attackJobs } from './attacks/attack-jobs.ts';
import { attackKeys } from './attacks/attack-keys.ts';
import { attackReach } from './attacks/attack-reach.ts';
import { attackReferences } from './attacks/attack-references.ts';
import { attackRoutes } from './attacks/attack-routes.ts';
import { attackSessions } from './attacks/attack-sessions.ts';
import { attackStreams } from './attacks/attack-streams.ts';
import { attackTables } from './attacks/attack-tables.ts';
import { attackTraces } from './attacks/attack-traces.ts';
import { forgeNotifications } from './attacks/forge-notifications.ts';
import { judgeChannels, listenToAll } from './attacks/watch-channels.ts';
import { askCanary, stopCanary } from './canaries/ask-canary.ts';
import type { CanaryTenant } from './canaries/canary.ts';
import { makeCanaries } from './canaries/make-canaries.ts';
import { makeObjects, makeVisits } from './canaries/make-objects.ts';
import { createLedger } from './ledger.ts';
import { KINDS, type Kind, type Report } from './report.ts';
import { createHttpClient, type HttpClient } from './requests/http-client.ts';
import type { Subject } from './subject.ts';
import { watchTenant } from './watch/watch-tenant.ts';
import type { World } from './world.ts';

export type Planted = { readonly secrets: readonly string[]; readonly ids: readonly string[] };

type Options = {
  runId: string;
  /** All of them, unless somebody looks for one fault. */
  kinds?: readonly Kind[];
  /** Told what stands in the tenants, and their ids, for who searches where the server can't. */
  planted?: (planted: Planted) => void;
  /** Told which kind is under way and how many attempts were made. */
  progress?: (step: string, attempts: number) => Promise<void>;
};

/** Routes come last: the twins of deletions delete. */
const ATTACKS: readonly (readonly [Kind, (world: World) => Promise<void>])[] = [
  ['streams', attackStreams],
  ['fields', attackFields],
  ['keys', attackKeys],
  ['caches', attackCaches],
  ['files', attackFiles],
  ['jobs', attackJobs],
  [
    'connections',
    async (world) => {
      await attackConnections(world);
      await attackSessions(world);
    },
  ],
  [
    'tables',
    async (world) => {
      await attackTables(world);
      await attackReferences(world);
    },
  ],
  // While A is still there: its keys must be good at home.
  ['credentials', attackCredentials],
  [
    'injection',
    async (world) => {
      // First, because what is injected into routes may delete A.
      await attackReach(world);
      await attackInjection(world);
    },
  ],
  ['routes', attackRoutes],
];

/**
 * Attacks tenant B with everything that anybody but its people could hold, on the running system.
 * The canaries are made by it and not removed: the caller does that, also when this throws.
 */
export async function runSelfTest(subject: Subject, options: Options): Promise<Report> {
  const started = Date.now();
  const kinds = options.kinds ?? KINDS;
  const ledger = createLedger();
  const lasted = new Map<Kind, number>();
  const http = createHttpClient(subject.listener);
  const tell = async (step: string): Promise<void> => options.progress?.(step, ledger.attempts);
  try {
    // Before anything is made, so that what is said of new tenants is heard, too.
    const ears = await listenToAll({ subject });
    try {
      await tell('making two tenants');
      const canaries = await makeCanaries({ subject, runId: options.runId });
      const { a, b } = canaries;
      options.planted?.({ secrets: [a.secret, b.secret], ids: [a.id, b.id] });
      const watch = watchTenant(subject, b);
      const world: World = { ...canaries, subject, runId: options.runId, ledger, http, watch };
      await fill(world);
      if (kinds.includes('channels')) await forgeNotifications(world, ears.heard.keys());
      for (const [kind, attack] of ATTACKS) {
        if (!kinds.includes(kind)) continue;
        await tell(kind);
        const since = Date.now();
        await attack(world);
        lasted.set(kind, secondsSince(since));
      }
      if (kinds.includes('traces')) await attackTraces(world, new Date(started));
      if (kinds.includes('channels')) judgeChannels(world, ears.heard);
    } finally {
      await ears.stop();
    }
    return ledger.report({
      version: subject.version,
      at: new Date(started),
      seconds: secondsSince(started),
      lasted,
      skipped: KINDS.filter((kind) => !kinds.includes(kind)),
    });
  } finally {
    http.close();
  }
}

const secondsSince = (moment: number): number => Math.round((Date.now() - moment) / 100) / 10;

/**
 * Documents, conversations and a question with its answer in each of the two. The answers are cut
 * short: what matters is that they are there, and a busy model must not hold up the test.
 */
async function fill(world: World): Promise<void> {
  const { a, b, http, subject } = world;
  await Promise.all([a, b].map((tenant) => makeObjects({ subject, http }, tenant)));
  for (const tenant of [a, b]) await makeVisits(http, tenant, world.platform);
  await Promise.all([a, b].map((tenant) => askAndStop(http, tenant)));
}

async function askAndStop(http: HttpClient, tenant: CanaryTenant): Promise<void> {
  const conversation = tenant.objects.get('conversation') ?? '';
  const { id } = await askCanary(http, tenant, conversation);
  tenant.objects.set('message', id);
  await stopCanary(http, tenant, conversation);
}
