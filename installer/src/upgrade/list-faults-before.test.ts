import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { tempDir } from '../components/testing/temp-dir.ts';
import { layoutFor } from '../instance/layout.ts';
import { listFaultsBefore } from './list-faults-before.ts';

/** An instance whose command is this script. */
function instanceWith(script: string) {
  const dataDir = tempDir();
  const layout = layoutFor({ instance: 'other', dataDir, asRoot: false, env: {} });
  mkdirSync(path.join(dataDir, 'bin'));
  writeFileSync(path.join(dataDir, 'bin', 'casemate'), `#!/bin/sh\n${script}\n`);
  return layout;
}

describe('what is wrong before an upgrade', () => {
  it('DEP-06: is what the installed version says, not what the new one misses', async () => {
    const checks = [
      { id: 'openbao', status: 'fail', found: 'sealed' },
      { id: 'disk-space', status: 'fail', found: 'full' },
      { id: 'clock', status: 'warn', found: 'drifts' },
    ];
    const layout = instanceWith(`echo '${JSON.stringify({ checks })}'; exit 8`);
    expect(await listFaultsBefore(layout)).toEqual(['openbao: sealed']);
    const well = instanceWith(`echo '{"checks":[]}'`);
    expect(await listFaultsBefore(well)).toEqual([]);
  });

  it('DEP-06: is judged by the new version where the installed command says nothing', async () => {
    const faults = await listFaultsBefore(instanceWith('exit 2')).catch(() => ['not installed']);
    expect(faults).not.toEqual([]);
  });
});
