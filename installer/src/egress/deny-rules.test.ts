import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runProgram } from '../host/run-program.ts';
import { denyRules, denyTable } from './deny-rules.ts';
import { isPeer, parsePeer, peerText } from './peer.ts';

const possible =
  process.getuid?.() === 0 &&
  ['ip', 'nft'].every((name) => spawnSync(name, ['--version']).error === undefined);
const where = possible ? describe : describe.skip;
const UID = 12_345;

/** Answers `hello` on a port, or connects and prints what it hears or the error. */
const speak = (port: number) =>
  `process.setgid(${UID}); process.setuid(${UID});
   require('net').createServer((one) => one.end('hello')).listen(${port}, () => console.log('ready'));`;
const call = (address: string, port: number, uid: number | null) =>
  `${uid === null ? '' : `process.setgid(${uid}); process.setuid(${uid});`}
   const socket = require('net').connect(${port}, '${address}');
   socket.setTimeout(3000, () => { console.log('silence'); process.exit(); });
   socket.on('data', (heard) => console.log(String(heard)));
   socket.on('error', ({ code }) => console.log(code));`;

where('the rules that keep the services in', () => {
  const [inner, outer] = ['in', 'out'].map((side) => `casemate-${side}-${process.pid}`) as [
    string,
    string,
  ];
  const running: ChildProcess[] = [];
  const at = (name: string, words: readonly string[], input = '') =>
    runProgram('ip', ['netns', 'exec', name, ...words], { input });
  const calls = async (name: string, script: string) =>
    (await at(name, [process.execPath, '-e', script])).stdout.trim();
  const listen = async (name: string, port: number) => {
    const words = ['netns', 'exec', name, process.execPath, '-e', speak(port)];
    const child = spawn('ip', words, { stdio: ['ignore', 'pipe', 'inherit'] });
    running.push(child);
    await once(child.stdout, 'data');
  };
  const apply = (peers: readonly string[]) =>
    at(inner, ['nft', '-f', '-'], denyRules('a-b', { uids: [UID], peers: peers.map(parsePeer) }));

  beforeAll(async () => {
    const script = `
      ip netns add ${inner} && ip netns add ${outer}
      ip -n ${inner} link add v0 type veth peer name v1 netns ${outer}
      ip -n ${inner} link set lo up && ip -n ${inner} link set v0 up
      ip -n ${outer} link set lo up && ip -n ${outer} link set v1 up
      ip -n ${inner} addr add 198.51.100.2/24 dev v0
      ip -n ${outer} addr add 198.51.100.1/24 dev v1`;
    expect((await runProgram('/bin/sh', ['-ec', script])).stderr).toBe('');
    await listen(inner, 7001);
    await listen(outer, 7002);
    await listen(outer, 7003);
  }, 30_000);
  afterAll(async () => {
    for (const child of running) child.kill('SIGKILL');
    for (const name of [inner, outer]) await runProgram('ip', ['netns', 'del', name]);
  });

  it('DEP-07: without them a service reaches the outside', async () => {
    expect(await calls(inner, call('198.51.100.1', 7002, UID))).toBe('hello');
  }, 20_000);

  it('DEP-07: with them it is refused at once and counted, and other accounts are not', async () => {
    expect((await apply([])).stderr).toBe('');
    expect(await calls(inner, call('198.51.100.1', 7002, UID))).toMatch(/^E[A-Z]+$/);
    expect(await calls(inner, call('198.51.100.1', 7002, null))).toBe('hello');
    const { stdout } = await at(inner, [
      'nft',
      'list',
      'counter',
      'inet',
      denyTable('a-b'),
      'refused',
    ]);
    expect(stdout).toMatch(/packets [1-9]/);
  }, 20_000);

  it('DEP-07: with them it answers those who call, and speaks on loopback', async () => {
    await apply([]);
    expect(await calls(outer, call('198.51.100.2', 7001, null))).toBe('hello');
    expect(await calls(inner, call('127.0.0.1', 7001, UID))).toBe('hello');
  }, 20_000);

  it('DEP-07: a declared peer is reached, and another port of it is not', async () => {
    await apply(['198.51.100.0/24:7002']);
    expect(await calls(inner, call('198.51.100.1', 7002, UID))).toBe('hello');
    expect(await calls(inner, call('198.51.100.1', 7003, UID))).toMatch(/^E[A-Z]+$/);
  }, 20_000);
});

describe('declared peers', () => {
  it.each(['example.org:443', '192.0.2.9', '192.0.2.9:0', '192.0.2.9/33:1', '2001:db8::9:443', ''])(
    'refuses %p',
    (text) => expect(() => parsePeer(text)).toThrow('names no peer'),
  );

  it('reads addresses, networks and protocols', () => {
    for (const text of ['192.0.2.9:5432', '192.0.2.0/24:514/udp', '[2001:db8::9]:443'])
      expect(peerText(parsePeer(text))).toBe(text);
    const peer = parsePeer('192.0.2.0/24:514/udp');
    const sent = { address: '192.0.2.77', protocol: 'udp', port: 514 };
    expect(isPeer(peer, sent)).toBe(true);
    expect(isPeer(peer, { ...sent, protocol: 'tcp' })).toBe(false);
    expect(isPeer(peer, { ...sent, address: '192.0.3.1' })).toBe(false);
  });
});
