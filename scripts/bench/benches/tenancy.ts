import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { statementsOf } from '../../../server/src/platform/db/statements.ts';
import { readTenant } from '../../../server/src/platform/db/with-tenant.ts';
import { listConversations } from '../../../server/src/chat/repo/conversations.ts';
import { tenantName, type TenantTx } from '../../../server/src/platform/index.ts';
import { makeBucketLogin } from '../fleet/bucket-login.ts';
import { lendProofs, openFleet } from '../fleet/fleet.ts';
import { percentile, rounded, type Bench } from '../figure.ts';

const WARM_UP = 500;
const SAMPLES = 5_000;
const PAGE = { after: null, limit: 50 };

/** What role, row security and claim add to the statement of `light`, both in one round trip. */
export const tenancy: Bench = {
  name: 'tenancy',
  title: 'time that role, row security and claim add to the statement of light',
  run: async ({ report }) => {
    const fleet = await openFleet(report);
    await fleet.growTo(10);
    const { database, tenantIds } = fleet;
    const [tenantId = ''] = tenantIds;
    const accountId = randomUUID();
    const name = tenantName(tenantId);
    await database.query(
      `insert into "${name}".conversations (id, tenant_id, account_id)
       select gen_random_uuid(), $1, $2 from generate_series(1, 20)`,
      [tenantId, accountId],
    );
    const login = await makeBucketLogin(fleet);
    const lent = await lendProofs(fleet, [tenantId]);
    await makeTwin(database, name, await ownerOf(login));
    const [guarded, plain] = [await login.connect(), await login.connect()];
    const scope = { tenantId, accountId, bucket: 0, proof: lent.proofOf(tenantId) };
    const acquire = (): Promise<pg.PoolClient> =>
      Promise.resolve(Object.assign(guarded, { release: () => undefined }) as pg.PoolClient);
    await plain.query(`set search_path = bench, pg_catalog`);
    const times: { guarded: number[]; plain: number[] } = { guarded: [], plain: [] };
    for (let run = 0; run < WARM_UP + SAMPLES; run += 1) {
      const began = performance.now();
      const seen = await readTenant(acquire, scope, (tx) => listConversations(tx, PAGE));
      const middle = performance.now();
      const twin = await inPlain(plain, accountId);
      const ended = performance.now();
      if (seen.length !== 20 || twin.length !== 20) throw new Error('not the same rows');
      if (run < WARM_UP) continue;
      times.guarded.push(middle - began);
      times.plain.push(ended - middle);
    }
    await Promise.all([guarded.end(), plain.end()]);
    await database.query('drop schema bench cascade');
    await lent.restore();
    await login.remove();
    const [guard, bare] = [percentile(times.guarded, 0.5), percentile(times.plain, 0.5)];
    return {
      figures: [
        {
          id: 'tenancy',
          value: rounded(guard - bare, 3),
          unit: 'ms',
          target: 0.15,
          better: 'lower',
          reference: 0.1,
        },
      ],
      deviations: [
        `medians of ${SAMPLES}: ${rounded(guard, 3)} ms with, ${rounded(bare, 3)} ms in a plain BEGIN and COMMIT on the same rows without row security, by turns`,
        'on connections of the bench with a proof that it lent, since the real one stays in the key service',
      ],
    };
  },
};

async function ownerOf(login: { connect(): Promise<pg.Client> }): Promise<string> {
  const client = await login.connect();
  const { rows } = await client.query<{ name: string }>('select current_user::text as name');
  await client.end();
  return rows[0]?.name ?? '';
}

/** The same rows and indexes in a table that nothing guards. */
async function makeTwin(database: pg.Client, name: string, reader: string): Promise<void> {
  await database.query(
    `create schema bench;
     create table bench.conversations (like "${name}".conversations including indexes);
     insert into bench.conversations select * from "${name}".conversations;
     analyze bench.conversations; analyze "${name}".conversations;
     grant usage on schema bench to ${reader};
     grant select on bench.conversations to ${reader}`,
  );
}

async function inPlain(client: pg.Client, accountId: string): Promise<unknown[]> {
  const tx = { ...statementsOf(client), accountId } as TenantTx;
  const [, rows] = await Promise.all([
    client.query('BEGIN'),
    listConversations(tx, PAGE),
    client.query('COMMIT'),
  ]);
  return rows;
}
