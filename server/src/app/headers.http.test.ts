import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../../installer/src/host/free-port.ts';
import { startChatDesk } from '../../tests/chat-desk.ts';
import { partsInfo } from '../../tests/parts-info.ts';
import { signInPerson, type SignedIn } from '../../tests/sign-in-person.ts';
import { startAppliance, type TestAppliance } from '../../tests/test-appliance.ts';
import { startServer, type TestServer } from '../../tests/test-server.ts';
import { createChat } from '../chat/index.ts';
import type { IdentityParts } from '../identity/index.ts';
import { newId } from '../platform/index.ts';
import { routeTable } from './routes.ts';

/** `controls.tsv`, HDR-01, word by word. */
const WANTED = {
  'strict-transport-security': 'max-age=31536000; includeSubDomains; preload',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

type Headers = Record<string, string | string[] | undefined>;

function faultsOf(headers: Headers): string[] {
  const policy = String(headers['content-security-policy']);
  return [
    ...Object.entries(WANTED).flatMap(([name, value]) =>
      headers[name] === value ? [] : [`${name}: ${String(headers[name])}`],
    ),
    ...(policy.includes("frame-ancestors 'none'") ? [] : [`no frame-ancestors in ${policy}`]),
    ...(/unsafe|\*/.test(policy) || !policy.startsWith("default-src 'none'") ? [policy] : []),
    ...['x-powered-by', 'server'].filter((name) => headers[name] !== undefined),
  ];
}

const chat = createChat({ search: () => Promise.resolve([]) });
const routes = routeTable({ identity: {} as IdentityParts, chat });

describe('HDR-01: the headers', () => {
  let appliance: TestAppliance;
  let server: TestServer;
  let httpPort: number;
  let person: SignedIn;
  let tenantId: string;

  beforeAll(async () => {
    httpPort = await freePort();
    appliance = await startAppliance({
      CASEMATE_ANONYMOUS_PER_MINUTE: 10_000,
      CASEMATE_HTTP_PORT: httpPort,
      CASEMATE_CORS_ORIGINS: ['https://portal.example'],
    });
    server = await startServer(appliance.config);
    tenantId = await appliance.makeTenant();
    person = await signInPerson(appliance, { [tenantId]: 'admin' });
  });
  afterAll(async () => {
    await server.stop();
    await appliance.stop();
  });

  /** Sends bytes as they are and reads what comes back until the line is cut. */
  const sendRaw = (text: string, secure = true): Promise<{ status: number; headers: Headers }> =>
    new Promise((resolve, reject) => {
      const socket = secure
        ? tls.connect({
            host: '127.0.0.1',
            servername: 'localhost',
            port: server.port,
            ca: readFileSync(partsInfo().caFile),
          })
        : net.connect(httpPort, '127.0.0.1');
      let read = '';
      const finish = (): void => {
        const [head = ''] = read.split('\r\n\r\n');
        const [line = '', ...rest] = head.split('\r\n');
        const headers = Object.fromEntries(
          rest.map((one) => [
            one.slice(0, one.indexOf(':')).toLowerCase(),
            one.slice(one.indexOf(':') + 2),
          ]),
        );
        resolve({ status: Number(line.split(' ')[1]), headers });
        socket.destroy();
      };
      socket.setEncoding('utf8').on('data', (chunk: string) => {
        read += chunk;
        if (read.includes('\r\n\r\n')) finish();
      });
      socket.on('error', reject);
      socket.on('close', finish);
      socket.on(secure ? 'secureConnect' : 'connect', () => socket.write(text));
    });

  const pathOf = (path: string): string =>
    path.replace(':tenantId', tenantId).replace(/:\w+/g, () => newId());

  it('are on the answer of every route of the table, to strangers and to people', async () => {
    for (const { method, path, body } of routes) {
      for (const token of [undefined, person.token]) {
        const answer = await server.ask(method.toUpperCase(), pathOf(path), {
          ...(token ? { token } : {}),
          ...(body === 'raw' ? { raw: Buffer.from('x') } : {}),
          ...(['post', 'patch', 'put'].includes(method) && body !== 'raw' ? { json: {} } : {}),
        });
        expect([method, path, faultsOf(answer.headers)]).toEqual([method, path, []]);
      }
    }
  });

  it.each(['HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE', 'PROPFIND'])(
    'are on the answer to %s of pages, files, routes and of nothing',
    async (method) => {
      for (const path of ['/', '/health/live', '/api/me', '/api/none', '/assets/none.js', '/%ff']) {
        const { headers, status } = await server.ask(method, path);
        expect([path, faultsOf(headers)]).toEqual([path, []]);
        expect(status).toBeLessThan(500);
      }
    },
  );

  it('are on a body too large, no JSON, or compressed', async () => {
    const send = (raw: Buffer, headers: object = {}): ReturnType<TestServer['ask']> =>
      server.ask('POST', '/api/tenants', {
        token: person.token,
        raw,
        headers: { 'content-type': 'application/json', ...headers },
      });
    const answers = [
      await send(Buffer.from(`{"name":"${'x'.repeat(300_000)}"}`)),
      await send(Buffer.from('{')),
      await send(Buffer.from('{}'), { 'content-encoding': 'gzip' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([413, 400, 415]);
    for (const { headers } of answers) expect(faultsOf(headers)).toEqual([]);
  });

  it('are on files, ranges that are none, and on 304', async () => {
    const file = await server.ask('GET', '/index.html');
    const again = await server.ask('GET', '/index.html', {
      headers: { 'if-modified-since': String(file.headers['last-modified']) },
    });
    const range = await server.ask('GET', '/index.html', { headers: { range: 'bytes=9999999-' } });
    expect([file.status, again.status]).toEqual([200, 304]);
    expect(range.status).toBeLessThan(500);
    for (const { headers } of [file, again, range]) expect(faultsOf(headers)).toEqual([]);
  });

  it('are on preflights, good and bad', async () => {
    for (const origin of ['https://portal.example', 'https://evil.example', 'null']) {
      const { headers } = await server.ask('OPTIONS', '/api/me', {
        headers: { origin, 'access-control-request-method': 'GET' },
      });
      expect([origin, faultsOf(headers)]).toEqual([origin, []]);
    }
  });

  it.each([
    ['a malformed request line', 'NONSENSE\r\n\r\n', 400],
    ['a bad version', 'GET / HTTP/9.9\r\nHost: localhost\r\n\r\n', 400],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
    [
      'headers too large',
      `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`,
      431,
    ],
    [
      'two lengths',
      'POST /api/me HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
    ],
    ['an expectation', 'GET / HTTP/1.1\r\nHost: localhost\r\nExpect: the-unexpected\r\n\r\n', 417],
    ['CONNECT', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n', 405],
    [
      'a WebSocket',
      'GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==\r\nSec-WebSocket-Version: 13\r\n\r\n',
      200,
    ],
    [
      'HTTP/2 in clear text',
      'GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n',
      200,
    ],
  ])('are on the answer to %s', async (_what, text, status) => {
    const answer = await sendRaw(text);
    expect({ status: answer.status, faults: faultsOf(answer.headers) }).toEqual({
      status,
      faults: [],
    });
  });

  it.each([
    ['a page', 'GET /chat?x=1 HTTP/1.1\r\nHost: evil.example\r\n\r\n', 308],
    ['a post', 'POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n', 308],
    ['no host', 'GET / HTTP/1.0\r\n\r\n', 308],
    ['nonsense', 'NONSENSE\r\n\r\n', 400],
    ['headers too large', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`, 431],
    ['CONNECT', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n', 405],
  ])('are on what the port without TLS answers to %s', async (_what, text, status) => {
    const answer = await sendRaw(text, false);
    expect({ status: answer.status, faults: faultsOf(answer.headers) }).toEqual({
      status,
      faults: [],
    });
  });

  it.each(['//evil.example/x', '/\\evil.example', 'https://evil.example/', '*'])(
    'NET-01: the port without TLS leads nowhere else, asked for %s',
    async (target) => {
      const { headers } = await sendRaw(
        `GET ${target} HTTP/1.1\r\nHost: evil.example\r\n\r\n`,
        false,
      );
      expect(headers['location']).toMatch(/^https:\/\/localhost(:\d+)?\/$/);
    },
  );
});

it('HDR-01: the headers are on a stream of events', async () => {
  const desk = await startChatDesk();
  try {
    const conversation = await desk.conversation();
    desk.model.answer(['RK-7741-QX']);
    const { status, headers } = await desk.server.ask(
      'POST',
      `/api/tenants/${desk.tenantId}/conversations/${conversation}/messages`,
      { token: desk.owner.token, json: { content: 'What is the code of the Fjellheim depot?' } },
    );
    expect(status).toBe(200);
    expect(headers['content-type']).toContain('text/event-stream');
    expect(faultsOf(headers)).toEqual([]);
  } finally {
    await desk.stop();
  }
});
