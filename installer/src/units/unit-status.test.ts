import { describe, expect, it } from '@jest/globals';
import { parseUnitStatus } from './unit-status.ts';

const block = (id: string, active: string, sub: string) =>
  `Id=${id}\nActiveState=${active}\nSubState=${sub}\nMainPID=7\nNRestarts=2\nStateChangeTimestamp=@1700000000`;

describe("what systemd says of an instance's units", () => {
  it.each([
    ['failed', 'failed', 'stopped', false],
    ['activating', 'auto-restart', 'waiting', false],
    ['activating', 'start-post', 'starting', false],
    ['deactivating', 'stop-sigterm', 'stopping', false],
    ['active', 'running', 'ready', true],
  ])('reads %s (%s) as %s', (active, sub, ...[state, ready]) => {
    const found = parseUnitStatus(`${block('a.service', active, sub)}\n`).get('a.service');
    expect(found).toEqual({ state, ready, pid: 7, restarts: 2, since: '2023-11-14T22:13:20.000Z' });
  });

  it('keeps units apart, and takes no process for none', () => {
    const text = `${block('a.service', 'active', 'running')}\n\nId=b.service\nActiveState=inactive\nSubState=dead\nMainPID=0`;
    const found = parseUnitStatus(text);
    expect([...found.keys()]).toEqual(['a.service', 'b.service']);
    expect(found.get('b.service')).toMatchObject({ state: 'stopped', pid: null, restarts: 0 });
  });
});
