import { describe, expect, it } from '@jest/globals';
import { fakePatient } from '../../doctor/fake-patient.ts';
import type { WayOut } from '../../egress/try-way-out.ts';
import { wayOut } from './way-out.ts';

const { layout, settings } = fakePatient();
const asRoot = { ...layout, asRoot: true };
const found = (tried: WayOut, more: Partial<Parameters<typeof fakePatient>[0]> = {}) =>
  wayOut.run(fakePatient({ layout: asRoot, tryWayOut: () => Promise.resolve(tried), ...more }));

describe('DEP-07: the check of the way out', () => {
  it('DEP-07: fails when an account gets out, and when the rules are gone', async () => {
    expect(await found('open')).toMatchObject({ status: 'fail' });
    expect(await found('absent')).toMatchObject({ status: 'fail' });
  });

  it('DEP-07: proves nothing where the way is open on purpose, or nobody could try', async () => {
    const open = { settings: { ...settings, egress: { open: true as const, peers: [] } } };
    expect(await found('closed', open)).toMatchObject({ status: 'not_applicable' });
    expect(await found('unseen')).toMatchObject({ status: 'not_applicable' });
    expect(await found('unrouted')).toMatchObject({ status: 'not_applicable' });
    const user = { layout: { ...layout, asRoot: false } };
    expect(await found('closed', user)).toMatchObject({ status: 'not_applicable' });
  });

  it('DEP-07: holds when every try was refused and counted, and names the declared peers', async () => {
    const peers = [{ address: '192.0.2.9', protocol: 'tcp' as const, port: 25 }];
    const answer = await found('closed', { settings: { ...settings, egress: { peers } } });
    expect(answer).toMatchObject({ status: 'pass' });
    expect(answer.evidence).toContain('192.0.2.9:25');
  });
});
