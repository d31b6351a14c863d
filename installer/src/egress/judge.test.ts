import { describe, expect, it } from '@jest/globals';
import { countingRules } from './counting-rules.ts';
import { type Canary, type EgressReport, judge, type Seen } from './judge.ts';
import { readCounts, type Sent } from './read-counts.ts';

const canary: Canary = {
  uid: 900,
  network: 'host',
  address: '203.0.113.107',
  port: 4711,
  name: 'canary-1.example',
};
const other: Canary = { ...canary, uid: 901, address: '203.0.113.108', name: 'canary-2.example' };
const accounts = { 900: 'casemate', 901: 'casemate-models' };

const sent = (from: Canary, more: Partial<Sent> = {}): Sent[] =>
  ['tcp', 'udp'].map((protocol) => ({
    ...{ uid: from.uid, address: from.address, port: from.port, packets: 1, protocol },
    ...more,
  }));
const asked = ({ uid, name }: Canary) => ({ uid, name });
const quiet = (): Seen => ({
  network: 'host',
  counts: { sent: [...sent(canary), ...sent(other)], kernel: 0, unattributed: 0 },
  names: [asked(canary), asked(other)],
});
const report = (seen: Seen[], peers: Parameters<typeof judge>[0]['peers'] = []): EgressReport =>
  judge({
    ...{ mode: 'sealed', version: '0.1.0', at: '2026-11-22T12:00:00.000Z', seconds: 60.4 },
    ...{ seen, peers, accounts, canaries: [canary, other], phases: [] },
  });
const withSent = (more: Partial<Sent>): Seen => {
  const beacon = { uid: 900, address: '192.0.2.9', protocol: 'tcp', port: 443, packets: 3 };
  const seen = quiet();
  return {
    ...seen,
    counts: { ...seen.counts, sent: [...seen.counts.sent, { ...beacon, ...more }] },
  };
};

describe('what an egress report says', () => {
  it('DEP-07: is invalid when the connection of a canary was not counted', () => {
    const seen = quiet();
    seen.counts.sent = sent(canary).concat(sent(other).slice(1));
    expect(report([seen])).toMatchObject({ ok: false, valid: false, canary_caught: false });
  });

  it('DEP-07: is invalid when the name of a canary was not written down', () => {
    const seen = { ...quiet(), names: [asked(canary)] };
    expect(report([seen])).toMatchObject({ ok: false, valid: false, names: 0 });
  });

  it('DEP-07: is invalid when a canary was taken for another account', () => {
    const seen = quiet();
    seen.counts.sent = [...sent(canary), ...sent(other, { uid: 900 })];
    expect(report([seen])).toMatchObject({ valid: false });
  });

  it('DEP-07: is invalid without a canary at all', () => {
    const facts = { mode: 'live' as const, version: '', at: '', seconds: 1, peers: [], phases: [] };
    expect(judge({ ...facts, seen: [quiet()], canaries: [], accounts })).toMatchObject({
      ok: false,
      canary_caught: false,
    });
  });

  it('DEP-07: tells a packet by account and destination', () => {
    expect(report([withSent({})])).toMatchObject({
      ok: false,
      valid: true,
      packets: 3,
      by_process: { casemate: { packets: 3, names: 0 } },
      destinations: [{ account: 'casemate', to: '192.0.2.9:443/tcp', packets: 3 }],
    });
  });

  it('DEP-07: tells a name that was asked for', () => {
    const seen = quiet();
    seen.names = [...seen.names, { uid: 901, name: 'telemetry.example' }];
    expect(report([seen])).toMatchObject({
      ok: false,
      names: 1,
      asked: [{ account: 'casemate-models', name: 'telemetry.example', times: 1 }],
    });
  });

  it('DEP-07: counts what no socket sent, and what could not be put down to an account', () => {
    const seen = quiet();
    seen.counts = { ...seen.counts, kernel: 2, unattributed: 1 };
    expect(report([seen])).toMatchObject({
      ok: false,
      packets: 3,
      by_process: { kernel: { packets: 3 } },
    });
  });

  it('DEP-07: a declared peer is no attempt, and another port of it is one', () => {
    const peers = [{ address: '192.0.2.9', protocol: 'tcp', port: 443 }] as const;
    expect(report([withSent({})], peers)).toMatchObject({
      ok: true,
      packets: 0,
      declared: [{ to: '192.0.2.9:443/tcp', packets: 3 }],
    });
    expect(report([withSent({ port: 80 })], peers)).toMatchObject({ ok: false, packets: 3 });
  });

  it('DEP-07: is silent when nothing but canaries left, and names every account', () => {
    expect(report([quiet()])).toMatchObject({
      ok: true,
      packets: 0,
      names: 0,
      canary_caught: true,
      seconds: 60,
      by_process: {
        casemate: { packets: 0, names: 0 },
        'casemate-models': { packets: 0, names: 0 },
      },
    });
  });
});

describe('the counters', () => {
  it('DEP-07: say nothing when they are gone', () => {
    expect(() => readCounts('{"nftables":[]}')).toThrow('nothing was counted');
    const table = 'casemate_egress_count';
    const sets = ['seen4', 'seen6'].map((name) => ({ set: { name, table } }));
    expect(() => readCounts(JSON.stringify({ nftables: sets }))).toThrow('the counter "kernel"');
  });

  it('count before anything can refuse', () => {
    expect(countingRules()).toContain('priority -150');
    expect(countingRules([900])).toContain('meta skuid != { 900 } return');
  });
});
