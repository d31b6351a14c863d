import { describe, expect, it } from '@jest/globals';
import { completeLock, type LockPackages } from './complete-lock.ts';

describe('completeLock', () => {
  it('SUP-02: adds what a registry without it made npm leave out, and says so', () => {
    const packages: LockPackages = {
      'node_modules/a': {
        dev: true,
        optionalDependencies: { '@a/linux-x64-musl': '1.0.0', '@a/darwin-arm64': '1.0.0' },
      },
    };
    expect(completeLock(packages)).toEqual(['@a/linux-x64-musl@1.0.0', '@a/darwin-arm64@1.0.0']);
    expect(packages['node_modules/@a/linux-x64-musl']).toEqual({
      version: '1.0.0',
      cpu: ['x64'],
      os: ['linux'],
      libc: ['musl'],
      dev: true,
      optional: true,
    });
    expect(completeLock(packages)).toEqual([]);
  });

  it('leaves alone what is there, above or beside, and ranges', () => {
    const packages: LockPackages = {
      'node_modules/a/node_modules/b': { optionalDependencies: { c: '1.0.0', d: '^1.0.0' } },
      'node_modules/a/node_modules/c': { version: '1.0.0' },
    };
    expect(completeLock(packages)).toEqual([]);
  });
});
