import type { Gate } from './gate.ts';

/** The suites in their order, each with those that run beside it. */
export function groupSuites(gates: readonly Gate[]): Gate[][] {
  const groups: Gate[][] = [];
  let open = false;
  for (const gate of gates.filter(({ kind }) => kind === 'suite')) {
    if (open) groups.at(-1)?.push(gate);
    else groups.push([gate]);
    open = gate.besideNext === true;
  }
  return groups;
}
