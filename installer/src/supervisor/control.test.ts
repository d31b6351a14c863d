import { mkdtempSync, statSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { askSupervisor, serveControl } from './control.ts';
import { takeLock } from './take-lock.ts';

const place = () =>
  path.join(mkdtempSync(path.join(tmpdir(), 'casemate-control-')), 'control.sock');

describe('askSupervisor', () => {
  it('says that none runs when there is no socket, or one that nobody serves', async () => {
    expect(await askSupervisor(place(), { do: 'status' })).toBeNull();
  });

  it('says so too when the supervisor ends while it is asked', async () => {
    const file = place();
    const dying = net.createServer((socket) => socket.destroy()).listen(file);
    expect(await askSupervisor(file, { do: 'status' })).toBeNull();
    dying.close();
  });

  it('gets an answer, or the error of the supervisor, through a door for the owner alone', async () => {
    const file = place();
    const server = await serveControl(file, (request) => {
      if (request.do === 'stop') throw new Error('No');
      return Promise.resolve({ ok: true, pid: 1, components: [], allReady: true });
    });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await askSupervisor(file, { do: 'status' })).toMatchObject({ ok: true, pid: 1 });
    expect(await askSupervisor(file, { do: 'stop' })).toEqual({ ok: false, error: 'No' });
    server.close();
  });
});

describe('takeLock', () => {
  it('refuses a second supervisor until the first has ended', async () => {
    const runDir = place();
    const first = await takeLock(runDir);
    expect(await takeLock(runDir)).toBeNull();
    await new Promise((resolve) => first?.close(resolve));
    const second = await takeLock(runDir);
    expect(second).not.toBeNull();
    second?.close();
  });
});
