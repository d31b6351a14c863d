import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  drawShares,
  eventually,
  makeCustodian,
  makeSealedTenant,
  waitForState,
  type SealedTenant,
} from '../../../tests/sealed-tenant.ts';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { AppError } from '../../platform/index.ts';
import {
  closeSeal,
  createTenant,
  deleteTenant,
  dropTenant,
  openSeal,
  readSeal,
  resumeTenant,
  suspendTenant,
} from '../index.ts';
import { readSealStatus, sealNamespace } from './namespace.ts';
import { askForShares, takeShares } from './ask-for-shares.ts';
import { sealChecks } from './seal-checks.ts';
import { startSealWatch } from './watch-seals.ts';

describe('a tenant that holds its own seal', () => {
  let appliance: TestAppliance;
  let stopListening: () => Promise<void>;
  let tenant: SealedTenant;

  beforeAll(async () => {
    appliance = await startAppliance();
    stopListening = await appliance.parts.tenantChanges.start();
    tenant = await makeSealedTenant(appliance);
  });
  afterEach(async () => {
    if ((await readSeal(holding(), tenant.id)).sealed) await reopen();
  });
  afterAll(async () => {
    await stopListening();
    await appliance.stop();
  });
  const holding = (id = tenant.id): ReturnType<TestAppliance['contextOf']> =>
    appliance.contextOf(tenant.holder, id);
  const open = (shares: readonly string[]): ReturnType<typeof openSeal> =>
    openSeal(holding(), { tenantId: tenant.id, shares });
  const close = (): Promise<void> => closeSeal(holding(), tenant.id);
  const reopen = async (): Promise<void> => {
    await open(tenant.shares.slice(1));
    await waitForState(appliance, tenant.id, 'active');
  };
  const field = { table: 'messages', row: '1', field: 'content' };

  it('ENC-11: a tenant of the standard tier has no seal to open or close', async () => {
    const id = await appliance.makeTenant('Standard');
    await expect(readSeal(holding(id), id)).rejects.toMatchObject({ code: 'not_allowed_now' });
    await expect(closeSeal(holding(id), id)).rejects.toMatchObject({ code: 'not_allowed_now' });
  });

  it('ENC-11: nobody but the custodian takes the shares, once, and they are stored encrypted alone', async () => {
    const system = appliance.contextOf(null, null);
    const { id } = await createTenant(system, { name: 'Asked', language: 'en', tier: 'sealed' });
    await makeCustodian(appliance, tenant.holder, id);
    const other = await appliance.makePerson({ [id]: 'admin' });
    const taking = takeShares(appliance.contextOf(other, id), id);
    await expect(taking).rejects.toMatchObject({ code: 'forbidden' });
    await expect(drawShares(appliance, other, id)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(takeShares(holding(id), id)).rejects.toMatchObject({ code: 'not_found' });
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
    const spki = publicKey.export({ format: 'der', type: 'spki' });
    await askForShares(holding(id), { tenantId: id, publicKey: spki, shares: 3, threshold: 2 });
    await eventually(async () => {
      const { rows } = await appliance.superuser.query<{ made: boolean }>(
        `select sealed_shares is not null as made from control.seal_ceremonies where tenant_id = $1`,
        [id],
      );
      return rows[0]?.made === true ? true : undefined;
    });
    const late = takeShares(appliance.contextOf(other, id), id);
    await expect(late).rejects.toMatchObject({ code: 'forbidden' });
    // The window in which they were asked for was closed: nobody took them, so new ones are made.
    const shares = await drawShares(appliance, tenant.holder, id);
    expect(shares).toHaveLength(3);
    for (const share of shares) expect(share).toMatch(/^[0-9a-f]{66}$/);
    await expect(takeShares(holding(id), id)).rejects.toMatchObject({ code: 'not_found' });
    const { rows } = await appliance.superuser.query(
      `select to_jsonb(ceremony) from control.seal_ceremonies ceremony where tenant_id = $1`,
      [id],
    );
    expect(rows).toEqual([]);
    // Those that were taken stay the tenant's: no second ask throws them away.
    await expect(drawShares(appliance, tenant.holder, id)).rejects.toMatchObject({
      code: 'not_allowed_now',
    });
    await openSeal(holding(id), { tenantId: id, shares: shares.slice(0, 2) });
    await waitForState(appliance, id, 'active');
    const again = askForShares(holding(id), {
      tenantId: id,
      publicKey: Buffer.alloc(300),
      shares: 1,
      threshold: 1,
    });
    await expect(again).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(drawShares(appliance, tenant.holder, id)).rejects.toMatchObject({
      code: 'not_allowed_now',
    });
  });

  it('ENC-11: while it is sealed no proof, key or row is had; its twin, opened, has them', async () => {
    const before = await holding().openFields();
    const stored = before.encrypt(field, 'the archive key');
    await close();
    await waitForState(appliance, tenant.id, 'sealed');
    await expect(holding().openFields()).rejects.toMatchObject({ code: 'sealed' });
    await expect(
      holding().readTenant((tx) => tx.query('select from data_keys')),
    ).rejects.toMatchObject({ code: 'sealed' });
    const { vault } = appliance.parts.platform;
    const key = `tenant-${tenant.id.replaceAll('-', '')}`;
    await expect(
      vault.write(`transit/decrypt/${key}`, { ciphertext: 'vault:v1:AAAA', context: 'eA==' }),
    ).rejects.toMatchObject({ code: 'sealed' });
    await reopen();
    expect((await holding().openFields()).decrypt(field, stored)).toBe('the archive key');
  });

  it('ENC-11: keys that a process held when the tenant was sealed are erased at once', async () => {
    const held = await holding().openFields();
    const stored = held.encrypt(field, 'the archive key');
    await close();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(() => held.decrypt(field, stored)).toThrow();
    await reopen();
    expect((await holding().openFields()).decrypt(field, stored)).toBe('the archive key');
  });

  it('ENC-11: even a proof that was kept opens no row of a sealed tenant', async () => {
    const scope = await appliance.parts.openTenant(tenant.id, null);
    const count = (): Promise<unknown> =>
      appliance.parts.platform.db.readTenant(scope, (tx) =>
        tx.query('select count(*)::int as keys from data_keys'),
      );
    await expect(count()).resolves.toEqual([{ keys: 1 }]);
    await close();
    await expect(count()).resolves.toEqual([{ keys: 0 }]);
    await reopen();
    await expect(count()).resolves.toEqual([{ keys: 1 }]);
  });

  it('ENC-11: wrong shares open nothing, are counted and forgotten; the right ones still do', async () => {
    await close();
    const wrong = `${tenant.shares[0]?.slice(0, -4) ?? ''}0000`;
    const [first = '', second = ''] = tenant.shares;
    await expect(open([first, wrong])).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(readSeal(holding(), tenant.id)).resolves.toMatchObject({
      sealed: true,
      shares: { all: 3, needed: 2, given: 0 },
    });
    // One share twice counts once.
    await expect(open([first])).resolves.toMatchObject({ sealed: true, given: 1 });
    await expect(open([first])).resolves.toMatchObject({ sealed: true, given: 1 });
    await expect(open([second])).resolves.toMatchObject({ sealed: false });
    await close();
    for (let tries = 0; tries < 5; tries += 1)
      await expect(open([first, wrong])).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(open([first, second])).rejects.toMatchObject({ code: 'rate_limited' });
    await appliance.superuser.query(`update control.seal_tries set blocked_until = now()`);
    await reopen();
  });

  it('ENC-11: what the key service forgot at its restart is noticed within seconds; the others work on', async () => {
    const other = await appliance.makeTenant('Other');
    const { platform } = appliance.parts;
    const needsIndex = (): Promise<void> => Promise.resolve();
    const watch = startSealWatch({ platform, needsIndex, everyMs: 100 });
    // To a namespace a restart and a seal past this program are the same: its key is gone.
    await sealNamespace(platform.vault, tenant.id);
    await waitForState(appliance, tenant.id, 'sealed');
    await watch.stop();
    await expect(readSeal(holding(), tenant.id)).resolves.toMatchObject({ reason: 'key_service' });
    const fields = await appliance.contextOf(null, other).openFields();
    expect(fields.decrypt(field, fields.encrypt(field, 'text'))).toBe('text');
    await reopen();
  });

  it('ENC-11: is closed although the key service is away, and opens by enough shares alone', async () => {
    const held = await holding().openFields();
    const stored = held.encrypt(field, 'the archive key');
    const { platform } = appliance.parts;
    const away = (): Promise<never> =>
      Promise.reject(new AppError('unavailable', 'The key service does not answer'));
    const vault = { ...platform.vault, read: away, write: away };
    await closeSeal({ ...holding(), platform: { ...platform, vault } }, tenant.id);
    await waitForState(appliance, tenant.id, 'sealed');
    await eventually(() => {
      try {
        held.decrypt(field, stored);
        return Promise.resolve(undefined);
      } catch {
        return Promise.resolve(true);
      }
    });
    expect((await readSealStatus(platform.vault, tenant.id)).sealed).toBe(false);
    // Its namespace is still open: one share is as little as before.
    await expect(open(tenant.shares.slice(0, 1))).resolves.toMatchObject({ sealed: true });
    await expect(readSeal(holding(), tenant.id)).resolves.toMatchObject({ sealed: true });
    // Its twin: enough of them open it, and what was written is read.
    await reopen();
    expect((await holding().openFields()).decrypt(field, stored)).toBe('the archive key');
    await close();
    expect((await readSealStatus(platform.vault, tenant.id)).sealed).toBe(true);
  });

  it('ENC-11: what was sealed while the key service was away is sealed there once it is back', async () => {
    const { platform } = appliance.parts;
    const away = (): Promise<never> =>
      Promise.reject(new AppError('unavailable', 'The key service does not answer'));
    let back = false;
    const vault = {
      ...platform.vault,
      read: (path: string) => (back ? platform.vault.read(path) : away()),
      write: (path: string, body: Parameters<typeof platform.vault.write>[1]) =>
        back ? platform.vault.write(path, body) : away(),
    };
    const without = { ...platform, vault };
    const needsIndex = (): Promise<void> => Promise.resolve();
    const watch = startSealWatch({ platform: without, needsIndex, everyMs: 50 });
    await closeSeal({ ...holding(), platform: without }, tenant.id);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await readSealStatus(platform.vault, tenant.id)).sealed).toBe(false);
    back = true;
    await eventually(async () =>
      (await readSealStatus(platform.vault, tenant.id)).sealed ? true : undefined,
    ).finally(() => watch.stop());
    await reopen();
  });

  it('ENC-11: two holders who give the last share at the same time open it once, and leave it open', async () => {
    for (let tries = 0; tries < 5; tries += 1) {
      await close();
      await open(tenant.shares.slice(0, 1));
      const both = await Promise.allSettled([
        open(tenant.shares.slice(1, 2)),
        open(tenant.shares.slice(1, 2)),
      ]);
      expect(both.some(({ status }) => status === 'fulfilled')).toBe(true);
      const { vault } = appliance.parts.platform;
      expect((await readSealStatus(vault, tenant.id)).sealed).toBe(false);
      await waitForState(appliance, tenant.id, 'active');
    }
  });

  it('ENC-11: one tenant that cannot be looked at holds up no other', async () => {
    const broken = '00000000-0000-4000-8000-000000000000';
    await appliance.superuser.query(
      `insert into control.tenants (id, name, language, state, tier) values ($1, 'Broken', 'en', 'active', 'sealed')`,
      [broken],
    );
    const told = new Set<string>();
    const needsIndex = (id: string): Promise<void> =>
      id === broken ? Promise.reject(new Error('broken')) : Promise.resolve(void told.add(id));
    const { platform } = appliance.parts;
    const watch = startSealWatch({ platform, needsIndex, everyMs: 50 });
    try {
      await eventually(() => Promise.resolve(told.has(tenant.id) || undefined));
      await sealNamespace(platform.vault, tenant.id);
      await waitForState(appliance, tenant.id, 'sealed');
    } finally {
      await watch.stop();
      await appliance.superuser.query('delete from control.tenants where id = $1', [broken]);
    }
    await reopen();
  });

  it('ENC-11: the live check sees a namespace that is open while its tenant counts as sealed', async () => {
    const check = sealChecks[0];
    const system = appliance.contextOf(null, null);
    await expect(check?.run(system)).resolves.toMatchObject({ status: 'pass' });
    await appliance.superuser.query(
      `update control.tenants set sealed_at = now(), state = 'sealed', seal_reason = 'person' where id = $1`,
      [tenant.id],
    );
    await expect(check?.run(system)).resolves.toMatchObject({ status: 'fail' });
    await open(tenant.shares.slice(0, 2));
    await expect(check?.run(system)).resolves.toMatchObject({ status: 'pass' });
  });

  it('ENC-11: a resumed tenant whose namespace is sealed is sealed, not active', async () => {
    await close();
    const change = (state: string): Promise<unknown> =>
      appliance.superuser.query('update control.tenants set state = $2 where id = $1', [
        tenant.id,
        state,
      ]);
    await change('suspended');
    await change('active');
    await waitForState(appliance, tenant.id, 'sealed');
    await reopen();
  });

  it('ENC-11: a sealed tenant can be removed without its shares, with its namespace', async () => {
    const doomed = await makeSealedTenant(appliance, 'Doomed');
    await closeSeal(appliance.contextOf(doomed.holder, doomed.id), doomed.id);
    await dropTenant(appliance.contextOf(null, null), doomed.id);
    await waitForState(appliance, doomed.id, 'dropped');
    const status = readSealStatus(appliance.parts.platform.vault, doomed.id);
    await expect(status).rejects.toThrow();
  });

  describe('that is suspended as well', () => {
    const system = (): ReturnType<TestAppliance['contextOf']> => appliance.contextOf(null, null);

    it('ENC-11: stays closed when its seal is opened, and is open when it is resumed', async () => {
      await close();
      await suspendTenant(system(), tenant.id);
      await expect(suspendTenant(system(), tenant.id)).rejects.toMatchObject({
        code: 'not_allowed_now',
      });
      await open(tenant.shares.slice(0, 2));
      await waitForState(appliance, tenant.id, 'suspended');
      await expect(holding().openFields()).rejects.toMatchObject({ code: 'suspended' });
      await resumeTenant(system(), tenant.id);
      await waitForState(appliance, tenant.id, 'active');
      await expect(holding().openFields()).resolves.toBeDefined();
    });

    it('ENC-11: can be sealed while it is suspended, and is sealed when it is resumed', async () => {
      await suspendTenant(system(), tenant.id);
      await close();
      await waitForState(appliance, tenant.id, 'suspended');
      await expect(resumeTenant(system(), tenant.id)).resolves.toMatchObject({ state: 'sealed' });
      // Closed as it was before, until this process has heard why it is now.
      await eventually(async () => {
        const { code } = await holding()
          .openFields()
          .then(
            () => ({ code: 'open' }),
            (error: unknown) => error as { code: string },
          );
        expect(code).not.toBe('open');
        return code === 'sealed' ? true : undefined;
      });
      await reopen();
    });

    it('ENC-05 ENC-11: is deleted for good without its shares, and then has no seal to open', async () => {
      const doomed = await makeSealedTenant(appliance, 'Doomed and suspended');
      const ctx = appliance.contextOf(doomed.holder, doomed.id);
      await closeSeal(ctx, doomed.id);
      await suspendTenant(system(), doomed.id);
      await expect(deleteTenant(system(), doomed.id, 'Doomed')).rejects.toMatchObject({
        code: 'invalid_input',
      });
      await deleteTenant(system(), doomed.id, 'Doomed and suspended');
      await waitForState(appliance, doomed.id, 'dropped');
      const status = readSealStatus(appliance.parts.platform.vault, doomed.id);
      await expect(status).rejects.toThrow();
      const late = openSeal(ctx, { tenantId: doomed.id, shares: doomed.shares.slice(0, 2) });
      await expect(late).rejects.toMatchObject({ code: 'not_allowed_now' });
    });
  });
});
