import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EgressReport } from '../src/egress/judge.ts';
import { findAccount } from '../src/host/accounts.ts';
import { newInstallation, type Installation } from './installation.ts';

/** Another host: a network namespace behind a pair of interfaces. */
const namespace = `cmw${process.pid}`;
const link = `cmw${process.pid % 10_000}`;
const [here, there] = ['198.51.100.1', '198.51.100.2'];
const listening = `for (const port of [9901, 9902])
  require('node:net').createServer((s) => s.on('error', () => s.destroy()).end('x')).listen(port, '${there}');`;

let one: Installation;
let peer: ChildProcess;

const ip = (...words: string[]) => void execFileSync('ip', words, { stdio: 'pipe' });
const egress = (...words: string[]) => one.casemate(['egress', ...words]);

/** What a process of the server's account gets when it connects, and how soon. */
function connect(port: number): Promise<{ found: string; ms: number }> {
  const { uid, gid } = findAccount('casemate') ?? { uid: 0, gid: 0 };
  const code = `process.setgroups([]); process.setgid(${gid}); process.setuid(${uid});
    const began = performance.now();
    const tell = (found) => {
      console.log(JSON.stringify({ found, ms: performance.now() - began }));
      process.exit(0);
    };
    const socket = require('node:net').connect(${port}, '${there}');
    socket.on('connect', () => tell('connected')).on('error', () => tell('refused'));
    setTimeout(() => tell('silence'), 4000);`;
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.on('close', () => resolve(JSON.parse(text) as { found: string; ms: number }));
    child.on('error', reject);
  });
}

const found = async (port: number) => (await connect(port)).found;

beforeAll(async () => {
  ip('netns', 'add', namespace);
  ip('link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
  ip('addr', 'add', `${here}/30`, 'dev', link);
  ip('link', 'set', link, 'up');
  ip('-n', namespace, 'addr', 'add', `${there}/30`, 'dev', 'eth0');
  ip('-n', namespace, 'link', 'set', 'eth0', 'up');
  ip('-n', namespace, 'link', 'set', 'lo', 'up');
  const words = ['netns', 'exec', namespace, process.execPath, '-e', listening];
  peer = spawn('ip', words, { stdio: 'inherit' });
  one = await newInstallation('way');
  const installed = await one.install();
  expect([installed.code, installed.said.slice(-500)]).toEqual([0, expect.anything()]);
}, 600_000);

afterAll(async () => {
  await one.casemate(['uninstall', '--purge', '--yes']);
  rmSync(one.dir, { recursive: true, force: true });
  peer.kill('SIGKILL');
  ip('netns', 'del', namespace);
}, 120_000);

describe('the way out of an installed instance', () => {
  it('DEP-07: is closed from the installation on, at once and not by silence', async () => {
    const { found: state, ms } = await connect(9901);
    expect([state, ms < 1000]).toEqual(['refused', true]);
  });

  it('DEP-07: refuses a peer that is no address with a port, and changes nothing', async () => {
    for (const words of [['allow'], ['allow', 'mail.example:25'], ['allow', there], ['allow', '0']])
      expect([words, (await egress(...words)).code]).toEqual([words, 2]);
    expect(await egress('allow', `${there}:9901`, 'again')).toMatchObject({ code: 2 });
    expect(await found(9901)).toBe('refused');
  }, 60_000);

  it('DEP-07: opens for a declared peer alone, and closes again when it is taken back', async () => {
    expect(await egress('allow', `${there}:9901`)).toMatchObject({
      code: 0,
      answer: { state: 'closed', peers: [`${there}:9901`] },
    });
    expect([await found(9901), await found(9902)]).toEqual(['connected', 'refused']);
    expect(await egress('forbid', `${there}:9901`)).toMatchObject({ answer: { peers: [] } });
    expect(await found(9901)).toBe('refused');
  }, 60_000);

  it('DEP-07: counts on the host what is tried, although it is refused, and not a declared peer', async () => {
    await egress('allow', `${there}:9901`);
    const verify = (port: number) => {
      const trying = setInterval(() => void connect(port), 500);
      return egress('verify', '--live', '--seconds', '5').finally(() => clearInterval(trying));
    };
    const bad = await verify(9902);
    const report = bad.answer as EgressReport;
    expect([bad.code, report.valid, report.ok]).toEqual([1, true, false]);
    expect(report.by_process['casemate']?.packets).toBeGreaterThan(0);
    expect(report.destinations.map(({ to }) => to).join()).toContain(`${there}:9902`);
    const good = await verify(9901);
    expect(good.answer).toMatchObject({ ok: true, canary_caught: true, packets: 0, names: 0 });
    expect((good.answer as EgressReport).declared.length).toBeGreaterThan(0);
  }, 180_000);

  it('DEP-07: keeps what was declared over a restart, and says so when somebody opened it', async () => {
    expect(await one.casemate(['down'])).toMatchObject({ code: 0 });
    expect(await one.casemate(['up'])).toMatchObject({ code: 0 });
    expect([await found(9901), await found(9902)]).toEqual(['connected', 'refused']);
    const wayOut = async () => {
      const { answer } = await one.casemate(['doctor']);
      const { checks } = answer as { checks: { id: string; status: string }[] };
      return checks.find(({ id }) => id === 'way-out')?.status;
    };
    expect(await wayOut()).toBe('ok');
    expect(await egress('open')).toMatchObject({ code: 0 });
    await sleep(100);
    expect(await found(9902)).toBe('connected');
    expect(await wayOut()).not.toBe('ok');
    expect(await egress('close')).toMatchObject({ code: 0 });
    expect(await found(9902)).toBe('refused');
  }, 240_000);
});
