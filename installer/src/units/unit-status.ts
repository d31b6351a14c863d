import type { ComponentState, ComponentStatus } from '../supervisor/component.ts';

/** The properties that are asked of each unit. */
export const statusProperties = 'Id,ActiveState,SubState,MainPID,NRestarts,StateChangeTimestamp';

/** Reads the answer of `systemctl show`: properties by unit, units apart by an empty line. */
export function parseUnitStatus(text: string): Map<string, Omit<ComponentStatus, 'id' | 'spec'>> {
  return new Map(
    text
      .trim()
      .split('\n\n')
      .map((block) => {
        const pairs = block.split('\n').map((line) => line.split(/=(.*)/s, 2));
        const found = new Map(pairs.map(([name = '', value = '']) => [name, value]));
        return [found.get('Id') ?? '', toStatus(found)];
      }),
  );
}

function toStatus(found: ReadonlyMap<string, string>): Omit<ComponentStatus, 'id' | 'spec'> {
  const state = stateOf(found.get('ActiveState') ?? '', found.get('SubState') ?? '');
  const pid = Number(found.get('MainPID') ?? 0);
  const seconds = Number((found.get('StateChangeTimestamp') ?? '').replace(/^@/, ''));
  return {
    state,
    pid: pid > 0 ? pid : null,
    restarts: Number(found.get('NRestarts') ?? 0),
    since: new Date(seconds > 0 ? seconds * 1000 : Date.now()).toISOString(),
    // A unit is active only after its `wait-ready` has ended well.
    ready: state === 'ready',
  };
}

function stateOf(active: string, sub: string): ComponentState {
  if (sub === 'auto-restart') return 'waiting';
  if (active === 'active' || active === 'reloading') return 'ready';
  if (active === 'activating') return 'starting';
  return active === 'deactivating' ? 'stopping' : 'stopped';
}
