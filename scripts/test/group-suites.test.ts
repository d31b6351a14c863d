import { expect, it } from '@jest/globals';
import type { Gate } from './gate.ts';
import { groupSuites } from './group-suites.ts';

const gate = (name: string, more: Partial<Gate> = {}): Gate => ({
  ...{ name, kind: 'suite', command: [], needs: [], limit: 1 },
  ...more,
});

it('puts a suite beside the next one only where it says so', () => {
  const gates = [
    gate('lint', { kind: 'check' }),
    gate('db'),
    gate('installs', { besideNext: true }),
    gate('journeys'),
    gate('last'),
  ];
  const names = groupSuites(gates).map((group) => group.map(({ name }) => name));
  expect(names).toEqual([['db'], ['installs', 'journeys'], ['last']]);
});
