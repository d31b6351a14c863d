import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureServerCertificate } from '../../../installer/src/certificates/ensure-server-certificate.ts';
import { createLog, createMetrics, type Config } from '../platform/index.ts';
import { listenMetrics } from './listen-metrics.ts';

const log = createLog({ level: 'error', fields: {}, silent: true });

describe('the metrics of a program that serves nothing else', () => {
  const dir = mkdtempSync('/tmp/cmp-');
  const token = randomBytes(32).toString('hex');
  let shown: { stop(): Promise<void> } | null;
  let config: Config;
  let ca: Buffer;

  beforeAll(async () => {
    writeFileSync(join(dir, 'token'), `${token}\n`);
    const now = new Date();
    const names = { hostName: 'casemate.example', addresses: [] };
    const made = await ensureServerCertificate({ directory: join(dir, 'tls'), ...names, now });
    ca = readFileSync(made.caFile);
    config = {
      CASEMATE_BIND_ADDRESS: '127.0.0.1',
      CASEMATE_METRICS_PORT: await freePort(),
      CASEMATE_METRICS_TOKEN_FILE: join(dir, 'token'),
      CASEMATE_TLS_CERT_FILE: made.certFile,
      CASEMATE_TLS_KEY_FILE: made.keyFile,
    } as Config;
    shown = await listenMetrics({ config, log, metrics: createMetrics() });
  });
  afterAll(async () => {
    await shown?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  type Asked = { path?: string; method?: string; headers?: Record<string, string> };
  const ask = ({ path = '/metrics', method = 'GET', headers = {} }: Asked) =>
    new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const to = { host: '127.0.0.1', port: config.CASEMATE_METRICS_PORT, agent: false } as const;
      const named = { ca, servername: 'casemate.example' };
      https
        .request({ ...to, ...named, path, method, headers }, (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => (text += part));
          response.on('end', () => resolve({ status: response.statusCode, text }));
        })
        .on('error', reject)
        .end();
    });
  const bearer = (word: string): Asked => ({ headers: { authorization: `Bearer ${word}` } });

  it('OBS-01: shows nothing without the token, with another one, or elsewhere', async () => {
    for (const asked of [{}, bearer(randomBytes(32).toString('hex')), bearer('')]) {
      const { status, text } = await ask(asked);
      expect([status, text]).toEqual([401, expect.not.stringContaining('casemate_')]);
    }
    expect((await ask({ ...bearer(token), path: '/' })).status).toBe(404);
    expect((await ask({ ...bearer(token), method: 'POST' })).status).toBe(404);
  });

  it('OBS-01: shows them to whoever holds the token', async () => {
    const { status, text } = await ask(bearer(token));
    expect([status, text]).toEqual([200, expect.stringContaining('casemate_jobs_total')]);
  });

  it('OBS-01: listens nowhere unless a port is given, and refuses a file without a token', async () => {
    const metrics = createMetrics();
    const none = { ...config, CASEMATE_METRICS_PORT: 0 };
    await expect(listenMetrics({ config: none, log, metrics })).resolves.toBeNull();
    const empty = { ...config, CASEMATE_METRICS_TOKEN_FILE: '/dev/null' };
    await expect(listenMetrics({ config: empty, log, metrics })).rejects.toThrow('holds no token');
  });
});

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
