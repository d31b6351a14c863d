import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runProgram } from '../host/run-program.ts';
import type { EgressReport } from './judge.ts';
import { accountNames } from './watch-sealed.ts';

const possible =
  process.getuid?.() === 0 &&
  Object.keys(accountNames()).length > 1 &&
  ['ip', 'nft'].every((name) => spawnSync(name, ['--version']).error === undefined);
/** It counts by the service accounts, which an installation of root makes. */
const where = possible ? describe : describe.skip;

const module = (name: string) => JSON.stringify(path.join(import.meta.dirname, name));
const script = `
  const { measureLive } = await import(${module('measure-live.ts')});
  const { accountNames } = await import(${module('watch-sealed.ts')});
  const rules = await import(${module('deny-rules.ts')});
  const uids = Object.keys(accountNames()).map(Number).filter((uid) => uid !== 0);
  const refused = await rules.applyDenyRules(rules.denyRules('live', { uids, peers: [] }));
  if (refused !== null) throw new Error(refused);
  const wish = { version: '1', peers: [], seconds: 1, progress: () => undefined };
  console.log(JSON.stringify(await measureLive(wish)));`;

where('counting on a host whose way out is closed', () => {
  const [inner, outer] = ['live', 'sink'].map((side) => `casemate-${side}-${process.pid}`);
  beforeAll(async () => {
    const making = `
      ip netns add ${inner} && ip netns add ${outer}
      ip -n ${inner} link add v0 type veth peer name v1 netns ${outer}
      ip -n ${inner} link set lo up && ip -n ${inner} link set v0 up
      ip -n ${outer} link set v1 up
      ip -n ${inner} addr add 198.51.100.2/24 dev v0
      ip -n ${inner} route add default via 198.51.100.1`;
    expect((await runProgram('/bin/sh', ['-ec', making])).stderr).toBe('');
  }, 30_000);
  afterAll(async () => {
    for (const name of [inner, outer]) await runProgram('ip', ['netns', 'del', name ?? '']);
  });

  it('DEP-07: catches the canaries of every account, by address and by name', async () => {
    const node = [process.execPath, '--disable-warning=ExperimentalWarning'];
    const words = ['netns', 'exec', inner ?? '', ...node, '--input-type=module', '-e', script];
    const { stdout, stderr } = await runProgram('ip', words, { timeoutMs: 60_000 });
    expect(stderr).toBe('');
    const report = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as EgressReport;
    expect(report.canaries.filter(({ address, name }) => !address || !name)).toEqual([]);
    expect(report).toMatchObject({ ok: true, valid: true, packets: 0, names: 0 });
  }, 90_000);
});
