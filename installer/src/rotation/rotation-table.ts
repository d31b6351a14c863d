import { formatTable, type Paint } from '../terminal/terminal.ts';

/** As the server's `rotation` command tells it. */
export type ListedSecret = {
  name: string;
  count: number;
  state: 'current' | 'due' | 'overdue' | 'unknown';
  madeAt: string | null;
  ageDays: number | null;
  periodDays: number | null;
  nextAt: string | null;
  rotatedBy: 'appliance' | 'operator';
  note: string | null;
};

/** `casemate rotation list`, for a person. */
export function rotationTable(secrets: readonly ListedSecret[], paint: Paint): string {
  const rows = secrets.map((secret) => [
    secret.name,
    String(secret.count),
    secret.ageDays === null ? '-' : `${secret.ageDays} d`,
    secret.periodDays === null ? 'on request' : `${secret.periodDays} d`,
    secret.nextAt?.slice(0, 10) ?? '-',
    secret.rotatedBy === 'appliance' ? 'by itself' : 'by you',
    paintState(secret, paint),
  ]);
  const notes = secrets.flatMap(({ name, note }) => (note ? [`${name}: ${note}`] : []));
  const table = formatTable([
    ['SECRET', 'COUNT', 'AGE', 'PERIOD', 'NEXT', 'ROTATED', 'STATE'],
    ...rows,
  ]);
  return [table, ...notes].join('\n');
}

function paintState({ state }: ListedSecret, paint: Paint): string {
  if (state === 'overdue') return paint('red', state);
  return state === 'current' ? state : paint('yellow', state);
}
