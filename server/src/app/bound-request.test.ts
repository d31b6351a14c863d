import type { AddressInfo } from 'node:net';
import http from 'node:http';
import net from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { allowLongBody, boundRequest } from './bound-request.ts';

const LIMIT_MS = 300;

describe('a request that does not end', () => {
  let server: http.Server;
  let port: number;

  beforeEach(async () => {
    const app = express();
    app.use(boundRequest(LIMIT_MS));
    app.post('/json', express.json(), (_request, response) => void response.send('read'));
    app.post('/refused', (_request, response) => void response.status(401).send('no'));
    app.post('/upload', (request, response) => {
      allowLongBody(request);
      request.resume().on('end', () => response.send('taken'));
    });
    server = http.createServer(app);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    port = (server.address() as AddressInfo).port;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Sends the start of a body, and its rest after `restAfterMs`; resolves when the connection ends. */
  const send = (path: string, restAfterMs?: number): Promise<{ text: string; ms: number }> =>
    new Promise((resolve) => {
      const socket = net.connect(port, '127.0.0.1');
      const started = performance.now();
      let text = '';
      socket.write(
        `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4\r\nConnection: ${restAfterMs === undefined ? 'keep-alive' : 'close'}\r\n\r\n{ `,
      );
      const rest = setTimeout(() => socket.write(' }'), restAfterMs ?? 10_000);
      socket.on('data', (part) => (text += part.toString()));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearTimeout(rest);
        resolve({ text, ms: performance.now() - started });
      });
    });

  it('RAT-01: loses its connection when its JSON body does not arrive', async () => {
    const { text, ms } = await send('/json');
    expect(text).not.toContain('200 OK');
    expect(ms).toBeGreaterThanOrEqual(LIMIT_MS - 50);
  });

  it('RAT-01: loses its connection after it was refused', async () => {
    const { text } = await send('/refused');
    expect(text).toContain('401 Unauthorized');
  });

  it('may take its time where a long body was expected', async () => {
    const { text } = await send('/upload', LIMIT_MS * 3);
    expect(text).toContain('taken');
  });

  it('an ordinary request is answered', async () => {
    expect((await send('/json', 1)).text).toContain('read');
  });
});
