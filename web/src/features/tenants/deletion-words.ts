import type { Deletion } from '../../lib/api/types.ts';
import { formatDay } from '../../lib/format.ts';

/** Until when copies of a deleted tenant lie in the backups, in one line. */
export function deletionWords({ removed, copies }: Deletion): string {
  if (!removed) return 'its key, schema and role are being destroyed';
  if (!copies) return 'no backups are planned, so no copy is known';
  if (copies.dataGone && copies.keysGone) return 'no copy is left in the backups';
  const last = `the last copy dies by ${formatDay(copies.dataUntil)}`;
  if (copies.keysGone) return `${last}; no copy of its key is left`;
  return `${last}, that of its key by ${formatDay(copies.keysUntil)}`;
}
