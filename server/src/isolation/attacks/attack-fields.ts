import {
  newId,
  tenantName,
  type EncryptedColumn,
  type FieldEncryptor,
  type TenantTx,
} from '../../platform/index.ts';
import type { CanaryTenant } from '../canaries/canary.ts';
import type { World } from '../world.ts';
import { keyReader } from './key-reader.ts';

const FORMAT = /^cm\d\./;

type Stored = { row: string; text: string; provider: string | null };

/**
 * Ciphertexts in the wrong place: B's under A's key, another row's, another column's, another
 * table's. Each must fail to open; the twin opens where it belongs. Columns that hold ciphertext and
 * are not declared, and declared ones that hold none, count too.
 */
export async function attackFields(world: World): Promise<void> {
  const { a, b, ledger, subject } = world;
  const columns = subject.columns.filter(({ tier }) => tier === 'all');
  ledger.demand('encrypted_columns', subject.columns.map(nameOf));
  const [ofA, ofB] = await Promise.all([openFields(world, a), openFields(world, b)]);
  for (const column of columns) await attackColumn(world, column, { ofA, ofB });
  // Ciphertext only where the tenant holds its own seal; the canaries don't.
  for (const column of subject.columns)
    if (column.tier === 'sealed') ledger.cover('encrypted_columns', nameOf(column));
  await findUndeclared(world);
}

export const nameOf = ({ table, column }: EncryptedColumn): string => `${table}.${column}`;

function openFields({ subject }: World, tenant: CanaryTenant): Promise<FieldEncryptor> {
  return subject.newKeys().open(keyReader(subject, tenant.id));
}

type Rings = { ofA: FieldEncryptor; ofB: FieldEncryptor };

async function attackColumn(
  world: World,
  column: EncryptedColumn,
  { ofA, ofB }: Rings,
): Promise<void> {
  const { ledger, b } = world;
  const place = { table: column.table, field: column.column };
  const name = nameOf(column);
  let [stored] = await readStored(world, b, column);
  if (!stored) {
    // Nothing is there now, as with events of a stream that has ended: one is written as the room would.
    const row = column.rowId.map(() => newId()).join('/');
    stored = { row, text: ofB.encrypt({ ...place, row }, `a text of ${b.secret}`), provider: null };
  }
  const { row, text } = stored;
  const provider = stored.provider === null ? {} : { provider: stored.provider };
  const wrong: [string, FieldEncryptor, { table: string; row: string; field: string }][] = [
    ["in A's row", ofA, { ...place, row: newId() }],
    ['in the same row of A', ofA, { ...place, row }],
    ['in another row of B', ofB, { ...place, row: newId() }],
    ['in another column of B', ofB, { ...place, field: `${column.column}_too`, row }],
    ['in another table of B', ofB, { ...place, table: `${column.table}_too`, row }],
    ['under another service of B', ofB, { ...place, row }],
  ];
  for (const [where, ring, at] of wrong) {
    const other = where.startsWith('under') ? { provider: 'isolation-test' } : provider;
    const opened = tryOpen(ring, { ...at, ...other }, text);
    ledger.attempt(
      { kind: 'fields', name: `B's ${name} ${where}`, twin: `${name} where it belongs` },
      opened === null ? null : { what: 'the ciphertext opens', bytes: Buffer.byteLength(opened) },
    );
  }
  const changed = `${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`;
  ledger.attempt(
    {
      kind: 'fields',
      name: `B's ${name} with one character changed`,
      twin: `${name} where it belongs`,
    },
    tryOpen(
      ofB,
      { ...place, row, ...provider },
      `${changed.slice(0, 20)}${changed[20] === 'A' ? 'B' : 'A'}${changed.slice(21)}`,
    ) === null
      ? null
      : { what: 'a changed ciphertext opens' },
  );
  const rightful = tryOpen(ofB, { ...place, row, ...provider }, text);
  ledger.twin(
    'fields',
    `${name} where it belongs`,
    rightful === null ? 'its owner can not open it' : null,
  );
  ledger.cover('encrypted_columns', name);
}

function tryOpen(
  ring: FieldEncryptor,
  place: { table: string; row: string; field: string; provider?: string },
  text: string,
): string | null {
  try {
    return ring.decrypt(place, text);
  } catch {
    return null;
  }
}

async function readStored(
  { subject }: World,
  tenant: CanaryTenant,
  column: EncryptedColumn,
): Promise<Stored[]> {
  const schema = tenantName(tenant.id);
  const id = column.rowId.map((part) => `entry."${part}"::text`).join(` || '/' || `);
  const provider = column.provider === undefined ? 'null' : `entry."${column.provider}"::text`;
  const scope = await subject.openTenant(tenant.id, tenant.admin.accountId);
  return subject.db.inTenant(scope, (tx: TenantTx) =>
    tx.query<Stored>(
      `select ${id} as row, entry."${column.column}"::text as text, ${provider} as provider
       from "${schema}"."${column.table}" entry where entry."${column.column}" is not null limit 1`,
    ),
  );
}

/** Looks at every text of B: ciphertext where none is declared, a canary where ciphertext should be. */
async function findUndeclared({ b, ledger, subject }: World): Promise<void> {
  const scope = await subject.openTenant(b.id, b.admin.accountId);
  const schema = tenantName(b.id);
  const declared = new Set(subject.columns.map(nameOf));
  const always = new Set(subject.columns.filter(({ tier }) => tier === 'all').map(nameOf));
  await subject.db.inTenant(scope, async (tx) => {
    const columns = await tx.query<{ table: string; column: string }>(
      `select class.relname::text as "table", att.attname::text as "column"
       from pg_attribute att join pg_class class on class.oid = att.attrelid
       join pg_namespace space on space.oid = class.relnamespace
       where space.nspname = $1 and class.relkind in ('r', 'p') and att.attnum > 0 and not att.attisdropped
         and att.atttypid = 'text'::regtype and has_column_privilege(class.oid, att.attnum, 'SELECT')`,
      [schema],
    );
    for (const { table, column } of columns) {
      const name = `${table}.${column}`;
      const rows = await tx.query<{ text: string }>(
        `select entry."${column}" as text from "${schema}"."${table}" entry where entry."${column}" is not null limit 20`,
      );
      if (rows.some(({ text }) => FORMAT.test(text)) && !declared.has(name))
        ledger.demand('encrypted_columns', [`${name} (holds ciphertext, but no room declares it)`]);
      if (!always.has(name)) continue;
      const open = rows.filter(({ text }) => !FORMAT.test(text) && text !== '');
      ledger.attempt(
        {
          kind: 'fields',
          name: `${name} read as it lies on the disk`,
          twin: `${name} where it belongs`,
        },
        open.length > 0
          ? { what: `${open.length} texts are not encrypted`, rows: open.length }
          : null,
      );
    }
  });
}
