import { AppError, type EncryptedColumn } from '../../platform/index.ts';
import type { Rekeyer } from '../fields/field-encryptor.ts';
import { countByVersion, listRows, replaceRow, type EncryptedRow } from '../repo/encrypted-rows.ts';
import type { Door } from './owner-door.ts';

type Rewriting = {
  door: Door;
  columns: readonly EncryptedColumn[];
  /** Opened anew for each batch: keys leave memory while a long pass goes on. */
  openFields: () => Promise<Rekeyer>;
  /** Encrypts plain text as well; otherwise it is a fault, since anybody could have put it there. */
  backfill: boolean;
  /** Told after each batch; false ends the pass: another process has it now. */
  progress: (done: number, total: number) => Promise<boolean>;
  signal: AbortSignal;
};

export type Rewritten = { finished: boolean; faults: string[] };

const BATCH = 100;

/**
 * Brings every field of the columns under the current key, batch by batch. A row that somebody
 * writes meanwhile stays as it was written. Run again after an interruption it passes over what is
 * done; what can't be opened is left alone and named.
 */
export async function rewriteFields(rewriting: Rewriting): Promise<Rewritten> {
  const { door, columns, progress, signal } = rewriting;
  const total = await countRows(door, columns);
  const faults: string[] = [];
  let done = 0;
  for (const column of columns) {
    let broken = 0;
    let after: readonly string[] | null = null;
    for (;;) {
      signal.throwIfAborted();
      const fields = await rewriting.openFields();
      const batch = await door(async (tx) => {
        const rows = await listRows(tx, column, { after, limit: BATCH });
        const changes = rows.map((row) => ({
          row,
          sealed: reseal(rewriting, fields, { column, row }),
        }));
        const writes = changes.flatMap(({ row, sealed }) =>
          typeof sealed === 'string' ? [replaceRow(tx, column, { row, sealed })] : [],
        );
        await Promise.all(writes);
        return { rows, broken: changes.filter(({ sealed }) => sealed === BROKEN).length };
      });
      done += batch.rows.length;
      broken += batch.broken;
      if (!(await progress(done, Math.max(done, total)))) return { finished: false, faults };
      if (batch.rows.length < BATCH) break;
      after = batch.rows.at(-1)?.id ?? null;
    }
    if (broken > 0)
      faults.push(`${column.table}.${column.column}: ${broken} field(s) cannot be opened`);
  }
  return { finished: true, faults };
}

const BROKEN = Symbol('broken');

type At = { column: EncryptedColumn; row: EncryptedRow };

/** The new text, null when nothing is to be done. */
function reseal(
  { backfill }: Rewriting,
  fields: Rekeyer,
  { column, row }: At,
): string | null | typeof BROKEN {
  const place = {
    table: column.table,
    row: row.id.join('/'),
    field: column.column,
    ...(row.provider === null ? {} : { provider: row.provider }),
  };
  const isPlain = !/^cm1\.\d{1,9}\./.test(row.stored);
  if (isPlain && backfill) return fields.encrypt(place, row.stored);
  try {
    return fields.rekey(place, row.stored);
  } catch (error) {
    if (error instanceof AppError && error.code === 'unreadable') return BROKEN;
    throw error;
  }
}

async function countRows(door: Door, columns: readonly EncryptedColumn[]): Promise<number> {
  let total = 0;
  for (const column of columns)
    for (const { rows } of await door((tx) => countByVersion(tx, column))) total += rows;
  return total;
}
