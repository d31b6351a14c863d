import { setTimeout as pause } from 'node:timers/promises';
import { columnsOf } from '../src/app/encrypted-columns.ts';
import { keyParts } from '../src/app/key-parts.ts';
import {
  cryptoChecks,
  findRotation,
  getInventory,
  requestRotation,
  startKeyWatch,
  startRewriter,
  tenantKeyPlace,
  type Keeper,
  type Rotation,
  type RotationKind,
} from '../src/crypto/index.ts';
import { tenantName, type Config, type LiveFinding, type Platform } from '../src/platform/index.ts';
import { secretsOf, titlesOf } from './key-rows.ts';
import { startAppliance, type Person, type TestAppliance } from './test-appliance.ts';

export type KeyDesk = Awaited<ReturnType<typeof startKeyDesk>>;

/** An appliance whose keys leave memory after a second, with both keepers of rotations running. */
export async function startKeyDesk(settings: Partial<Config> = {}) {
  const appliance = await startAppliance({ CASEMATE_DATA_KEY_SECONDS: 1, ...settings });
  let rewriter = startFieldRewriter(appliance);
  const watch = startKeyWatch(appliance.parts.platform, appliance.parts.tenantKeys);
  return {
    appliance,
    titles: titlesOf(appliance),
    secrets: secretsOf(appliance),
    ...rotationsOf(appliance),
    makeTenant: async (): Promise<{ tenantId: string; person: Person }> => {
      const tenantId = await appliance.makeTenant();
      return { tenantId, person: await appliance.makePerson({ [tenantId]: 'member' }) };
    },
    keysOf: async (tenantId: string) => {
      const { rows } = await appliance.superuser.query<{ wrapped: string; state: string }>(
        `select wrapped, state from "${tenantName(tenantId)}".data_keys order by version`,
      );
      return rows;
    },
    /** Runs the live check of a control, perhaps with other parts of the platform. */
    check: async (control: string, instead: Partial<Platform> = {}): Promise<LiveFinding> => {
      const check = cryptoChecks(keyParts).find((one) => one.control === control);
      if (!check) throw new Error(`no live check of ${control}`);
      const ctx = appliance.contextOf(null, null);
      return check.run({ ...ctx, platform: { ...ctx.platform, ...instead } });
    },
    inventory: (tenantId: string) =>
      getInventory(keyParts, appliance.contextOf(null, null), tenantId),
    unwrap: (tenantId: string, wrapped: string) =>
      appliance.parts.platform.keys.unwrap(tenantKeyPlace(tenantId), [wrapped]),
    /** The next pass dies after so many batches, its lease unspent; another process follows. */
    killRewriterAfter: async (batches: number): Promise<void> => {
      await rewriter.stop();
      rewriter = startFieldRewriter(appliance, batches);
    },
    stop: async (): Promise<void> => {
      await Promise.all([rewriter.stop(), watch.stop()]);
      await appliance.stop();
    },
  };
}

function rotationsOf(appliance: TestAppliance) {
  const ctx = appliance.contextOf(null, null);
  const find = (id: string): Promise<Rotation | undefined> =>
    ctx.inControl((tx) => findRotation(tx, id));
  const ask = async (tenantId: string | null, kind: RotationKind): Promise<string> =>
    (await requestRotation(ctx, { tenantId, kind })).id;
  return {
    find,
    ask,
    /** Asks for a rotation and waits for its end. */
    rotate: async (tenantId: string | null, kind: RotationKind): Promise<Rotation> => {
      const id = await ask(tenantId, kind);
      for (let tries = 0; tries < 600; tries += 1) {
        const found = await find(id);
        if (found?.state === 'done' || found?.state === 'failed') return found;
        await pause(100);
      }
      throw new Error('the rotation did not end');
    },
  };
}

/** With `dieAfter` the first pass ends in the middle, as a killed process leaves it. */
function startFieldRewriter({ parts, superuser }: TestAppliance, dieAfter?: number): Keeper {
  const { platform, tenantKeys, openTenant } = parts;
  let left = dieAfter ?? Infinity;
  const dying = {
    ...tenantKeys,
    openRekeyer: async (reader: Parameters<typeof tenantKeys.openRekeyer>[0]) => {
      left -= 1;
      if (left === -1) {
        // The lease of the dead would end after half a minute.
        await superuser.query(
          `update control.key_rotations set lease_until = now() where state = 'rewriting'`,
        );
        throw new Error('the process was killed');
      }
      return tenantKeys.openRekeyer(reader);
    },
  };
  return startRewriter({
    platform,
    tenantKeys: dying,
    openTenant: (tenantId) => openTenant(tenantId, null),
    columnsOf,
    everyMs: 100,
  });
}
