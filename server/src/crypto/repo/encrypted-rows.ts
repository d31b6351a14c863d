import {
  assertIdentifier,
  type EncryptedColumn,
  type Row,
  type Statements,
} from '../../platform/index.ts';

/*
 * The statements that every encrypted column has in common. Names of tables and columns come from
 * the rooms' lists (`EncryptedColumn`), constants of the program that pass the identifier's pattern;
 * the search path of the transaction says whose tables they are.
 */

export type EncryptedRow = {
  /** Values of the primary key, as text. */
  id: string[];
  provider: string | null;
  stored: string;
};

/** A batch in the order of the primary key, after a key or from the first row on. */
export async function listRows(
  tx: Statements,
  column: EncryptedColumn,
  { after, limit }: { after: readonly string[] | null; limit: number },
): Promise<EncryptedRow[]> {
  const { table, field, keys } = namesOf(column);
  const provider = column.provider ? assertIdentifier(column.provider) : 'null';
  const places = column.rowId.map((_name, at) => `$${at + 2}`).join(', ');
  const start = after === null ? '' : `and (${keys.join(', ')}) > (${places})`;
  const ids = keys.map((key) => `${key}::text`).join(', ');
  return tx.query<EncryptedRow & Row>(
    // eslint-disable-next-line casemate/no-string-built-sql -- constant names, see above
    `select array[${ids}] as id, ${provider} as provider, ${field} as stored from ${table}
     where ${field} is not null ${start} order by ${keys.join(', ')} limit $1`,
    [limit, ...(after ?? [])],
  );
}

/** Replaces a field unless somebody wrote it meanwhile. */
export function replaceRow(
  tx: Statements,
  column: EncryptedColumn,
  { row, sealed }: { row: EncryptedRow; sealed: string },
): Promise<number> {
  const { table, field, keys } = namesOf(column);
  const same = keys.map((key, at) => `${key} = $${at + 3}`).join(' and ');
  return tx.execute(
    // eslint-disable-next-line casemate/no-string-built-sql -- constant names, see above
    `update ${table} set ${field} = $1 where ${field} = $2 and ${same}`,
    [sealed, row.stored, ...row.id],
  );
}

/** Rows by version of the data key they are under; version null: plain text. */
export function countByVersion(
  tx: Statements,
  column: EncryptedColumn,
): Promise<{ version: number | null; rows: number }[]> {
  const { table, field } = namesOf(column);
  return tx.query(
    // eslint-disable-next-line casemate/no-string-built-sql -- constant names, see above
    `select substring(${field} from '^cm1\\.([0-9]{1,9})\\.')::integer as version,
       count(*)::float8 as rows
     from ${table} where ${field} is not null group by 1 order by 1`,
  );
}

/**
 * From here on the database takes no field under an older version into the column, and no plain
 * text; whatever is there already is checked by `validateColumn`. Needs the table for an instant.
 */
export async function refuseOlder(
  tx: Statements,
  column: EncryptedColumn,
  version: number,
): Promise<void> {
  const { table, field, constraint } = namesOf(column);
  const rule = `${field} ~ '^cm1\\.[0-9]{1,9}\\.' and split_part(${field}, '.', 2)::integer >= ${Math.trunc(version)}`;
  await tx.query(`set local lock_timeout = '500ms'`);
  await tx.query(
    // eslint-disable-next-line casemate/no-string-built-sql -- constant names, see above, and a number
    `alter table ${table} drop constraint if exists ${constraint},
       add constraint ${constraint} check (${rule}) not valid`,
  );
}

/** Reads the whole column without blocking its writers; throws when a row breaks the rule. */
export async function validateColumn(tx: Statements, column: EncryptedColumn): Promise<void> {
  const { table, constraint } = namesOf(column);
  await tx.query(`set local lock_timeout = '500ms'`);
  // eslint-disable-next-line casemate/no-string-built-sql -- constant names, see above
  await tx.query(`alter table ${table} validate constraint ${constraint}`);
}

type Names = { table: string; field: string; constraint: string; keys: string[] };

function namesOf({ table, column, rowId }: EncryptedColumn): Names {
  return {
    table: assertIdentifier(table),
    field: assertIdentifier(column),
    constraint: assertIdentifier(`keys_${column}`),
    keys: rowId.map(assertIdentifier),
  };
}
