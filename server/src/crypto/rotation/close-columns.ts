import type { EncryptedColumn } from '../../platform/index.ts';
import { refuseOlder, validateColumn } from '../repo/encrypted-rows.ts';
import type { Door } from './owner-door.ts';

const CHECK_VIOLATION = '23514';

/**
 * Makes the database refuse fields under versions before `version`, then has it read every row.
 * False when a row is still under an older one.
 */
export async function closeColumns(
  door: Door,
  columns: readonly EncryptedColumn[],
  version: number,
): Promise<boolean> {
  for (const column of columns) await door((tx) => refuseOlder(tx, column, version));
  for (const column of columns)
    try {
      await door((tx) => validateColumn(tx, column));
    } catch (error) {
      if ((error as { code?: string }).code === CHECK_VIOLATION) return false;
      throw error;
    }
  return true;
}
