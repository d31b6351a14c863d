import { tenantName, type TenantTx } from '../../platform/index.ts';
import { newId } from '../../platform/index.ts';
import { listForeignKeys, type ForeignKey } from '../repo/catalog.ts';
import type { World } from '../world.ts';
import { fillTable, type Row } from './fill-table.ts';

/**
 * Side channels of keys: a row of A that names a row of B, or has the same unique values, must fare
 * exactly as one that names nothing. An error that differs would tell A what B has.
 */
export async function attackReferences(world: World): Promise<void> {
  const { a, subject } = world;
  const scope = await subject.openTenant(a.id, a.admin.accountId);
  const keys = await subject.db.inTenant(scope, (tx) => listForeignKeys(tx, tenantName(a.id)));
  for (const key of keys) await attackForeignKey(world, key);
}

async function attackForeignKey(world: World, key: ForeignKey): Promise<void> {
  const [own, parent, theirs] = await Promise.all([
    fillTable(world, key.table, world.a),
    fillTable(world, key.parent, world.a),
    fillTable(world, key.parent, world.b),
  ]);
  const [column] = key.columns;
  const [target] = key.parentColumns;
  if (!own || !parent || !theirs || !column || !target || typeof theirs[target] !== 'string')
    return;
  const outcome = (value: unknown): Promise<string> =>
    tryInsert(world, key.table, { ...own, ...freshKeys(own, key), [column]: value });
  const twin = `a reference of ${key.table} to ${key.parent}`;
  const [foreign, never, rightful] = [
    await outcome(theirs[target]),
    await outcome(newId()),
    await outcome(parent[target]),
  ];
  // Nobody of the tenant may write this table at all.
  if (never === '42501') return;
  world.ledger.attempt(
    { kind: 'tables', name: `refer from A's ${key.table} to B's ${key.parent}`, twin },
    foreign === never ? null : { what: `gets ${foreign} where an id that never was gets ${never}` },
  );
  // Whatever else a made-up row breaks, its reference is not what fails.
  const works = rightful !== '23503' && never === '23503';
  world.ledger.twin(
    'tables',
    twin,
    works ? null : `its owner gets ${rightful}, an unknown id ${never}`,
  );
}

/** New values for the row's own id, so that only the reference decides. */
function freshKeys(row: Row, key: ForeignKey): Row {
  return 'id' in row && typeof row['id'] === 'string' && !key.columns.includes('id')
    ? { id: newId() }
    : {};
}

class Undo extends Error {}

async function tryInsert({ a, subject }: World, table: string, row: Row): Promise<string> {
  const scope = await subject.openTenant(a.id, a.admin.accountId);
  const name = `"${tenantName(a.id)}"."${table}"`;
  const list = Object.keys(row)
    .map((column) => `"${column}"`)
    .join(', ');
  try {
    await subject.db.inTenant(scope, async (tx: TenantTx) => {
      await tx.execute(
        `insert into ${name} (${list}) select ${list} from jsonb_populate_record(null::${name}, $1::jsonb)`,
        [JSON.stringify(row)],
      );
      throw new Undo('undo');
    });
    return 'ok';
  } catch (error) {
    return error instanceof Undo ? 'ok' : ((error as { code?: string }).code ?? 'unknown');
  }
}
