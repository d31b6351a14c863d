import { tenantName, type TenantTx } from '../../platform/index.ts';
import { listColumns, mayDo, type Privilege } from '../repo/catalog.ts';
import type { World } from '../world.ts';
import type { Row } from './fill-table.ts';

/** A statement on a table of B that somebody has a right to. */
export type Operation = {
  readonly name: string;
  readonly by: 'tenant' | 'auditor';
  /** Gives how many rows it reached. */
  run(tx: TenantTx): Promise<number>;
};

type On = { schema: string; table: string; row: Row };

/**
 * What can be done with a table, as far as its grants let anybody do it at all: an operation that
 * nobody may do has no rightful owner, and refusing it shows nothing.
 */
export async function listOperations({ b, subject }: World, on: On): Promise<Operation[]> {
  const scope = await subject.openTenant(b.id, b.admin.accountId);
  const name = `"${on.schema}"."${on.table}"`;
  return subject.db.inTenant(scope, async (tx) => {
    const operations: Operation[] = [];
    const role = tenantName(b.id);
    const may = async (who: string, privilege: Privilege): Promise<boolean> =>
      mayDo(tx, { schema: on.schema, table: on.table, role: who, privilege });
    for (const [by, who] of [
      ['tenant', role],
      ['auditor', 'casemate_auditor'],
    ] as const) {
      if (operations.some(({ name: known }) => known === 'select')) break;
      if (!(await may(who, 'SELECT'))) continue;
      operations.push(
        {
          name: 'select',
          by,
          run: async (run) => (await run.query(`select * from ${name}`)).length,
        },
        { name: 'copy', by, run: (run) => run.execute(`copy ${name} to stdout`) },
      );
    }
    const columns = await listColumns(tx, { schema: on.schema, table: on.table, role });
    if (await may(role, 'INSERT')) {
      const own = columns.filter(
        ({ mayInsert, name: column }) => mayInsert && on.row[column] !== undefined,
      );
      const list = own.map(({ name: column }) => `"${column}"`).join(', ');
      const types = own.map(({ name: column, type }) => `"${column}" ${type}`).join(', ');
      operations.push({
        name: 'insert',
        by: 'tenant',
        run: (run) =>
          run.execute(
            `insert into ${name} (${list}) select ${list} from jsonb_to_record($1::jsonb) as entry (${types})`,
            [JSON.stringify(on.row)],
          ),
      });
    }
    const change = columns.find(({ mayUpdate }) => mayUpdate)?.name;
    if (change !== undefined)
      operations.push({
        name: 'update',
        by: 'tenant',
        run: (run) => run.execute(`update ${name} set "${change}" = "${change}"`),
      });
    if (await may(role, 'DELETE'))
      operations.push({
        name: 'delete',
        by: 'tenant',
        run: (run) => run.execute(`delete from ${name}`),
      });
    return operations;
  });
}
