import { cell } from '../tenants/ask-server.ts';
import { formatTable, type Paint } from '../terminal/terminal.ts';

/** As the server's `keys` command tells it. */
export type KeyRotation = {
  kind: 'wrapping' | 'data' | 'backfill';
  state: string;
  fromVersion: number | null;
  toVersion: number | null;
  rowsDone: number;
  rowsTotal: number | null;
  error: string | null;
  requestedAt: string;
};

type DataKey = { version: number; state: string; createdAt: string };

export type KeyOwner = {
  owner: string;
  name: string;
  state: string;
  holdsSeal: boolean;
  keys: DataKey[] | null;
  wrappingVersion: number | null;
  latestRotation: KeyRotation | null;
};

export type KeyOwnerDetail = KeyOwner & {
  wrapping: { latest: number; oldestOpening: number; madeAt: string | null } | null;
  columns:
    | {
        table: string;
        column: string;
        tier: string;
        rows: { version: number | null; rows: number }[];
      }[]
    | null;
  rotations: KeyRotation[];
};

/** `casemate keys list`, for a person. */
export function ownersTable(owners: readonly KeyOwner[], paint: Paint): string {
  const rows = owners.map((one) => {
    const current = one.keys?.find(({ state }) => state === 'current');
    return [
      cell(one.name),
      one.owner,
      one.wrappingVersion === null ? '-' : String(one.wrappingVersion),
      current ? String(current.version) : '-',
      current ? ageOf(current.createdAt) : '-',
      stateOf(one, paint),
    ];
  });
  return formatTable([['OWNER', 'ID', 'WRAPPING KEY', 'DATA KEY', 'AGE', 'STATE'], ...rows]);
}

/** `casemate keys status`, for a person. */
export function ownerText(detail: KeyOwnerDetail, paint: Paint): string {
  const { wrapping, keys, columns, rotations } = detail;
  if (!keys) return `${detail.name}: its keys can't be read now (${detail.state})`;
  const lines = [
    `${detail.name} (${detail.owner})`,
    wrapping
      ? `Wrapping key: version ${wrapping.latest}, made ${wrapping.madeAt?.slice(0, 10) ?? 'long ago'}${wrapping.oldestOpening > 1 ? `; versions below ${wrapping.oldestOpening} open nothing` : ''}`
      : paint('red', 'Wrapping key: missing'),
    '',
    formatTable([
      ['DATA KEY', 'STATE', 'MADE'],
      ...keys.map(({ version, state, createdAt }) => [
        String(version),
        state,
        createdAt.slice(0, 10),
      ]),
    ]),
    '',
    formatTable([
      ['COLUMN', 'ROWS BY VERSION'],
      ...(columns ?? []).map(({ table, column, rows }) => [
        `${table}.${column}`,
        rows.length === 0
          ? 'none'
          : rows
              .map(({ version, rows: count }) =>
                version === null ? paint('red', `PLAIN TEXT: ${count}`) : `v${version}: ${count}`,
              )
              .join(', '),
      ]),
    ]),
  ];
  if (rotations.length > 0) lines.push('', ...rotations.map((one) => rotationLine(one, paint)));
  return lines.join('\n');
}

export function rotationLine(rotation: KeyRotation, paint: Paint): string {
  const { kind, state, fromVersion, toVersion, rowsDone, rowsTotal, error } = rotation;
  const versions = toVersion === null ? '' : ` ${fromVersion ?? '?'} → ${toVersion}`;
  const rows = rowsTotal === null ? '' : `, ${rowsDone} of ${rowsTotal} fields`;
  const text = `${NAMES[kind]}${versions}: ${state}${rows}${error ? ` (${error})` : ''}`;
  return state === 'failed' ? paint('red', text) : text;
}

const NAMES = { wrapping: 'wrapping key', data: 'data key', backfill: 'backfill' } as const;

function stateOf({ state, keys, latestRotation }: KeyOwner, paint: Paint): string {
  if (!keys) return state === 'active' ? 'sealed' : state;
  if (latestRotation?.state === 'failed') return paint('red', 'last rotation failed');
  const open = latestRotation && latestRotation.state !== 'done';
  return open ? `rotating the ${NAMES[latestRotation.kind]}` : 'ok';
}

function ageOf(from: string): string {
  return `${Math.floor((Date.now() - Date.parse(from)) / 86_400_000)} d`;
}
