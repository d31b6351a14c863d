import { assertUuid, tenantName } from '../../platform/index.ts';
import type { Migration } from './migrations.ts';

/**
 * Renders tenant migrations for one tenant. Only the allowlisted schema name and the UUID are put
 * into the text; any other placeholder is refused.
 */
export function tenantScript(migrations: readonly Migration[], tenantId: string): string {
  const name = tenantName(tenantId);
  const body = migrations
    .map(({ sql }) => sql)
    .join('\n')
    .replaceAll('{{tenant}}', `"${name}"`)
    .replaceAll('{{tenant_id}}', `'${assertUuid(tenantId)}'::uuid`);
  const unknown = /\{\{[^{}]{0,40}\}\}/.exec(body);
  if (unknown) throw new Error(`unknown placeholder ${unknown[0]} in a tenant migration`);
  return body;
}
