import type { RequestContext } from '../../platform/index.ts';
import { listInvitations } from '../invitations/repo.ts';
import { mailState, type MailState } from '../invitations/mail-state.ts';
import type { IdentityParts } from '../parts.ts';
import { listAccounts, type AccountState } from './repo.ts';

export type ListedPerson = {
  id: string;
  email: string;
  name: string;
  state: AccountState;
  platformRole: 'super_admin' | null;
  /** How its address was verified. */
  verifiedBy: string | null;
  tenants: number;
  createdAt: Date;
  /** False when somebody else wrote the row: it signs nobody in (docs/rights.md). */
  trusted: boolean;
};

type Page = { search: string; after?: string | undefined; limit: number };

/** The accounts of the platform by e-mail, a page at a time. */
export async function listPeople(
  ctx: RequestContext,
  { rights }: Pick<IdentityParts, 'rights'>,
  { search, after, limit }: Page,
): Promise<{ items: ListedPerson[]; next: string | null }> {
  const rows = await ctx.inControl((tx) =>
    listAccounts(tx, { search, after: after ?? null, limit: limit + 1 }),
  );
  const items = rows.slice(0, limit).map((row): ListedPerson => ({
    id: row.id,
    email: row.email,
    name: row.name,
    state: row.state,
    platformRole: row.platformRole,
    verifiedBy: row.verifiedBy,
    tenants: row.tenants,
    createdAt: row.createdAt,
    trusted: row.state === 'erased' || rights.trustsAccount(row, row.state),
  }));
  return { items, next: rows.length > limit ? (items.at(-1)?.email ?? null) : null };
}

export type ListedInvite = {
  id: string;
  email: string;
  tenant: string | null;
  role: string;
  expiresAt: Date;
  mail: MailState;
};

/** Open invitations: of one tenant, or of all and the platform. */
export async function listOpenInvitations(
  ctx: RequestContext,
  tenantId: string | null,
): Promise<ListedInvite[]> {
  const rows = await ctx.inControl((tx) => listInvitations(tx, tenantId));
  return rows.map((row) => ({
    id: row.id,
    email: row.email,
    tenant: row.tenant,
    role: row.role ?? row.platformRole ?? '',
    expiresAt: row.expiresAt,
    mail: mailState(row),
  }));
}
