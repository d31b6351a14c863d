import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { requestOllama } from '../components/index.ts';
import { freePort } from '../host/free-port.ts';
import { waitUntil } from '../host/wait-until.ts';
import { findOwnNetwork } from './own-network.ts';

const bridgeFile = path.join(import.meta.dirname, 'model-bridge.ts');

/** Speaks HTTP on the port it is given; says what it was sent, holds /hold until its reader goes. */
const model = `
  const http = require('http'), fs = require('fs');
  http.createServer((request, response) => {
    if (request.url === '/hold') {
      response.write('begun');
      response.on('close', () => fs.writeFileSync(process.argv[2], 'gone'));
      return;
    }
    if (request.url === '/out') {
      require('net').connect(Number(process.argv[3]), '127.0.0.1')
        .on('connect', () => response.end('reached'))
        .on('error', (error) => response.end(error.code));
      return;
    }
    let size = 0;
    request.on('data', (chunk) => (size += chunk.length));
    request.on('end', () => response.end(String(size)));
  }).listen(Number(process.argv[1]), '127.0.0.1');`;

describe('the bridge to the model server', () => {
  let dir: string;
  let socket: string;
  let note: string;
  let port: number;
  let outside: net.Server;
  let bridge: ChildProcess;

  const start = async (before: readonly string[] = []): Promise<void> => {
    const { port: outPort } = outside.address() as net.AddressInfo;
    const program = [process.execPath, '-e', model, String(port), note, String(outPort)];
    const words = [...before, process.execPath, '--no-warnings', bridgeFile, socket, String(port)];
    const [first = '', ...rest] = [...words, ...program];
    bridge = spawn(first, rest, { stdio: 'ignore', detached: true });
    const answers = () =>
      ask('/')
        .then(({ ok }) => ok)
        .catch(() => false);
    expect(await waitUntil(answers, 10_000)).toBe(true);
  };
  const ask = (where: string, body = '') =>
    requestOllama(`unix:${socket}`, { method: 'POST', path: where, body });

  beforeEach(async () => {
    dir = mkdtempSync(path.join(tmpdir(), 'cmo-'));
    socket = path.join(dir, 'ollama.sock');
    note = path.join(dir, 'note');
    port = await freePort();
    outside = net.createServer((client) => client.end()).listen(0, '127.0.0.1');
    await once(outside, 'listening');
  });
  afterEach(async () => {
    bridge.kill('SIGTERM');
    if (bridge.exitCode === null) await once(bridge, 'exit');
    outside.close();
    rmSync(dir, { recursive: true });
  });

  it('NET-03: makes a socket that its owner and the group may open, and nobody else', async () => {
    await start();
    expect(statSync(socket).mode & 0o777).toBe(0o660);
    expect(await ask('/', 'x'.repeat(3_000_000))).toEqual({
      ok: true,
      status: 200,
      body: '3000000',
    });
  });

  it('tells the model when a client goes away, so that it stops writing', async () => {
    await start();
    const request = http.get({ socketPath: socket, path: '/hold' }, (response) => {
      response.once('data', () => request.destroy());
      response.on('error', () => undefined);
    });
    request.on('error', () => undefined);
    expect(await waitUntil(() => existsSync(note), 5000)).toBe(true);
  });

  it('takes the place of a socket that a killed one left, and ends with its model', async () => {
    await start();
    // The whole group, as the supervisor and systemd do.
    process.kill(-(bridge.pid ?? 0), 'SIGKILL');
    await once(bridge, 'exit');
    port = await freePort();
    await start();
    bridge.kill('SIGTERM');
    const [code] = (await once(bridge, 'exit')) as [number | null];
    expect(code).toBe(0);
    await expect(ask('/')).rejects.toThrow();
  });

  const own = findOwnNetwork(process.getuid?.() === 0);
  const where = own ? it : it.skip;
  where(
    'NET-02: in a network of its own the port is closed to the host, and so is the way out',
    async () => {
      // The twin first: without it both are open.
      await start();
      expect(await reach(port)).toBe(true);
      expect((await ask('/out')).body).toBe('reached');
      bridge.kill('SIGTERM');
      await once(bridge, 'exit');
      await start(own ?? []);
      expect(await reach(port)).toBe(false);
      expect((await ask('/out')).body).toBe('ECONNREFUSED');
      expect((await ask('/', 'abc')).body).toBe('3');
    },
  );
});

function reach(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
