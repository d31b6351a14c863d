import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { systemFault } from './system-fault.ts';

const thrownBy = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

describe('an error of the system', () => {
  it('of a full disk says so, and what to do', () => {
    // A device that is always full.
    const fault = systemFault(thrownBy(() => writeFileSync('/dev/full', 'x')));
    expect(fault?.message).toBe('There is no room left on the disk');
    expect(fault?.next).toContain('Make room');
  });

  it('that says nothing to a person stays what it is', () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'cmf-'));
    expect(systemFault(thrownBy(() => statSync(path.join(dir, 'nothing'))))).toBeUndefined();
    expect(systemFault(new Error('no code'))).toBeUndefined();
    expect(systemFault('text')).toBeUndefined();
  });
});
