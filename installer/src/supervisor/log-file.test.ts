import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { LogFile } from './log-file.ts';

const place = () => path.join(mkdtempSync(path.join(tmpdir(), 'casemate-log-')), 'a.log');

describe('LogFile', () => {
  it('does not throw when it cannot be written', () => {
    const log = new LogFile('/proc/nowhere/a.log');
    expect(() => log.write('x')).not.toThrow();
  });

  it('can be read by its owner alone', () => {
    const file = place();
    new LogFile(file).write('secret enough\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('keeps so many old files and no more, the newest as .1', () => {
    const file = place();
    const log = new LogFile(file, { bytes: 10, keep: 2 });
    for (const line of ['one-----\n', 'two-----\n', 'three---\n', 'four----\n']) log.write(line);
    expect(readdirSync(path.dirname(file)).sort()).toEqual(['a.log', 'a.log.1', 'a.log.2']);
    expect(readFileSync(file, 'utf8')).toBe('four----\n');
    expect(readFileSync(`${file}.1`, 'utf8')).toBe('three---\n');
  });

  it('goes on with the file that is there', () => {
    const file = place();
    new LogFile(file).write('before\n');
    new LogFile(file).write('after\n');
    expect(readFileSync(file, 'utf8')).toBe('before\nafter\n');
  });
});
