import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { waitUntil } from '../host/wait-until.ts';
import { endLeftovers, loadRecords, startTicksOf } from './process-record.ts';

// What a supervisor is: it starts a process, notes it, and lives on until it is killed.
const program = (records: string) => `
  import { fakeSpec, fakeSupervisor } from '${path.join(import.meta.dirname, 'testing.ts')}';
  const { supervisor, dir } = fakeSupervisor([fakeSpec('server', 'setInterval(() => {}, 1000)')]);
  await supervisor.start();
  const { copyFileSync } = await import('node:fs');
  copyFileSync(dir + '/processes.json', ${JSON.stringify(records)});
  console.log('started');
`;

describe('what a killed supervisor leaves behind', () => {
  it('is not taken for a later process with the same pid', async () => {
    const ended = await endLeftovers([{ id: 'x', pid: process.pid, startTicks: '1' }], 10);
    expect(ended).toEqual([]);
  });

  it('reads a torn or missing record as none', () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'casemate-record-')), 'processes.json');
    expect(loadRecords(file)).toEqual([]);
    writeFileSync(file, '[{"id":');
    expect(loadRecords(file)).toEqual([]);
  });

  it('is found and ended by the next one', async () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'casemate-record-'));
    const records = path.join(dir, 'records.json');
    const script = path.join(dir, 'supervise.mjs');
    writeFileSync(script, program(records));
    const supervisor = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(supervisor.stdout, 'data');
    supervisor.kill('SIGKILL');
    await once(supervisor, 'exit');
    const found = loadRecords(records);
    expect(readFileSync(records, 'utf8')).toContain('server');
    expect(startTicksOf(found[0]?.pid ?? 0)).not.toBeNull();
    expect(await endLeftovers(found, 2000)).toEqual(['server']);
    expect(await waitUntil(() => startTicksOf(found[0]?.pid ?? 0) === null, 1000)).toBe(true);
  });
});
