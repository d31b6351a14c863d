import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ensureServerCertificate } from '../certificates/ensure-server-certificate.ts';
import { listFiles } from './list-files.ts';
import { listProcesses } from './list-processes.ts';
import { sendGet } from './send-get.ts';

const portOf = (server: http.Server) => (server.address() as { port: number }).port;

describe("the doctor's questions on the real host", () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'casemate-doctor-'));
  const socketPath = path.join(directory, 'test.sock');
  let caFile: string;
  const servers: http.Server[] = [];
  beforeAll(async () => {
    const files = await ensureServerCertificate({
      directory: path.join(directory, 'tls'),
      hostName: 'casemate.example',
      addresses: [],
      now: new Date(),
    });
    ({ caFile } = files);
    const [cert, key] = [files.certFile, files.keyFile].map((file) => readFileSync(file));
    const answer: http.RequestListener = (_request, response) => response.end('{"well":true}');
    servers.push(https.createServer({ cert, key }, answer), http.createServer(answer));
    await new Promise<void>((resolve) => servers[0]?.listen(0, '127.0.0.1', resolve));
    await new Promise<void>((resolve) => servers[1]?.listen(socketPath, resolve));
  });
  afterAll(async () => {
    for (const server of servers) await new Promise((resolve) => server.close(resolve));
    rmSync(directory, { recursive: true });
  });
  const ask = (name: string) =>
    sendGet({ tls: { address: '127.0.0.1', port: portOf(servers[0]!), name, caFile }, path: '/' });

  it('are refused by a certificate for another name', async () => {
    await expect(ask('other.example')).rejects.toThrow('does not match');
    await expect(ask('192.0.2.9')).rejects.toThrow('does not match');
  });

  it('are refused where nobody listens', async () => {
    await expect(sendGet({ socketPath: `${socketPath}.x`, path: '/' })).rejects.toThrow('ENOENT');
  });

  it('are answered over TLS by name and address, and over a socket', async () => {
    const well = { status: 200, body: { well: true } };
    await expect(ask('casemate.example')).resolves.toMatchObject(well);
    await expect(ask('127.0.0.1')).resolves.toMatchObject(well);
    await expect(sendGet({ socketPath, path: '/' })).resolves.toMatchObject(well);
  });

  it('see files with their rights and this process with its sockets', async () => {
    const files = await listFiles(directory);
    const key = files.find(({ path: file, kind }) => kind === 'file' && file.endsWith('ca.key'));
    expect(key?.mode.toString(8)).toBe('400');
    expect(await listFiles(path.join(directory, 'none'))).toEqual([]);
    const self = (await listProcesses()).find(({ pid }) => pid === process.pid);
    expect(self).toMatchObject({ parent: process.ppid, text: expect.stringContaining('jest') });
    expect(self?.sockets.size).toBeGreaterThan(0);
  });
});
