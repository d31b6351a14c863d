import type { z } from 'zod';
import { AppError, assertUuid, type RequestContext } from '../platform/index.ts';
import { countTenants, listTenants, type Tenant, type TenantState } from './repo/tenants.ts';
import { present, type tenantPageSchema } from './schema.ts';

type Wanted = {
  search: string;
  state?: TenantState | undefined;
  after?: string | undefined;
  limit: number;
};

/** One page of the list, in the order of names, and how many there are. */
export async function listTenantPage(
  ctx: RequestContext,
  { search, state, after, limit }: Wanted,
): Promise<z.input<typeof tenantPageSchema>> {
  const query = { search, state: state ?? null, after: readPlace(after), limit };
  return ctx.inControl(async (tx) => {
    const [found, total] = await Promise.all([
      listTenants(tx, { ...query, limit: limit + 1 }),
      countTenants(tx, query),
    ]);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    const next = found.length > limit && last ? writePlace(last) : null;
    return { items: items.map(present), total, next };
  });
}

function writePlace({ name, id }: Tenant): string {
  return Buffer.from(JSON.stringify([name, id])).toString('base64url');
}

function readPlace(text: string | undefined): { name: string; id: string } | null {
  if (text === undefined) return null;
  try {
    const [name, id] = JSON.parse(Buffer.from(text, 'base64url').toString()) as [string, string];
    if (typeof name !== 'string') throw new Error('no name');
    return { name, id: assertUuid(id) };
  } catch (error) {
    throw new AppError('invalid_input', 'The place in the list is not one that a page gave', {
      cause: error,
    });
  }
}
