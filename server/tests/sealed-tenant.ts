import { constants, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createTenant, findTenant, openSeal } from '../src/tenancy/index.ts';
import { askForShares, takeShares } from '../src/tenancy/seal/ask-for-shares.ts';
import { nameCustodian } from '../src/tenancy/seal/custodians.ts';
import type { Person, TestAppliance } from './test-appliance.ts';

export type SealedTenant<P extends Person = Person> = {
  readonly id: string;
  /** An administrator of the tenant, who holds the shares. */
  readonly holder: P;
  /** Three, of which two open it. */
  readonly shares: readonly string[];
};

/** Names who takes the shares, as the making of the tenant through its route does. */
export async function makeCustodian(
  appliance: TestAppliance,
  { accountId }: Person,
  tenantId: string,
): Promise<void> {
  await appliance
    .contextOf(null, null)
    .inControl((tx) => nameCustodian(tx, { tenantId, accountId, operator: false }));
}

/** What the holder's browser does: draws a key pair, asks, takes and decrypts. */
export async function drawShares(
  appliance: TestAppliance,
  holder: Person,
  tenantId: string,
): Promise<string[]> {
  const ctx = appliance.contextOf(holder, tenantId);
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  await askForShares(ctx, { tenantId, publicKey: spki, shares: 3, threshold: 2 });
  const taken = await eventually(() => takeShares(ctx, tenantId));
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return taken.map((share) =>
    privateDecrypt(
      { key: privateKey, padding, oaepHash: 'sha256' },
      Buffer.from(share, 'base64'),
    ).toString('utf8'),
  );
}

/** A tenant of the sealed tier, opened for the first time and built. */
export function makeSealedTenant(appliance: TestAppliance, name?: string): Promise<SealedTenant> {
  return makeSealedTenantOf(appliance, (id) => appliance.makePerson({ [id]: 'admin' }), name);
}

/** The same with a holder of the caller's making, for instance one who is signed in. */
export async function makeSealedTenantOf<P extends Person>(
  appliance: TestAppliance,
  makeHolder: (tenantId: string) => Promise<P>,
  name = 'Sealed tenant',
): Promise<SealedTenant<P>> {
  const system = appliance.contextOf(null, null);
  const { id } = await createTenant(system, { name, language: 'en', tier: 'sealed' });
  const holder = await makeHolder(id);
  await makeCustodian(appliance, holder, id);
  const shares = await drawShares(appliance, holder, id);
  await openSeal(appliance.contextOf(holder, id), { tenantId: id, shares: shares.slice(0, 2) });
  await waitForState(appliance, id, 'active');
  return { id, holder, shares };
}

export async function waitForState(
  appliance: TestAppliance,
  tenantId: string,
  state: string,
): Promise<void> {
  const system = appliance.contextOf(null, null);
  await eventually(async () => {
    const tenant = await system.inControl((tx) => findTenant(tx, tenantId));
    return tenant?.state === state ? true : undefined;
  });
  const opens = (): Promise<boolean> =>
    appliance.parts.openTenant(tenantId, null).then(
      () => true,
      () => false,
    );
  // This process hears of it a moment later, or never where it does not listen.
  if (state === 'active') await eventually(async () => ((await opens()) ? true : undefined));
  else for (let tries = 0; tries < 80 && (await opens()); tries += 1) await pause(25);
}

/** The first value that is not undefined, within 15 seconds. */
export async function eventually<T>(look: () => Promise<T | undefined>, everyMs = 25): Promise<T> {
  for (let tries = 0; tries < 15_000 / everyMs; tries += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  throw new Error('what was waited for did not happen');
}
