import { describe, expect, it } from '@jest/globals';
import { readLock } from '../components/index.ts';
import type { BackupManifest } from './manifest.ts';
import { refuseOtherMajor } from './refuse-other-major.ts';

const backup = (version: string) =>
  ({ id: 'b1', version: '0.1.0', database: { version } }) as BackupManifest;

describe('refuseOtherMajor', () => {
  it('RES-04: refuses a backup that the PostgreSQL of this version cannot open', () => {
    expect(() => refuseOtherMajor(backup('17.9'))).toThrow('is of PostgreSQL 17.9');
    expect(() => refuseOtherMajor(backup('19.1'))).toThrow('is of PostgreSQL 19.1');
  });

  it('RES-04: takes one of the same major version, and of before versions were noted', () => {
    expect(() => refuseOtherMajor(backup(readLock().postgresql.version))).not.toThrow();
    expect(() => refuseOtherMajor(backup(''))).not.toThrow();
  });
});
