import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { tempDir } from '../components/testing/temp-dir.ts';
import { highestGlibc, readElfNeeds } from './elf.ts';
import { manifestOf } from './testing/small-bundle.ts';
import { refuseOldLibc } from './verify-for-install.ts';

describe('what a program asks of its host', () => {
  it('is nothing for a text', async () => {
    const file = path.join(tempDir(), 'text');
    writeFileSync(file, 'no program');
    expect(await readElfNeeds(file)).toBeNull();
  });

  it('is the highest version by number, and no private or foreign one', () => {
    const names = ['GLIBC_2.9', 'GLIBC_2.28', 'GLIBC_PRIVATE', 'GLIBCXX_3.4.30'];
    expect(highestGlibc(names)).toBe('2.28');
    expect(highestGlibc(['GLIBCXX_3.4.30'])).toBeNull();
  });

  it('is read as readelf reads it', async () => {
    const needs = await readElfNeeds(process.execPath);
    const shown = execFileSync('readelf', ['-V', '-d', '-W', process.execPath], {
      encoding: 'utf8',
    });
    expect(needs?.glibc).toBe(highestGlibc(shown.match(/GLIBC_[\w.]+/g) ?? []));
    const libraries = [...shown.matchAll(/\(NEEDED\)[^[]*\[([^\]]+)\]/g)].map(([, name]) => name);
    expect(needs?.libraries).toEqual(libraries.sort());
  });

  it('DEP-05: a host with an older C library is refused, and the program named', () => {
    const manifest = manifestOf({});
    expect(() => refuseOldLibc(manifest, '2.27')).toThrow(
      expect.objectContaining({ code: 'preflight', why: expect.stringContaining('node/bin/node') }),
    );
    expect(() => refuseOldLibc(manifest, null)).toThrow();
    expect(() => refuseOldLibc(manifest, '2.28')).not.toThrow();
  });
});
