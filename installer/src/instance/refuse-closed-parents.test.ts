import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { refuseClosedParents } from './refuse-closed-parents.ts';

describe('refuseClosedParents', () => {
  it('names the directory that keeps the service accounts out, and the mend', () => {
    const closed = mkdtempSync(path.join(tmpdir(), 'casemate-closed-'));
    const check = () => refuseClosedParents([path.join(closed, 'not', 'yet')]);
    expect(check).toThrow("can't reach");
    chmodSync(closed, 0o711);
    expect(check).not.toThrow();
  });

  it('does not mind how closed the directory itself is', () => {
    expect(() =>
      refuseClosedParents([mkdtempSync(path.join(tmpdir(), 'casemate-'))]),
    ).not.toThrow();
  });
});
