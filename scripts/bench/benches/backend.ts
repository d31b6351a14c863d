import { tenantName } from '../../../server/src/platform/index.ts';
import { memoryOf, watchBackends, type Watch } from '../fleet/backend-memory.ts';
import { makeBucketLogin } from '../fleet/bucket-login.ts';
import { lendProofs, openFleet, type Fleet } from '../fleet/fleet.ts';
import { addTenantMigration, runMigrator } from '../fleet/run-migrator.ts';
import { makeMembers } from '../fleet/traffic.ts';
import { rounded, type Bench } from '../figure.ts';

/** Tables that the requests of one person touch. */
const TABLES = ['conversations', 'messages', 'documents', 'chunks', 'embeddings'];

/** Memory of the database's backends while all tenants are served. */
export const backend: Bench = {
  name: 'backend',
  title: 'highest memory of one database backend while all tenants are served',
  run: async ({ report, tenants }) => {
    const fleet = await openFleet(report);
    await fleet.growTo(tenants);
    const served = await whileServed(fleet);
    report(`${served.text}; now one that is never closed`);
    const reference = await withoutRecycling(fleet);
    return {
      figures: [
        {
          id: 'backend',
          value: rounded(served.highest, 1),
          unit: 'MB',
          target: 60,
          better: 'lower',
          reference,
        },
      ],
      deviations: [
        `${fleet.tenantIds.length} tenants, ${TABLES.length} tables each; at most ${served.text}; the reference is one connection of this run that touched them all`,
      ],
    };
  },
};

async function whileServed(fleet: Fleet): Promise<ReturnType<Watch['stop']>> {
  const { appliance, tenantIds, database } = fleet;
  const tokens = await makeMembers(fleet, 4);
  const watch = watchBackends(database);
  let next = 0;
  await Promise.all(
    tokens.map(async (token) => {
      for (let id = tenantIds[next++]; id; id = tenantIds[next++]) {
        const tenant = `/api/tenants/${id}`;
        await appliance.api('GET', `${tenant}/conversations`, { token });
        const made = await appliance.api<{ id: string }>('POST', `${tenant}/conversations`, {
          token,
          json: {},
        });
        await appliance.api('GET', `${tenant}/conversations/${made.id}`, { token });
        await appliance.api('GET', `${tenant}/documents`, { token });
        await appliance.api('GET', `${tenant}/search?q=harbour`, { token });
      }
    }),
  );
  // A migration of all tenants, the provisioner and the keepers are backends as well.
  await addTenantMigration(appliance, 'alter table conversations add column bench_memory text;');
  await runMigrator(appliance);
  return watch.stop();
}

async function withoutRecycling(fleet: Fleet): Promise<number> {
  const login = await makeBucketLogin(fleet);
  const lent = await lendProofs(fleet, fleet.tenantIds.slice(0, 1_000));
  const client = await login.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  for (const id of fleet.tenantIds.slice(0, 1_000)) {
    const name = tenantName(id);
    await Promise.all([
      client.query(
        `BEGIN; SET LOCAL ROLE "${name}"; SET LOCAL search_path = "${name}", pg_catalog`,
      ),
      client.query(`select set_config('casemate.proof', $1, true)`, [lent.proofOf(id)]),
      client.query('select count(*) from conversations'),
      client.query('select count(*) from messages'),
      client.query('select count(*) from documents'),
      client.query('select count(*) from chunks'),
      client.query('select count(*) from embeddings'),
      client.query('COMMIT'),
    ]);
  }
  const highest = memoryOf(rows[0]?.pid ?? 0);
  await client.end();
  await lent.restore();
  await login.remove();
  return rounded(highest, 1);
}
