import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const server = http.createServer((_request, response) => response.end());
const proxy = http.createServer((_request, response) => response.writeHead(502).end());
let asked = 0;
proxy
  .on('request', () => (asked += 1))
  .on('connect', (_request, socket) => {
    asked += 1;
    socket.destroy();
  });

beforeAll(async () => {
  for (const one of [server, proxy]) {
    one.listen(0, '127.0.0.1');
    await once(one, 'listening');
  }
});
afterAll(() => {
  for (const one of [server, proxy]) one.close();
});

const urlOf = (one: http.Server, scheme = 'http') =>
  `${scheme}://127.0.0.1:${(one.address() as AddressInfo).port}`;

describe('whether a part serves', () => {
  it('DEP-02: is asked of the part itself, whatever proxy the environment names', async () => {
    const module = path.resolve(import.meta.dirname, 'is-ready.ts');
    const code = `const { isReady } = await import(${JSON.stringify(module)});
      const ask = (url) => isReady({ kind: 'http', url, insecure: true }, 0);
      console.log(await ask('${urlOf(server)}'), await ask('${urlOf(server, 'https')}'));`;
    const named = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'];
    const env = {
      PATH: process.env['PATH'],
      NODE_USE_ENV_PROXY: '1',
      ...Object.fromEntries(named.map((name) => [name, urlOf(proxy)])),
    };
    const words = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', code];
    const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    // The second speaks no TLS: it must be the part that says so, not the proxy.
    expect((await text(child.stdout)).trim()).toBe('true false');
    expect(asked).toBe(0);
  }, 30_000);
});
