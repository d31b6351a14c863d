import { setTimeout as sleep } from 'node:timers/promises';
import {
  endCheckSession,
  examineKeptKeys,
  makeCheckSession,
  type CheckSession,
} from '../identity/index.ts';
import type { IdentityParts } from '../identity/index.ts';
import { newId, ownOrigins, type LiveCheck, type RequestContext } from '../platform/index.ts';
import { createTenant, dropTenant, findTenant } from '../tenancy/index.ts';
import { askServer, headerFaults } from '../trust/index.ts';

const WAIT_MS = 30_000;

type World = { tenantId: string; session: CheckSession };

/** Live checks that need a person's session: each has a tenant and an account for its own seconds. */
export function sessionChecks(identity: IdentityParts): readonly LiveCheck[] {
  return [
    {
      control: 'HDR-01',
      examines: 'The headers of a stream of events.',
      run: (ctx) => withSession(ctx, identity, (world) => examineStream(ctx, world)),
    },
    {
      control: 'SES-03',
      examines: 'The refresh token of a real session: its cookie, and that no answer holds it.',
      run: (ctx) => withSession(ctx, identity, (world) => examineCookie(ctx, world)),
    },
    {
      control: 'RBA-04',
      examines:
        'Every API key that is kept, and a real one: made, used within its scopes and beyond, revoked.',
      run: (ctx) => withSession(ctx, identity, (world) => examineKeys(ctx, identity, world)),
    },
  ];
}

type Found = Awaited<ReturnType<LiveCheck['run']>>;

async function examineStream({ platform }: RequestContext, world: World): Promise<Found> {
  const { tenantId, session } = world;
  const headers = { authorization: `Bearer ${session.accessToken}` };
  const path = `/api/tenants/${tenantId}/conversations`;
  const made = await askServer(platform.config, { method: 'POST', path, headers, json: {} });
  const { id } = JSON.parse(made.body) as { id: string };
  const { status, headers: found } = await askServer(platform.config, {
    method: 'POST',
    path: `${path}/${id}/messages`,
    headers,
    json: { content: 'Is there anything to read?' },
    headOnly: true,
  });
  const faults = headerFaults(found);
  if (status !== 200 || !String(found['content-type']).startsWith('text/event-stream'))
    faults.push(`no stream, but ${status}`);
  if (faults.length > 0)
    return { status: 'fail', evidence: `A stream lacks ${faults.join(', ')}.` };
  return { status: 'pass', evidence: 'Every header is on a stream of events.' };
}

async function examineCookie({ platform }: RequestContext, { session }: World): Promise<Found> {
  const { config } = platform;
  const answer = await askServer(config, {
    method: 'POST',
    path: '/api/session/refresh',
    headers: {
      cookie: `__Secure-casemate-refresh=${session.refreshToken}`,
      origin: ownOrigins(config)[0],
    },
  });
  const [cookie = '', ...more] = answer.headers['set-cookie'] ?? [];
  const [pair = '', ...attributes] = cookie.split('; ');
  const token = pair.slice(pair.indexOf('=') + 1);
  const faults = [
    ...(answer.status === 200 && token !== '' ? [] : [`no session, but ${answer.status}`]),
    ...['HttpOnly', 'Secure', 'SameSite=Strict'].filter((word) => !attributes.includes(word)),
    ...(attributes.some((word) => /^Domain=/i.test(word)) ? ['a cookie of its host alone'] : []),
    ...(more.length > 0 ? ['one cookie alone'] : []),
    ...(token !== '' && answer.body.includes(token) ? ['a body without the refresh token'] : []),
  ];
  if (faults.length > 0)
    return { status: 'fail', evidence: `The session lacks ${faults.join(', ')}.` };
  return {
    status: 'pass',
    evidence:
      'The refresh token came in one HttpOnly, Secure, SameSite=Strict cookie and in no body.',
  };
}

async function examineKeys(
  ctx: RequestContext,
  identity: IdentityParts,
  { tenantId, session }: World,
): Promise<Found> {
  const { total, faults } = await examineKeptKeys(ctx, identity);
  type Sent = { method: 'GET' | 'POST' | 'DELETE'; rest: string; json?: object };
  const ask = (token: string, { rest, ...sent }: Sent): ReturnType<typeof askServer> =>
    askServer(ctx.platform.config, {
      ...sent,
      path: `/api/tenants/${tenantId}${rest}`,
      headers: { authorization: `Bearer ${token}`, origin: ownOrigins(ctx.platform.config)[0] },
    });
  const own = session.accessToken;
  const wish = { name: 'Self-check', scopes: ['documents.read'], expiresInDays: 1 };
  const made = await ask(own, { method: 'POST', rest: '/api-keys', json: wish });
  const { id = '', key = '' } = JSON.parse(made.body) as { id?: string; key?: string };
  const listed = await ask(own, { method: 'GET', rest: '/api-keys' });
  if (key === '' || listed.body.includes(key)) faults.push('a key that is shown other than once');
  const documents = { method: 'GET', rest: '/documents' } as const;
  const statuses = [
    (await ask(key, documents)).status,
    (await ask(key, { method: 'GET', rest: '/conversations' })).status,
    (await ask(own, { method: 'DELETE', rest: `/api-keys/${id}` })).status,
  ];
  // Ended keys are known that late, by design.
  await sleep(ctx.platform.config.CASEMATE_SESSION_CACHE_MS + 500);
  statuses.push((await ask(key, documents)).status);
  if (statuses.join() !== '200,403,204,401')
    faults.push(`within its scope, beyond it, revoked and after that: ${statuses.join()}`);
  if (faults.length > 0) return { status: 'fail', evidence: `API keys: ${faults.join('; ')}.` };
  return {
    status: 'pass',
    evidence: `A key did what its scope names, nothing else, and nothing once it was revoked; ${total} kept ones are HMACs that the server sealed, with scopes and an end.`,
  };
}

async function withSession(
  ctx: RequestContext,
  identity: IdentityParts,
  work: (world: World) => Promise<Found>,
): Promise<Found> {
  const tenant = await createTenant(ctx, {
    name: `Verification ${newId().slice(0, 8)}`,
    language: 'en',
    purpose: 'self_check',
  });
  let accountId: string | undefined;
  try {
    await untilActive(ctx, tenant.id);
    const session = await makeCheckSession(ctx, identity, tenant.id);
    accountId = session.accountId;
    return await work({ tenantId: tenant.id, session });
  } finally {
    if (accountId !== undefined) await endCheckSession(ctx, accountId);
    await dropTenant(ctx, tenant.id);
  }
}

async function untilActive(ctx: RequestContext, id: string): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const tenant = await ctx.inControl((tx) => findTenant(tx, id));
    if (tenant?.state === 'active') return;
    if (tenant?.state === 'failed' || Date.now() > deadline)
      throw new Error('the provisioner built no tenant for the check');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
