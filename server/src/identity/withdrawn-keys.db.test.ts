import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startBreakableParts, type BreakableParts } from '../../tests/breakable-parts.ts';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { AppError, type VaultClient } from '../platform/index.ts';
import { signingKeys } from '../rotation/index.ts';
import { createAccessTokens, withdrawnKeys } from './index.ts';

const claims = { accountId: 'account', sessionId: 'session' };

describe('a signing key that was stolen', () => {
  let parts: BreakableParts;
  let appliance: TestAppliance;

  beforeAll(async () => {
    // Parts of its own: the key is rotated and withdrawn.
    parts = await startBreakableParts();
    appliance = await startAppliance();
  });
  afterAll(async () => {
    await appliance.stop();
    await parts.stop();
  });

  /** A process of the server that loses its line to the key service, and not to the database. */
  const startProcess = () => {
    const { vault, db } = appliance.parts.platform;
    let cut = false;
    const away = (): Promise<never> =>
      Promise.reject(new AppError('unavailable', 'The key service does not answer'));
    const client: VaultClient = {
      calls: () => 0,
      answeredAt: () => -Infinity,
      read: (path) => (cut ? away() : vault.read(path)),
      write: (path, body) => (cut ? away() : vault.write(path, body)),
      remove: away,
    };
    const tokens = createAccessTokens(client, { withdrawn: () => db.readControl(withdrawnKeys) });
    return { tokens, cut: () => void (cut = true) };
  };

  it('SES-01: is refused once withdrawn, by a process that cannot read the key service, too', async () => {
    const { tokens, cut } = startProcess();
    const { accessToken } = await tokens.issue(claims);
    await tokens.verify(accessToken);
    cut();
    // The twin: what is not withdrawn is verified without the key service.
    await expect(tokens.verify(accessToken)).resolves.toMatchObject(claims);
    const order = { requestedAt: new Date(), compromised: true };
    await signingKeys.rotate?.(appliance.provisioning.platform, order);
    // Without a notification it is noticed within five seconds.
    await pause(5_500);
    await tokens.verify(accessToken).catch(() => undefined);
    await pause(500);
    await expect(tokens.verify(accessToken)).rejects.toMatchObject({ code: 'unauthenticated' });
    const { tokens: other } = startProcess();
    const { accessToken: next } = await other.issue(claims);
    await expect(other.verify(next)).resolves.toMatchObject(claims);
    await expect(other.verify(accessToken)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  it('SES-01: is withdrawn by the provisioner alone, and never given back', async () => {
    const count = (platform: TestAppliance['parts']['platform']): Promise<number> =>
      platform.db.readControl(withdrawnKeys).then((gone) => gone.size);
    expect(await count(appliance.parts.platform)).toBeGreaterThan(0);
    for (const { platform } of [appliance.parts, appliance.provisioning]) {
      const change = platform.db.inControl((tx) =>
        tx.execute('delete from control.withdrawn_keys'),
      );
      await expect(change).rejects.toMatchObject({ code: '42501' });
    }
    const forged = appliance.parts.platform.db.inControl((tx) =>
      tx.execute(`insert into control.withdrawn_keys (thumbprint) values (repeat('a', 43))`),
    );
    await expect(forged).rejects.toMatchObject({ code: '42501' });
  });
});
