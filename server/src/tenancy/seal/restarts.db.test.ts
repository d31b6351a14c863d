import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startBreakableParts, type BreakableParts } from '../../../tests/breakable-parts.ts';
import { makeSealedTenant, waitForState, type SealedTenant } from '../../../tests/sealed-tenant.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { openSeal, readSeal } from '../index.ts';
import { startSealWatch } from './watch-seals.ts';

describe('a tenant that holds its own seal, when the key service starts again', () => {
  let parts: BreakableParts;
  let appliance: TestAppliance;
  let tenant: SealedTenant;
  let stopListening: () => Promise<void>;
  let watch: { stop(): Promise<void> };

  beforeAll(async () => {
    // Parts of its own: nobody else's key service goes away.
    parts = await startBreakableParts();
    appliance = await startAppliance({ CASEMATE_DATA_KEY_SECONDS: 1 });
    stopListening = await appliance.parts.tenantChanges.start();
    tenant = await makeSealedTenant(appliance);
    const needsIndex = (): Promise<void> => Promise.resolve();
    watch = startSealWatch({ platform: appliance.parts.platform, needsIndex, everyMs: 100 });
  });
  afterAll(async () => {
    await watch.stop();
    await stopListening();
    await appliance.stop();
    await parts.stop();
  });

  it('ENC-11: is sealed by the restart, with the reason told; the others work on; its shares open it', async () => {
    const other = await appliance.makeTenant('Other');
    const holding = appliance.contextOf(tenant.holder, tenant.id);
    const field = { table: 'messages', row: '1', field: 'content' };
    const stored = (await holding.openFields()).encrypt(field, 'the archive key');
    await parts.keyService.kill();
    parts.keyService.start();
    await waitForState(appliance, tenant.id, 'sealed');
    await expect(readSeal(holding, tenant.id)).resolves.toMatchObject({ reason: 'key_service' });
    await expect(holding.openFields()).rejects.toMatchObject({ code: 'sealed' });
    const fields = await appliance.contextOf(null, other).openFields();
    expect(fields.decrypt(field, fields.encrypt(field, 'text'))).toBe('text');
    await openSeal(holding, { tenantId: tenant.id, shares: tenant.shares.slice(1) });
    await waitForState(appliance, tenant.id, 'active');
    expect((await holding.openFields()).decrypt(field, stored)).toBe('the archive key');
  }, 120_000);
});
