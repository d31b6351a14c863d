import type { LiveCheck } from '../../platform/index.ts';
import { countColumns, type InventoryParts } from '../inventory/key-inventory.ts';
import { examineOwners, findingOf } from './examine-owners.ts';

/** ENC-01: counts every row of every encrypted column. */
export function noPlainText(parts: InventoryParts): LiveCheck {
  return {
    control: 'ENC-01',
    examines: 'Every row of every encrypted column: whether any holds plain text.',
    run: async (ctx) => {
      let fields = 0;
      let secrets = 0;
      const examined = await examineOwners(ctx, async (owner) => {
        const faults: string[] = [];
        for (const { column, rows } of await countColumns(parts, ctx, owner))
          for (const { version, rows: count } of rows) {
            fields += count;
            if (owner.tenantId === null) secrets += count;
            if (version === null)
              faults.push(`${count} row(s) of ${column.table}.${column.column} are plain text`);
          }
        return faults;
      });
      const stored =
        secrets === 0 ? 'no account secret is stored yet' : `${secrets} are of accounts`;
      return findingOf(examined, `${fields} fields, all ciphertext (${stored}),`);
    },
  };
}
