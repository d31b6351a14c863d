import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { boundOutput } from './bound-output.ts';

it('bounds what the supervisor says outside its log, and leaves what is small', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'cmo-'));
  try {
    const file = path.join(dir, 'supervisor.out');
    boundOutput(file, 10);
    writeFileSync(file, 'short');
    boundOutput(file, 10);
    expect(readFileSync(file, 'utf8')).toBe('short');
    appendFileSync(file, ' and then longer');
    boundOutput(file, 10);
    expect(readFileSync(file, 'utf8')).toBe('');
    expect(readFileSync(`${file}.1`, 'utf8')).toBe('short and then longer');
  } finally {
    rmSync(dir, { recursive: true });
  }
});
