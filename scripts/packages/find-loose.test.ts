import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findLoose } from './find-loose.ts';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): unknown => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
const sum = `sha512-${'a'.repeat(86)}==`;

describe('SUP-02: what is locked', () => {
  it.each(['^1.2.3', '~1.2.3', '1.x', '*', 'latest', 'github:a/b', 'https://a.example/b.tgz'])(
    'SUP-02: refuses %s',
    (version) => {
      expect(findLoose({ 'package.json': { dependencies: { a: version } } }, {})).toHaveLength(1);
    },
  );

  it('SUP-02: refuses a package without its checksum, or with a weak one', () => {
    const place = 'node_modules/a';
    expect(findLoose({}, { [place]: { version: '1.0.0' } })).toHaveLength(1);
    expect(findLoose({}, { [place]: { integrity: 'sha1-abc' } })).toHaveLength(1);
    expect(
      findLoose({}, { [place]: { integrity: sum }, 'node_modules/b': { link: true } }),
    ).toEqual([]);
  });

  it('SUP-02: every dependency of ours is an exact version with its checksum', () => {
    const files = [
      'package.json',
      'server/package.json',
      'web/package.json',
      'installer/package.json',
    ];
    const manifests = Object.fromEntries(files.map((file) => [file, read(file) as object]));
    const { packages } = read('package-lock.json') as { packages: Record<string, object> };
    expect(Object.keys(packages).length).toBeGreaterThan(300);
    expect(findLoose(manifests, packages)).toEqual([]);
  });

  it('SUP-02: every component has the SHA-256 of what a registry gives', () => {
    const lock = read('installer/src/components/components.lock.json') as Record<
      string,
      { registry?: { sha256?: string; sum?: string } }
    >;
    // A module of Go has the sum of Go's own kind (golang.org/ref/mod#go-sum-files), also SHA-256.
    const without = Object.entries(lock).filter(
      ([, { registry }]) =>
        !/^[0-9a-f]{64}$/.test(registry?.sha256 ?? '') &&
        !/^h1:[\w+/]{43}=$/.test(registry?.sum ?? ''),
    );
    expect(without.map(([name]) => name)).toEqual([]);
  });
});
