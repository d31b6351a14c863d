import type { LiveCheck } from '../../platform/index.ts';
import { countColumns, readKeys, type InventoryParts } from '../inventory/key-inventory.ts';
import { listRotations } from '../repo/rotations.ts';
import { examineOwners, findingOf } from './examine-owners.ts';

const STUCK_MS = 24 * 3_600_000;

/** ENC-03: each field carries a version whose key is still there, and no rotation is stuck. */
export function versionsInUse(parts: InventoryParts): LiveCheck {
  return {
    control: 'ENC-03',
    examines:
      'The key version of every field against the versions that are kept: none of a retired or unknown one, one current version each, no rotation stuck.',
    run: async (ctx) => {
      let fields = 0;
      let rotations = 0;
      const examined = await examineOwners(ctx, async (owner) => {
        const keys = await readKeys(parts, ctx, owner.tenantId);
        const usable = new Set(
          keys.filter(({ state }) => state !== 'retired').map(({ version }) => version),
        );
        const faults: string[] = [];
        const current = keys.filter(({ state }) => state === 'current').length;
        if (current !== 1) faults.push(`${current} current data keys`);
        for (const { state, wrapped, version } of keys)
          if (state === 'retired' && wrapped !== '')
            faults.push(`retired version ${version} is kept`);
        for (const { column, rows } of await countColumns(parts, ctx, owner))
          for (const { version, rows: count } of rows) {
            fields += count;
            if (version !== null && !usable.has(version))
              faults.push(`${count} field(s) of ${column.table} under version ${version}`);
          }
        const { tenantId } = owner;
        for (const rotation of await ctx.inControl((tx) =>
          listRotations(tx, { tenantId, limit: 5 }),
        )) {
          rotations += 1;
          const open = rotation.finishedAt === null && rotation.state !== 'failed';
          if (open && Date.now() - rotation.requestedAt.getTime() > STUCK_MS)
            faults.push(`a rotation has been under way for over a day`);
        }
        return faults;
      });
      return findingOf(
        examined,
        `${fields} fields under kept versions, ${rotations} rotation(s) seen,`,
      );
    },
  };
}
