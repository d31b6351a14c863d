import http, { type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createProxy } from './create-proxy.ts';

describe('the way to a server that expects its own name', () => {
  let gone = (): void => undefined;
  const left = new Promise<void>((resolve) => (gone = resolve));
  const behind = http.createServer((request, response) => {
    if (request.url === '/endless') {
      response.write('first');
      response.on('close', gone);
    } else request.pipe(response.writeHead(200, { 'x-host': request.headers.host ?? '' }));
  });
  let proxy: Server;
  const listen = (server: Server): Promise<number> =>
    new Promise((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
    );
  let port = 0;

  beforeAll(async () => {
    proxy = createProxy({ host: '127.0.0.1', port: await listen(behind) });
    port = await listen(proxy);
  });
  afterAll(() => {
    proxy.closeAllConnections();
    proxy.close();
    behind.closeAllConnections();
    behind.close();
  });

  it('ends what nobody reads any longer', async () => {
    const request = http.get({ port, path: '/endless' }, (response) => {
      response.once('data', () => request.destroy());
    });
    request.on('error', () => undefined);
    await expect(left).resolves.toBeUndefined();
  });

  it('hands bodies on both ways, under that name', async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/x`, { method: 'POST', body: 'words' });
    expect(await answer.text()).toBe('words');
    expect(answer.headers.get('x-host')).toBe('localhost');
  });

  it('answers 502 where nobody listens', async () => {
    const nobody = createProxy({ host: '127.0.0.1', port: 1 });
    const answer = await fetch(`http://127.0.0.1:${await listen(nobody)}/`);
    expect(answer.status).toBe(502);
    nobody.close();
  });
});
