import { tenantName, type TenantTx } from '../../platform/index.ts';
import { newId } from '../../platform/index.ts';
import {
  listForeignKeys,
  listUniqueKeys,
  type ForeignKey,
  type UniqueKey,
} from '../repo/catalog.ts';
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
  const unique = await subject.db.inTenant(scope, (tx) => listUniqueKeys(tx, tenantName(a.id)));
  for (const key of unique) await attackUniqueKey(world, key, unique);
}

/** B's values in A's unique columns: taken there, they must be as free here as any others. */
async function attackUniqueKey(
  world: World,
  key: UniqueKey,
  all: readonly UniqueKey[],
): Promise<void> {
  const { table, columns } = key;
  const [own, theirs] = await Promise.all([
    fillTable(world, table, world.a),
    fillTable(world, table, world.b),
  ]);
  // The tenant's id and its people differ by themselves; what is left must be B's.
  const copied = columns.filter((column) => !OWN_COLUMNS.has(column));
  if (!own || !theirs || copied.length === 0 || (await hasItself(world, key, theirs))) return;
  const others = all.filter((other) => other.table === table && other.name !== key.name);
  const row = { ...own, ...freshValues(own, others), ...pick(theirs, copied) };
  const [foreign, twice] = [
    await tryInsert(world, table, row),
    await tryInsert(world, table, { ...row, ...pick(own, copied) }),
  ];
  // Nobody of the tenant may write this table at all.
  if (twice === '42501') return;
  const taken = `23505 ${key.name}`;
  const name = `${table} (${columns.join(', ')})`;
  world.ledger.attempt(
    { kind: 'tables', name: `B's values in A's ${name}`, twin: `A's values twice in ${name}` },
    foreign === taken ? { what: 'are refused as taken, which tells that B has them' } : null,
  );
  world.ledger.twin(
    'tables',
    `A's values twice in ${name}`,
    twice === taken ? null : `gets ${twice}, not the refusal of values that are taken`,
  );
}

/** Such as the same words of two documents, or the first version of a key. */
async function hasItself({ a, subject }: World, key: UniqueKey, theirs: Row): Promise<boolean> {
  const scope = await subject.openTenant(a.id, a.admin.accountId);
  const name = `"${tenantName(a.id)}"."${key.table}"`;
  const same = key.columns.map((column) => `entry."${column}" = other."${column}"`).join(' and ');
  const look = (tx: TenantTx): Promise<Row[]> =>
    tx.query(
      `select from ${name} entry, jsonb_populate_record(null::${name}, $1::jsonb) other
       where ${same} limit 1`,
      [JSON.stringify(theirs)],
    );
  // What the tenant may not read it has not by itself, either: then its insert is refused.
  return (await subject.db.inTenant(scope, look).catch(() => [])).length > 0;
}

/** What no row has, for the columns of other keys, so that this key alone decides. */
function freshValues(row: Row, keys: readonly UniqueKey[]): Row {
  const columns = keys.flatMap((key) => key.columns).filter((name) => !OWN_COLUMNS.has(name));
  return Object.fromEntries(
    columns.map((column) => {
      const value = row[column];
      if (typeof value === 'number') return [column, value + 1_000_000];
      return [column, typeof value === 'string' && UUID.test(value) ? newId() : value];
    }),
  );
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-/;
const OWN_COLUMNS: ReadonlySet<string> = new Set(['tenant_id', 'account_id']);

function pick(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, row[column]]));
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
    if (error instanceof Undo) return 'ok';
    const { code = 'unknown', constraint } = error as { code?: string; constraint?: string };
    return code === '23505' ? `${code} ${constraint ?? ''}` : code;
  }
}
