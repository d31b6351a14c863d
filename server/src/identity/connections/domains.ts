import { Resolver } from 'node:dns/promises';
import { recordOnPlatform } from '../../audit/index.ts';
import { AppError, newId, type ControlTx, type RequestContext } from '../../platform/index.ts';
import type { Owner } from './change-connections.ts';
import {
  findDomain,
  insertDomain,
  listClaims,
  listDomains,
  proveDomain,
  removeDomain,
  type DomainRow,
} from './repo.ts';
import { challengeOf, isProven, sealDomain } from './seals.ts';

export type Domain = {
  id: string;
  domain: string;
  /** The name and the text of the TXT record that shows whose the domain is. */
  record: { name: string; text: string };
  proven: boolean;
  provenBy: 'dns' | 'administrator' | null;
  createdAt: Date;
};

const MOST = 100;
const WAIT_MS = 4_000;

export async function listOwnDomains(ctx: RequestContext, { tenantId }: Owner): Promise<Domain[]> {
  const rows = await ctx.inControl((tx) => listDomains(tx, tenantId));
  return rows.map((row) => view(ctx, row));
}

export type OpenClaim = {
  id: string;
  domain: string;
  tenantId: string;
  tenant: string;
  createdAt: Date;
};

/** Claims of tenants that wait for a word of whoever runs the platform. */
export async function listOpenClaims(ctx: RequestContext): Promise<OpenClaim[]> {
  const rows = await ctx.inControl(listClaims);
  return rows.map(({ id, domain, tenantId, tenant, createdAt }) => ({
    ...{ id, domain, tenant, createdAt },
    tenantId: tenantId ?? '',
  }));
}

/** Says that a domain is theirs. It counts for nothing until that was shown. */
export async function claimDomain(
  ctx: RequestContext,
  { tenantId }: Owner,
  domain: string,
): Promise<Domain> {
  return ctx.inControl(async (tx) => {
    if ((await listDomains(tx, tenantId)).length >= MOST)
      throw new AppError('not_allowed_now', `There are ${MOST} domains already`);
    const id = newId();
    const challenge = challengeOf(ctx, { id, tenantId, domain });
    if (!(await insertDomain(tx, { id, tenantId, domain, challenge })))
      throw new AppError('already_exists', 'This domain is in the list already');
    // Of whoever runs the platform it is their word that counts, as for everybody's.
    if (tenantId === null)
      await prove(tx, ctx, { row: await own(tx, { tenantId }, id), by: 'administrator' });
    await record(tx, ctx, { action: 'email_domain.claim', row: { id, tenantId } });
    return view(ctx, await own(tx, { tenantId }, id));
  });
}

/** Looks for the record in the DNS of the site. Throws not_allowed_now where it is not there. */
export async function checkDomain(ctx: RequestContext, owner: Owner, id: string): Promise<Domain> {
  const row = await ctx.inControl((tx) => own(tx, owner, id));
  const { name, text } = recordOf(ctx, row);
  const found = await resolveTexts(ctx, name);
  if (!found.includes(text))
    throw new AppError(
      'not_allowed_now',
      `The DNS says nothing of it under ${name} yet. It can take a while; where there is no DNS, whoever runs the platform confirms the domain`,
    );
  return ctx.inControl(async (tx) => {
    await prove(tx, ctx, { row: await own(tx, owner, id), by: 'dns' });
    return view(ctx, await own(tx, owner, id));
  });
}

/** The word of whoever runs the platform, where there is no DNS to ask: for the tenant that they saw. */
export async function confirmDomain(
  ctx: RequestContext,
  { id, tenantId, domain }: Pick<OpenClaim, 'id' | 'tenantId' | 'domain'>,
): Promise<void> {
  await ctx.inControl(async (tx) => {
    const row = await findDomain(tx, id);
    if (!row) throw noSuchDomain();
    if (row.tenantId !== tenantId || row.domain !== domain)
      throw new AppError('changed_meanwhile', 'The claim is another one now: look at it again');
    await prove(tx, ctx, { row, by: 'administrator' });
  });
}

export async function releaseDomain(ctx: RequestContext, owner: Owner, id: string): Promise<void> {
  await ctx.inControl(async (tx) => {
    const row = await own(tx, owner, id);
    await removeDomain(tx, id);
    await record(tx, ctx, { action: 'email_domain.release', row });
  });
}

async function own(tx: ControlTx, { tenantId }: Owner, id: string): Promise<DomainRow> {
  const row = await findDomain(tx, id);
  if (!row || row.tenantId !== tenantId) throw noSuchDomain();
  return row;
}

async function prove(
  tx: ControlTx,
  ctx: RequestContext,
  { row, by }: { row: DomainRow; by: 'dns' | 'administrator' },
): Promise<void> {
  if (isProven(ctx, row)) return;
  const { id, domain } = row;
  if (!(await proveDomain(tx, { id, domain, by, seal: sealDomain(ctx, row) })))
    throw new AppError(
      'not_allowed_now',
      'Somebody else here has shown that this domain is theirs',
    );
  await record(tx, ctx, { action: 'email_domain.prove', row, after: { by } });
}

async function resolveTexts({ platform }: RequestContext, name: string): Promise<string[]> {
  // No DNS has it (RFC 6761, 6.4), so none is asked: checks make domains of this kind.
  if (name.endsWith('.invalid')) return [];
  const resolver = new Resolver({ timeout: WAIT_MS, tries: 1, maxTimeout: WAIT_MS });
  const servers = platform.config.CASEMATE_DNS_SERVERS;
  if (servers) resolver.setServers(servers);
  try {
    return (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
  } catch (error) {
    platform.log.info('the DNS gave no proof of a domain', {
      code: (error as NodeJS.ErrnoException).code ?? 'unknown',
    });
    return [];
  }
}

/** Never from the row: who writes the database would have it say what the DNS of another's domain says. */
function recordOf(ctx: RequestContext, row: DomainRow): Domain['record'] {
  return { name: `_casemate.${row.domain}`, text: `casemate-domain=${challengeOf(ctx, row)}` };
}

function view(ctx: RequestContext, row: DomainRow): Domain {
  const proven = isProven(ctx, row);
  return {
    id: row.id,
    domain: row.domain,
    record: recordOf(ctx, row),
    proven,
    provenBy: proven ? row.provenBy : null,
    createdAt: row.createdAt,
  };
}

type Recorded = {
  action: string;
  row: { id: string; tenantId: string | null };
  after?: Record<string, unknown>;
};

async function record(
  tx: ControlTx,
  ctx: RequestContext,
  { action, row, after }: Recorded,
): Promise<void> {
  await recordOnPlatform(tx, ctx, {
    action,
    resourceType: 'email_domain',
    resourceId: row.id,
    ...(row.tenantId === null ? {} : { tenantId: row.tenantId }),
    ...(after ? { after } : {}),
  });
}

function noSuchDomain(): AppError {
  return new AppError('not_found', 'No such domain');
}
