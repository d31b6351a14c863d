import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { rotateAuditLogs } from './rotate-audit-logs.ts';

describe('rotateAuditLogs', () => {
  let dir: string;
  let reopened: number;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'casemate-audit-'));
    reopened = 0;
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const rotate = (freeShare = () => 0.5) =>
    rotateAuditLogs({ dir, bytes: 10, keep: 2, freeShare, reopen: () => (reopened += 1) > 0 });
  const write = (name: string, text: string) => writeFileSync(path.join(dir, name), text);

  it('leaves small files, and disturbs nobody for them', () => {
    write('audit-1.log', 'short');
    rotate();
    expect(readdirSync(dir)).toEqual(['audit-1.log']);
    expect(reopened).toBe(0);
  });

  it('does nothing where there is no directory', () => {
    expect(() => rotateAuditLogs({ dir: `${dir}-none`, reopen: () => true })).not.toThrow();
  });

  it('moves what has grown aside, keeps the newest, and has the files opened anew once', () => {
    for (const text of ['first of all', 'second of all', 'third of all']) {
      write('audit-1.log', text);
      write('audit-2.log', text);
      rotate();
    }
    expect(reopened).toBe(3);
    expect(readdirSync(dir).sort()).toEqual([
      'audit-1.log.1',
      'audit-1.log.2',
      'audit-2.log.1',
      'audit-2.log.2',
    ]);
    expect(readFileSync(path.join(dir, 'audit-1.log.1'), 'utf8')).toBe('third of all');
  });

  it('OBS-01: removes no audit file that has no copy, however full the disk is', () => {
    for (const name of ['audit-1.log', 'audit-1.log.1', 'audit-1.log.2', 'other.log.1'])
      write(name, 'x');
    rotate(() => 0);
    expect(readdirSync(dir)).toHaveLength(4);
  });

  it('OBS-01: makes room on a full disk with old copies, the oldest first, and no more than it needs', () => {
    for (const name of ['audit-1.log.1', 'audit-2.log', 'audit-2.log.1', 'audit-2.log.2'])
      write(name, 'x');
    rotate(() => (readdirSync(dir).includes('audit-2.log.2') ? 0.01 : 0.06));
    expect(readdirSync(dir).sort()).toEqual(['audit-1.log.1', 'audit-2.log', 'audit-2.log.1']);
    rotate(() => 0.01);
    expect(readdirSync(dir).sort()).toEqual(['audit-1.log.1', 'audit-2.log']);
  });
});
