import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fakePatient } from '../../doctor/fake-patient.ts';
import type { Patient } from '../../doctor/patient.ts';
import { findAccount } from '../../host/accounts.ts';
import { fakeHost } from '../../preflight/fake-host.ts';
import { internalHops } from './internal-hops.ts';
import { tryDoors } from './try-doors.ts';

/** Another account can be tried only by root. */
const asRoot = process.getuid?.() === 0 ? it : it.skip;
const nobody = findAccount('nobody') ?? null;

describe('NET-03: the doors between the components', () => {
  let dir: string;
  let servers: net.Server[];

  beforeEach(async () => {
    dir = mkdtempSync(path.join(tmpdir(), 'cmd-'));
    chmodSync(dir, 0o711);
    servers = ['.s.PGSQL.5432', 'bao.sock', 'ollama.sock'].map((name) =>
      net.createServer((client) => client.end()).listen(path.join(dir, name)),
    );
    await Promise.all(servers.map((server) => once(server, 'listening')));
    for (const name of ['.s.PGSQL.5432', 'bao.sock', 'ollama.sock'])
      chmodSync(path.join(dir, name), 0o660);
  });
  afterEach(() => {
    for (const server of servers) server.close();
    rmSync(dir, { recursive: true });
  });

  const patient = (root: boolean, more: Partial<Patient> = {}, tcp = 'head') => {
    const plain = fakePatient();
    const ids = ['postgresql', 'openbao', 'ollama'];
    return fakePatient({
      layout: { ...plain.layout, asRoot: root },
      paths: {
        ...plain.paths,
        databaseSocketDir: dir,
        vaultSocket: path.join(dir, 'bao.sock'),
        modelSocket: path.join(dir, 'ollama.sock'),
      },
      host: fakeHost({ files: { '/proc/net/tcp': tcp } }),
      listComponents: () =>
        Promise.resolve(
          ids.map((id, index) => ({
            id,
            state: 'ready',
            pid: index + 10,
            restarts: 0,
            since: '',
            ready: true,
          })),
        ),
      listProcesses: () =>
        Promise.resolve(
          ids.map((id, index) => ({
            pid: index + 10,
            parent: 1,
            name: id,
            text: '',
            sockets: new Set([`s${index}`]),
          })),
        ),
      ...more,
    });
  };
  const listening = 'head\n 0: 0100007F:2CEC 00000000:0000 0A 0 0 0 0 0 s2';

  asRoot('NET-03: another local user is refused, and the twin gets in', async () => {
    const door = [{ path: path.join(dir, 'ollama.sock') }];
    expect(await tryDoors(door, nobody)).toEqual(['EACCES']);
    expect(await tryDoors(door, null)).toEqual(['open']);
    expect(await internalHops.run(patient(true))).toMatchObject({ status: 'pass' });
  });

  asRoot('NET-03: fails when another local user can open a socket', async () => {
    chmodSync(path.join(dir, 'bao.sock'), 0o666);
    const found = await internalHops.run(patient(true));
    expect(found.status).toBe('fail');
    expect(found.evidence).toContain('finds open: openbao');
  });

  it('NET-03: fails when the model server answers on the loopback of the host', async () => {
    const get = () => Promise.resolve({ status: 200, location: null, body: null });
    const found = await internalHops.run(patient(true, { get }, listening));
    expect(found.status).toBe('fail');
    expect(found.evidence).toContain('Every local user can call ollama on port 11500');
  });

  it('NET-03: fails when the server itself is shut out, since a refusal then shows nothing', async () => {
    servers[1]?.close();
    const found = await internalHops.run(patient(false));
    expect(found).toMatchObject({ status: 'fail' });
    expect(found.evidence).toContain("can't reach openbao");
  });

  it('NET-03: for an ordinary user the directories decide', async () => {
    const findFile = (mode: number) => (file: string) =>
      Promise.resolve({ path: file, kind: 'directory' as const, mode, uid: 1, bytes: 0 });
    const open = await internalHops.run(patient(false, { findFile: findFile(0o755) }));
    const shut = await internalHops.run(patient(false, { findFile: findFile(0o700) }));
    expect([open.status, shut.status]).toEqual(['fail', 'pass']);
  });

  it('NET-03: a port that answers nobody is no door', async () => {
    const get = () => Promise.reject(new Error('dropped'));
    const findFile = (file: string) =>
      Promise.resolve({ path: file, kind: 'directory' as const, mode: 0o700, uid: 1, bytes: 0 });
    const found = await internalHops.run(patient(false, { get, findFile }, listening));
    expect(found).toMatchObject({ status: 'pass' });
    expect(found.evidence).toContain('1 ports');
  });
});
