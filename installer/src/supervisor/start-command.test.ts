import { describe, expect, it } from '@jest/globals';
import { startCommand } from './start-command.ts';
import { fakeSpec } from './testing.ts';

const account = { uid: 990, gid: 991 };
const listening = (...listens: number[]) =>
  fakeSpec('server', '', { network: { listens, reach: 'any' } });

describe('startCommand', () => {
  it('gives no capability to a component that listens on a high port, or not at all', () => {
    for (const spec of [listening(8443), listening(), listening(0)]) {
      expect(startCommand(spec, account)).toEqual({ argv: spec.argv, runAs: account });
    }
  });

  it('gives none to an ordinary user, who has none to give', () => {
    expect(startCommand(listening(443), undefined)).toEqual({
      argv: listening(443).argv,
      runAs: undefined,
    });
  });

  it('keeps exactly the capability for a low port, under the account of the component', () => {
    const { argv, runAs } = startCommand(listening(1), account);
    expect(runAs).toBeUndefined();
    expect(argv).toContain('--reuid=990');
    expect(argv).toContain('--bounding-set=-all,+net_bind_service');
  });
});
