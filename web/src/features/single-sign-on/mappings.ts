import type { ConnectionWish, Owner, Role } from './sso-api.ts';

type Mapping = ConnectionWish['mappings'][number];

const ROLES: readonly Role[] = ['member', 'reviewer', 'admin'];

/** `group = role`, or of the platform `group = role = tenant`, a line each. A group may hold equal signs. */
export function readMappings(text: string, owner: Owner): Mapping[] {
  return linesOf(text).flatMap((line) => {
    const mapping = readLine(line, owner);
    return mapping ? [mapping] : [];
  });
}

/** What is wrong with the first line that is none; null when all are right. */
export function faultyLine(text: string, owner: Owner): string | null {
  const wrong = linesOf(text).find((line) => readLine(line, owner) === null);
  if (wrong === undefined) return null;
  const form = owner === null ? 'group = role = id of the tenant' : 'group = role';
  return `“${wrong}” is not of the form ${form}; roles are member, reviewer and admin`;
}

export function writeMappings(mappings: readonly Mapping[], owner: Owner): string {
  return mappings
    .map(({ group, role, tenantId }) =>
      owner === null ? `${group} = ${role} = ${tenantId}` : `${group} = ${role}`,
    )
    .join('\n');
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function readLine(line: string, owner: Owner): Mapping | null {
  const parts = line.split('=').map((part) => part.trim());
  const tenantId = owner ?? parts.pop() ?? '';
  const role = ROLES.find((one) => one === parts.at(-1));
  const group = parts.slice(0, -1).join('=');
  return role && group !== '' && tenantId !== '' ? { group, role, tenantId } : null;
}
