import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { makeZip, type ZipEntry } from './testing/make-zip.ts';
import { tempDir } from './testing/temp-dir.ts';
import { unzip } from './unzip.ts';

const dir = tempDir();

function archiveOf(bytes: Buffer): string {
  const file = path.join(dir, 'archive.zip');
  writeFileSync(file, bytes);
  return file;
}

const zipOf = (...entries: ZipEntry[]) => archiveOf(makeZip(entries));

describe('unzip', () => {
  it.each(['../escaped', 'a/../../escaped', '/escaped', 'a\\..\\escaped'])(
    'refuses the entry %s, which leads out of its folder',
    async (name) => {
      const target = path.join(dir, 'inner');
      await expect(unzip(zipOf({ name, text: 'x' }), target)).rejects.toThrow('outside its folder');
      expect(existsSync(path.join(dir, 'escaped'))).toBe(false);
    },
  );

  it('refuses an archive that is cut off', async () => {
    const whole = makeZip([{ name: 'a', text: 'some text' }]);
    const cut = archiveOf(whole.subarray(0, whole.length - 30));
    await expect(unzip(cut, path.join(dir, 'cut'))).rejects.toThrow('cut off');
  });

  it('refuses an entry whose bytes are not those of its checksum', async () => {
    const bytes = makeZip([{ name: 'a', text: 'some text' }]);
    bytes.writeUInt32LE(1, bytes.indexOf('PK\x01\x02') + 16);
    await expect(unzip(archiveOf(bytes), path.join(dir, 'bad'))).rejects.toThrow('damaged');
  });

  it('unpacks folders, empty files and executable files', async () => {
    const target = path.join(dir, 'good');
    const program = { name: 'bin/run', text: '#!/bin/sh\n', mode: 0o755 };
    await unzip(zipOf({ name: 'bin/', text: '' }, program, { name: 'none', text: '' }), target);
    expect(readFileSync(path.join(target, 'bin/run'), 'utf8')).toBe('#!/bin/sh\n');
    expect(statSync(path.join(target, 'bin/run')).mode & 0o777).toBe(0o755);
    expect(readFileSync(path.join(target, 'none'), 'utf8')).toBe('');
  });
});
