import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { record, startSequencer } from '../../../server/src/audit/index.ts';
import {
  newId,
  systemActor,
  tenantName,
  type TenantTx,
} from '../../../server/src/platform/index.ts';
import type { Parts } from '../../../server/src/app/parts.ts';
import { installAppliance } from '../bench-appliance.ts';
import { percentile, rounded, type Bench } from '../figure.ts';
import { openServerParts } from '../server-parts.ts';

const SUSTAINED_MS = 30_000;
const WORKERS = 24;
const RATE = 2_000;
/** Slices with and without events take turns, so that the machine's moods meet both. */
const SLICE_MS = 1_000;
const SLICES = 24;

const source = {
  requestId: newId(),
  actor: { ...systemActor, kind: 'human' as const, auditId: newId() },
  ip: '192.0.2.7',
  userAgent: 'Mozilla/5.0 (bench)',
};

/** Changes of one tenant, each with its event in the same transaction, while the sequencer follows. */
export const audit: Bench = {
  name: 'audit',
  title:
    'events inside their transactions in one tenant: rate, added p99, and how far the log is behind',
  run: async ({ report }) => {
    const appliance = await installAppliance(report);
    try {
      const parts = await openServerParts(appliance.dir, `bench${process.pid}`);
      const { tenantId } = appliance;
      const sequencer = startSequencer({
        platform: parts.platform,
        openTenant: (id) => parts.openTenant(id, null),
        listTenants: () => Promise.resolve([tenantId]),
      });
      const database = await appliance.superuser();
      const change = await changer(parts, tenantId, sequencer.noteEvents);
      report(`as many as it can for ${SUSTAINED_MS / 1000} s`);
      const behind = watchLog(database, tenantId);
      const sustained = await flatOut(() => change(true));
      const worst = await behind.stop();
      report(`${rounded(sustained, 0)} events/s, the log at most ${rounded(worst)} s behind`);
      report(`${RATE} a second, with and without events by turns`);
      const times = await byTurns(change);
      const [withEvents, without] = [percentile(times.with, 0.99), percentile(times.without, 0.99)];
      await database.end();
      await sequencer.stop();
      await parts.platform.db.close();
      parts.identity.hasher.stop();
      return {
        figures: [
          {
            id: 'audit.rate',
            value: rounded(sustained, 0),
            unit: 'events/s',
            target: RATE,
            better: 'higher',
            reference: 315,
          },
          {
            id: 'audit.p99',
            value: rounded(withEvents - without, 2),
            unit: 'ms',
            target: 5,
            better: 'lower',
            reference: null,
          },
          {
            id: 'audit.behind',
            value: rounded(worst, 2),
            unit: 's',
            target: 1,
            better: 'lower',
            reference: null,
          },
        ],
        deviations: [
          'the changes are made by one more server process without HTTP: over the API two cores do not make so many',
          `p99 at ${RATE} transactions a second: ${rounded(withEvents)} ms with an event, ${rounded(without)} ms without`,
        ],
      };
    } finally {
      appliance.remove();
    }
  },
};

type Change = (recorded: boolean) => Promise<void>;

/** One small change, of a row of its own, with its event or without. */
async function changer(
  { platformFor, openTenant }: Parts,
  tenantId: string,
  noteEvents: (tenantId: string) => void,
): Promise<Change> {
  const accountId = randomUUID();
  const scope = await openTenant(tenantId, accountId);
  // A request's share of the connections, as the API's changes have it.
  const { db } = platformFor('request');
  return async (recorded) => {
    const id = newId();
    await db.inTenant(scope, async (tx: TenantTx) => {
      const changed = tx.execute(
        'insert into conversations (id, tenant_id, account_id) values ($1, $2, $3)',
        [id, tenantId, accountId],
      );
      const event = { action: 'conversation.create', resourceType: 'conversation', resourceId: id };
      if (recorded) await record(tx, source, event);
      await changed;
    });
    if (recorded) noteEvents(tenantId);
  };
}

async function flatOut(once: () => Promise<void>): Promise<number> {
  let done = 0;
  const started = performance.now();
  const ends = started + SUSTAINED_MS;
  await Promise.all(
    Array.from({ length: WORKERS }, async () => {
      while (performance.now() < ends) {
        await once();
        done += 1;
      }
    }),
  );
  return done / ((performance.now() - started) / 1000);
}

/** Each is due at its own time, and waits from then on, whether or not the one before has ended. */
async function byTurns(change: Change): Promise<{ with: number[]; without: number[] }> {
  const times = { with: [] as number[], without: [] as number[] };
  for (let slice = 0; slice < SLICES; slice += 1) {
    const recorded = slice % 2 === 0;
    const began = performance.now();
    let next = 0;
    await Promise.all(
      Array.from({ length: WORKERS }, async () => {
        for (;;) {
          const due = began + (next * 1000) / RATE;
          next += 1;
          if (due - began >= SLICE_MS) return;
          const early = due - performance.now();
          if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
          await change(recorded);
          times[recorded ? 'with' : 'without'].push(performance.now() - due);
        }
      }),
    );
  }
  return times;
}

/** The age of the oldest event that the log lacks, looked at four times a second; gives the worst. */
function watchLog(database: pg.Client, tenantId: string): { stop(): Promise<number> } {
  const name = tenantName(tenantId);
  let worst = 0;
  const look = async (): Promise<boolean> => {
    const { rows } = await database.query<{ age: string | null }>(
      `select extract(epoch from clock_timestamp() - min(event.at)) as age
       from "${name}".audit_events event
       where event.xid >= coalesce((select last.xid from "${name}".audit_log latest
             join "${name}".audit_events last on last.id = latest.event_id
             order by latest.seq desc limit 1), '0'::xid8)
         and not exists (select from "${name}".audit_log logged where logged.event_id = event.id)`,
    );
    worst = Math.max(worst, Number(rows[0]?.age ?? 0));
    return (rows[0]?.age ?? null) === null;
  };
  const state = { stopped: false };
  const looking = (async () => {
    while (!(state.stopped && (await look()))) {
      if (!state.stopped) await look();
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  })();
  return {
    stop: async () => {
      state.stopped = true;
      await looking;
      return worst;
    },
  };
}
