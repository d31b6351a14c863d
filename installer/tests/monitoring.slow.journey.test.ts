import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SMTPServer } from 'smtp-server';
import { waitUntil } from '../src/host/wait-until.ts';
import { askInstance } from './ask-instance.ts';
import { newInstallation, type Installation } from './installation.ts';

let one: Installation;
let address: string;
const casemate = (...words: string[]) => one.casemate(words);
const inTls = (name: string) => path.join(one.home, 'config', 'tls', 'current', name);
const caFile = () => path.join(one.home, 'config', 'tls', 'ca.crt');
const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;

/** A relay as a site has one: it offers STARTTLS with the certificate of this host. */
const mails: string[] = [];
let relay: SMTPServer;
/** What a collector of logs is sent (RFC 5424, framed as RFC 6587 says). */
let lines = '';
const collector = net.createServer((socket) => {
  socket.on('data', (bytes: Buffer) => (lines += bytes.toString('utf8')));
  socket.on('error', () => socket.destroy());
});
const traces: string[] = [];
const tracer = http.createServer((request, response) => {
  void text(request).then((body) => {
    traces.push(body);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
});

beforeAll(async () => {
  one = await newInstallation('watch');
  const { code, answer } = await one.install();
  expect(code).toBe(0);
  address = (answer as { address: string }).address;
  relay = new SMTPServer({
    key: readFileSync(inTls('server.key')),
    cert: readFileSync(inTls('server.crt')),
    authOptional: true,
    onData: (stream, _session, done) =>
      void text(stream).then((mail) => {
        mails.push(mail);
        done();
      }),
  });
  relay.listen(0, '127.0.0.1');
  collector.listen(0, '127.0.0.1');
  tracer.listen(0, '127.0.0.1');
  await Promise.all([once(relay.server, 'listening'), once(collector, 'listening')]);
}, 900_000);

afterAll(async () => {
  await casemate('uninstall', '--purge', '--yes');
  relay.close();
  collector.close();
  tracer.close();
  rmSync(one.dir, { recursive: true, force: true });
}, 120_000);

const nameRelay = (...more: string[]) =>
  casemate(
    ...['monitoring', 'mail', '--relay', `localhost:${portOf(relay.server)}`],
    ...['--to', 'ops@example.test', ...more],
  );

describe('OBS-01: monitoring of an installed instance', () => {
  it('OBS-01: without a relay nothing is mailed, and one that is not trusted gets no mail', async () => {
    expect((await casemate('monitoring', 'test')).code).not.toBe(0);
    expect(await nameRelay()).toMatchObject({ code: 0 });
    const refused = await casemate('monitoring', 'test');
    expect(refused.code).not.toBe(0);
    expect(refused.said).toMatch(/certificate/i);
    expect(mails).toEqual([]);
  }, 120_000);

  it('OBS-01: a relay whose authority was named gets the mail', async () => {
    expect(await nameRelay('--ca', caFile())).toMatchObject({ code: 0 });
    expect(await casemate('monitoring', 'test')).toMatchObject({ code: 0 });
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatch(/To: ops@example\.test[\s\S]*test of the alerts/);
  }, 120_000);

  it('OBS-01: each line of the log goes to the collector', async () => {
    const place = `tcp://127.0.0.1:${portOf(collector)}`;
    expect(await casemate('monitoring', 'syslog', place)).toMatchObject({ code: 0 });
    expect(await waitUntil(() => Promise.resolve(/<\d+>1 .*casemate/.test(lines)), 30_000)).toBe(
      true,
    );
  }, 120_000);

  it('OBS-01: traces of requests go to the collector, and name nobody', async () => {
    const place = `http://127.0.0.1:${portOf(tracer)}/v1/traces`;
    expect(await casemate('monitoring', 'traces', place)).toMatchObject({ code: 0 });
    const ask = askInstance(address, caFile());
    // A tenth is traced.
    for (let turn = 0; turn < 200; turn += 1)
      await ask('POST', '/api/session', { json: { email: 'nobody@example.test', password: 'x' } });
    expect(await waitUntil(() => Promise.resolve(traces.length > 0), 60_000)).toBe(true);
    expect(traces.join('')).toContain('casemate-server');
    expect(traces.join('')).not.toContain('nobody@example.test');
  }, 180_000);

  it('OBS-01: a part that goes down is mailed once, and once more when it is back', async () => {
    const before = mails.length;
    expect(await casemate('down', 'ollama')).toMatchObject({ code: 0 });
    const told = (count: number) =>
      waitUntil(() => Promise.resolve(mails.length >= before + count), 240_000, 500);
    expect(await told(1)).toBe(true);
    expect(mails.at(-1)).toContain('CasematePartDown');
    expect(await casemate('up')).toMatchObject({ code: 0 });
    expect(await told(2)).toBe(true);
    expect(mails.slice(before)).toHaveLength(2);
    expect(mails.join('')).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-7/);
  }, 600_000);
});
