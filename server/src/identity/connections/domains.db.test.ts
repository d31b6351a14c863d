import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { startAppliance, type TestAppliance } from '../../../tests/test-appliance.ts';
import { stealDatabase } from '../../../tests/stolen-database.ts';
import { startNameServer } from '../../../tests/tell-dns.ts';
import { newId } from '../../platform/index.ts';
import { checkDomain, claimDomain, listOwnDomains, releaseDomain } from './domains.ts';

describe('e-mail domains that the DNS shows', () => {
  let appliance: TestAppliance;
  let dns: Awaited<ReturnType<typeof startNameServer>>;
  let thief: pg.Client;
  let victim: { tenantId: string };
  let rival: { tenantId: string };

  beforeAll(async () => {
    dns = await startNameServer();
    appliance = await startAppliance({ CASEMATE_DNS_SERVERS: [dns.address] });
    thief = await stealDatabase(appliance);
    victim = { tenantId: await appliance.makeTenant() };
    rival = { tenantId: await appliance.makeTenant() };
  });
  afterAll(async () => {
    await thief.end();
    await appliance.stop();
    await dns.stop();
  });

  it('AUT-06: what the DNS says of one owner shows it for no other, whatever the database has', async () => {
    const ctx = appliance.contextOf(null, null);
    const domain = 'victim.example';
    const own = await claimDomain(ctx, victim, domain);
    await expect(checkDomain(ctx, victim, own.id)).rejects.toMatchObject({
      code: 'not_allowed_now',
    });
    dns.texts.set(own.record.name, own.record.text);
    expect(await checkDomain(ctx, victim, own.id)).toMatchObject({ proven: true, provenBy: 'dns' });
    const challenge = own.record.text.replace('casemate-domain=', '');
    // The record stays in the DNS for all to read, and the row can be deleted.
    await thief.query('delete from control.email_domains where id = $1', [own.id]);
    for (const id of [newId(), own.id]) {
      await thief.query(
        'insert into control.email_domains (id, tenant_id, domain, challenge) values ($1, $2, $3, $4)',
        [id, rival.tenantId, domain, challenge],
      );
      await expect(checkDomain(ctx, rival, id)).rejects.toMatchObject({ code: 'not_allowed_now' });
      expect(await listOwnDomains(ctx, rival)).toMatchObject([{ id, proven: false }]);
      await releaseDomain(ctx, rival, id);
    }
    // Its owner shows it again by a record of its own.
    const again = await claimDomain(ctx, victim, domain);
    expect(again.record.text).not.toBe(own.record.text);
    dns.texts.set(again.record.name, again.record.text);
    expect(await checkDomain(ctx, victim, again.id)).toMatchObject({ proven: true });
  });
});
