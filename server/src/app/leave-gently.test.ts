import http, { type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express, { type ErrorRequestHandler } from 'express';
import { leaveGently } from './leave-gently.ts';

describe('a process that is about to stop', () => {
  const leaving = new AbortController();
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const app = express();
  app.use(leaveGently(leaving.signal));
  app.use((request, response) => void response.send(request.path));
  const failed: ErrorRequestHandler = (_error, _request, response, _next) =>
    void response.status(503).end();
  app.use(failed);
  const server = http.createServer(app);

  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(() => {
    agent.destroy();
    server.close();
  });
  const get = (path: string): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      http
        .get({ port, path, agent, host: '127.0.0.1' }, (response) => {
          response.resume();
          response.on('end', () => resolve(response));
        })
        .on('error', reject);
    });

  it('DEP-03: is ready until then, and keeps its connections', async () => {
    const { statusCode, headers } = await get('/health/ready');
    expect([statusCode, headers.connection]).toEqual([200, 'keep-alive']);
  });

  it('DEP-03: then says that it is not ready, answers on, and sends clients elsewhere', async () => {
    leaving.abort();
    expect((await get('/health/ready')).statusCode).toBe(503);
    const { statusCode, headers } = await get('/api/x');
    expect([statusCode, headers.connection]).toEqual([200, 'close']);
    expect((await get('/health/live')).statusCode).toBe(200);
  });
});
