import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Gate } from './gate.ts';
import { readAudit } from './read-audit.ts';
import { runGate } from './run-gate.ts';

let logs = '';
beforeEach(async () => {
  logs = await mkdtemp(path.join(tmpdir(), 'gate-'));
});
afterEach(() => rm(logs, { recursive: true }));

/** A gate whose program is one line of JavaScript. */
const run = (script: string, changes: Partial<Gate> = {}) => {
  const command = ['node', '-e', script, '--'];
  const gate: Gate = { name: 'try', kind: 'check', command, needs: [], limit: 1, ...changes };
  return runGate({ gate, extra: [], logs, env: process.env });
};

describe('runGate', () => {
  it('counts a refusing check as one failure and shows the end of what it said', async () => {
    const outcome = await run("console.error('line 7 is wrong'); process.exit(3)");
    expect(outcome).toMatchObject({ passed: 0, failed: 1, notes: ['line 7 is wrong'] });
  });
  it('counts a program that is not there as a failure', async () => {
    const outcome = await run('', { command: ['no-such-program-here'] });
    expect(outcome).toMatchObject({ failed: 1, notes: [expect.stringContaining('ENOENT')] });
  });
  it('stops what takes too long, and what that started', async () => {
    const outcome = await run('setInterval(() => {}, 1000)', { limit: 0.005 });
    expect(outcome).toMatchObject({ failed: 1 });
    expect(outcome.notes[0]).toContain('stopped');
  });
  it('counts a suite without a report as a failure', async () => {
    const outcome = await run("console.log('crashed')", { kind: 'suite' });
    expect(outcome).toMatchObject({ passed: 0, failed: 1 });
    expect(outcome.notes[0]).toContain('crashed');
  });
  it('SUP-01: does not pass a check that says it could not do its work', async () => {
    const outcome = await run("console.log('no registry'); process.exit(77)");
    expect(outcome).toMatchObject({ passed: 0, failed: 0, skipped: 1, notes: ['no registry'] });
  });
  it('counts a content check as passed and keeps its log', async () => {
    expect(await run("console.log('fine')")).toMatchObject({ passed: 1, failed: 0, notes: [] });
    expect(await readFile(path.join(logs, 'try.log'), 'utf8')).toBe('fine\n');
  });
});

describe('readAudit', () => {
  it('SUP-01: names what is high or critical', () => {
    const vulnerabilities = {
      a: { severity: 'critical', range: '<2' },
      b: { severity: 'low', range: '<3' },
    };
    expect(readAudit(JSON.stringify({ vulnerabilities }))).toEqual(['a <2: critical']);
  });
  it('takes a refused request for no audit, not for a clean one', () => {
    expect(readAudit('{"error":{"summary":""},"statusCode":405}')).toBeUndefined();
    expect(readAudit('')).toBeUndefined();
  });
});
