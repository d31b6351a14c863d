import { describe, expect, it } from '@jest/globals';
import { startCommand } from './start-command.ts';
import { fakeSpec } from './testing.ts';

const account = { uid: 990, gid: 991 };
const listening = (...listens: number[]) =>
  fakeSpec('server', '', { network: { listens, reach: 'any' } });
const alone = (renamable?: true) =>
  fakeSpec('ollama', '', {
    network: { listens: [], reach: 'loopback', ...(renamable ? { renamable } : {}) },
  });
const none = () => null;
const network = (asRoot: boolean) => ['/usr/bin/unshare', asRoot ? 'root' : 'user'];

describe('startCommand', () => {
  it('gives no capability to a component that listens on a high port', () => {
    for (const spec of [listening(8443), listening(8443, 0)]) {
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

  it('NET-02: gives what nobody reaches by TCP a network of its own, and then no right at all', () => {
    const { argv, runAs } = startCommand(alone(), account, network);
    expect(runAs).toBeUndefined();
    expect(argv.slice(0, 2)).toEqual(['/usr/bin/unshare', 'root']);
    expect(argv).toContain('--reuid=990');
    expect(argv).toContain('--bounding-set=-all');
    expect(argv.slice(-3)).toEqual(alone().argv);
  });

  it('NET-02: gives it to an ordinary user for the model server alone', () => {
    const { argv } = startCommand(alone(true), undefined, network);
    expect(argv.slice(0, 2)).toEqual(['/usr/bin/unshare', 'user']);
    expect(argv).toContain('--bounding-set=-all');
    expect(startCommand(alone(), undefined, network).argv).toEqual(alone().argv);
  });

  it('starts it all the same where the host allows no such network', () => {
    expect(startCommand(alone(true), undefined, none).argv).toEqual(alone().argv);
    expect(startCommand(alone(), account, none)).toEqual({ argv: alone().argv, runAs: account });
  });
});
