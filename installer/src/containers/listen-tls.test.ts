import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { issuePart, newAuthority, type PartFiles } from './kubernetes/issue-part.ts';
import { join, listenTls } from './listen-tls.ts';

const now = new Date();
const authority = newAuthority(now);
const part = issuePart({ wanted: { hosts: ['part.example'] }, authority, now });
const client = issuePart({ wanted: { hosts: ['server.example'], client: true }, authority, now });
const stranger = issuePart({
  wanted: { hosts: ['server.example'], client: true },
  authority: newAuthority(now),
  now,
});

describe('NET-03: a part behind TLS', () => {
  const dir = mkdtempSync('/tmp/cmt-');
  const echo = net.createServer((socket) => socket.pipe(socket));
  const open: net.Server[] = [echo];
  const ports = { certified: 0, postgresql: 0 };

  beforeAll(async () => {
    for (const [name, text] of Object.entries(part)) writeFileSync(path.join(dir, name), text);
    await new Promise<void>((resolve) => echo.listen(path.join(dir, 'echo'), resolve));
    const hand = (socket: tls.TLSSocket): void => join(socket, net.connect(path.join(dir, 'echo')));
    const common = { port: 0, tlsDir: dir, hand };
    const certified = await listenTls({ ...common, clients: 'certified' });
    const postgresql = await listenTls({ ...common, clients: 'anyone', asks: 'postgresql' });
    open.push(certified, postgresql);
    ports.certified = (certified.address() as AddressInfo).port;
    ports.postgresql = (postgresql.address() as AddressInfo).port;
  });
  afterAll(() => {
    for (const server of open) server.close();
    rmSync(dir, { recursive: true, force: true });
  });

  /** What comes back for a word, or the reason why nothing does. */
  const say = (options: tls.ConnectionOptions): Promise<string> =>
    new Promise((resolve) => {
      const socket = tls.connect({
        ca: authority['ca.crt'],
        servername: 'part.example',
        ...options,
      });
      socket.on('secureConnect', () => socket.write('word'));
      socket.on('data', (data: Buffer) => {
        resolve(data.toString());
        socket.destroy();
      });
      socket.on('error', () => resolve('refused'));
      socket.on('close', () => resolve('refused'));
    });
  const shown = ({ 'tls.crt': cert, 'tls.key': key }: PartFiles) => ({ cert, key });

  it('NET-03: refuses a client without a certificate, and one of another authority', async () => {
    await expect(say({ port: ports.certified })).resolves.toBe('refused');
    await expect(say({ port: ports.certified, ...shown(stranger) })).resolves.toBe('refused');
  });

  it('NET-03: lets the client in that its authority knows', async () => {
    await expect(say({ port: ports.certified, ...shown(client) })).resolves.toBe('word');
  });

  it('NET-03: a client that verifies refuses another name and another authority', async () => {
    const known = { port: ports.certified, ...shown(client) };
    await expect(say({ ...known, servername: 'other.example' })).resolves.toBe('refused');
    await expect(say({ ...known, ca: newAuthority(now)['ca.crt'] })).resolves.toBe('refused');
  });

  it('NET-03: hangs up on whoever speaks to the database in the clear, or hurries it', async () => {
    const startup = Buffer.from([0, 0, 0, 8, 0, 3, 0, 0]);
    const ask = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
    await expect(sendRaw(ports.postgresql, startup)).resolves.toEqual(Buffer.alloc(0));
    const hurried = Buffer.concat([ask, Buffer.from('select 1')]);
    await expect(sendRaw(ports.postgresql, hurried)).resolves.toEqual(Buffer.alloc(0));
  });

  it('NET-03: answers a client that asks as PostgreSQL’s do', async () => {
    const raw = net.connect(ports.postgresql);
    raw.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]));
    const answer = await new Promise<Buffer>((resolve) => raw.once('data', resolve));
    expect(answer.toString()).toBe('S');
    await expect(say({ socket: raw })).resolves.toBe('word');
  });
});

/** All that comes back until the other side hangs up. */
function sendRaw(port: number, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = net.connect({ port });
    socket.on('connect', () => void socket.write(bytes));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Buffer.concat(chunks)));
  });
}
