/** Something that somebody, or a program, has in a tenant. */
export type Entry = {
  kind: 'person' | 'service account' | 'API key' | 'visit';
  name: string;
  email: string;
  state: string;
  role: string;
  level: number | null;
  customRoles: string[];
  groups: string[];
  permissions: string[];
  secondFactor: boolean | null;
  source: string;
  lastSeen: string | null;
  expiresAt: string | null;
};

const COLUMNS: readonly (keyof Entry)[] = [
  ...(['kind', 'name', 'email', 'state', 'role', 'level', 'customRoles', 'groups'] as const),
  ...(['permissions', 'secondFactor', 'source', 'lastSeen', 'expiresAt'] as const),
];

/**
 * RFC 4180, safe for spreadsheets: a text that a program could take for a formula (OWASP, CSV Injection)
 * stands behind an apostrophe.
 */
export function entriesAsCsv(entries: readonly Entry[]): string {
  const lines = entries.map((entry) => COLUMNS.map((column) => cell(entry[column])));
  return [COLUMNS, ...lines].map((line) => `${line.map(quoted).join(',')}\r\n`).join('');
}

function cell(value: Entry[keyof Entry]): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'object' ? value.join('; ') : String(value);
}

function quoted(text: string): string {
  const harmless = /^[\s]*[=+\-@|%\t\r\n]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
