import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { foldersAbove, oncePerPath } from './collect-tree.ts';
import { archiveOf, makeImage } from './image.ts';
import { digestOf, makeLayer } from './layer.ts';
import { readBase } from './read-base.ts';
import { writeTar, type TarEntry } from './tar.ts';

const long = `${'folder/'.repeat(20)}file`;
const entries: TarEntry[] = [
  { path: 'b', kind: 'file', mode: 0o755, content: 'two' },
  { path: 'a', kind: 'link', mode: 0o777, content: 'b' },
  { path: 'd', kind: 'folder', mode: 0o2750, uid: 10002, gid: 10001 },
  ...foldersAbove(long),
  { path: long, kind: 'file', mode: 0o644, content: Buffer.alloc(513, 1) },
];
const settings = { user: '1:1', entrypoint: ['/b'], command: [], labels: { a: 'b' } };
const imageOf = (list: readonly TarEntry[]) =>
  makeImage({ name: 'n', tag: '1', layers: [makeLayer('x', list)], settings });

describe('images', () => {
  it('SUP-02: are the same bytes in whatever order their files were found', () => {
    const [one, other] = [imageOf(entries), imageOf([...entries].reverse())];
    expect(archiveOf([one]).equals(archiveOf([other]))).toBe(true);
    const changed = imageOf([...entries, { path: 'z', kind: 'file', mode: 0o644, content: '' }]);
    expect(changed.manifest.digest).not.toBe(one.manifest.digest);
  });

  it('unpack as they were packed, long paths, links, owners and modes', () => {
    const dir = mkdtempSync('/tmp/cmg-');
    const file = path.join(dir, 'layer.tar');
    writeFileSync(file, writeTar(oncePerPath(entries)));
    const list = execFileSync('tar', ['--numeric-owner', '-tvf', file], { encoding: 'utf8' });
    expect(list).toContain('drwxr-s--- 10002/10001');
    expect(list).toContain('a -> b');
    execFileSync('tar', ['-C', dir, '--no-same-owner', '-xf', file]);
    expect(statSync(path.join(dir, long)).size).toBe(513);
    expect(statSync(path.join(dir, 'a')).mode & 0o777).toBe(0o755);
    rmSync(dir, { recursive: true });
  });

  it('refuse a path that the format cannot hold', () => {
    const path = 'x'.repeat(101);
    expect(() => writeTar([{ path, kind: 'file', mode: 0o644 }])).toThrow('too long');
  });

  it('SUP-02: stand on another base only if it has the digest that was named', () => {
    const dir = mkdtempSync('/tmp/cmg-');
    const file = path.join(dir, 'base.tar');
    const base = imageOf(entries);
    writeFileSync(file, archiveOf([base]));
    expect(readBase(`${file}@${base.manifest.digest}`)[0]?.diffId).toBe(base.layers[0]?.diffId);
    expect(() => readBase(file)).toThrow('FILE@sha256');
    const wrong = digestOf('other');
    const named = `blobs/${wrong.replace(':', '/')}`;
    const { content } = base.manifest;
    writeFileSync(file, writeTar([{ path: named, kind: 'file', mode: 0o644, content }]));
    expect(() => readBase(`${file}@${wrong}`)).toThrow('it is not the base that you named');
    rmSync(dir, { recursive: true });
  });
});
