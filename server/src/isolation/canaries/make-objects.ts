import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SCOPES } from '../../access/index.ts';
import { AppError } from '../../platform/index.ts';
import { QUESTION } from '../requests/fixtures.ts';
import type { Answer, HttpClient } from '../requests/http-client.ts';
import type { Subject } from '../subject.ts';
import type { CanaryPerson, CanaryTenant } from './canary.ts';

type Making = { subject: Subject; http: HttpClient };

const READY_WITHIN_MS = 90_000;

/**
 * Fills a tenant through the real routes: documents that are read and searchable, conversations, a
 * question with its answer. The newest document and conversation are the ones that lists lead to.
 */
export async function makeObjects(making: Making, tenant: CanaryTenant): Promise<void> {
  const { objects } = tenant;
  const documents = ['spareDocument', 'failedDocument', 'document'] as const;
  for (const kind of documents) objects.set(kind, await upload(making, tenant, kind));
  for (const kind of documents) await waitUntilReady(making, tenant, objects.get(kind) ?? '');
  for (const kind of ['spareConversation', 'talk', 'conversation'] as const)
    objects.set(kind, await openConversation(making, tenant));
  for (const kind of ['spareApiKey', 'apiKey'] as const)
    objects.set(kind, (await makeApiKey(making, tenant)).id);
  for (const kind of ['spareServiceAccount', 'serviceAccount'] as const)
    objects.set(kind, await makeServiceAccount(making, tenant, kind));
  for (const kind of ['spareGroup', 'group'] as const)
    objects.set(kind, await makeGroup(making, tenant, kind));
  for (const kind of ['spareConnection', 'connection'] as const)
    objects.set(kind, await makeConnection(making, tenant));
  for (const kind of ['spareEmailDomain', 'emailDomain'] as const)
    objects.set(kind, await claimDomain(making, tenant));
  for (const kind of ['spareCustomRole', 'customRole'] as const)
    objects.set(kind, await makeCustomRole(making, tenant, kind));
  for (const kind of ['spareDirectoryUser', 'directoryUser'] as const)
    objects.set(kind, await makeDirectoryUser(making, tenant, kind));
  for (const kind of ['spareDirectoryGroup', 'directoryGroup'] as const)
    objects.set(kind, await makeDirectoryGroup(making, tenant, kind));
  const detail = await get(making, tenant, `documents/${objects.get('document') ?? ''}`);
  const found = await get(making, tenant, `search?q=${encodeURIComponent(QUESTION)}`);
  const hits = (JSON.parse(found.text) as { hits: { chunkId: string; documentId: string }[] }).hits;
  const own = hits.find(({ documentId }) => documentId === objects.get('document')) ?? hits[0];
  if (detail.status !== 200 || !own)
    throw new AppError('unavailable', 'a canary document can not be found');
  objects.set('chunk', own.chunkId);
  objects.set('invitation', await invite(making, tenant));
  await failDocument(making, tenant);
}

/** Nobody gets a mail at such an address. */
async function invite({ http }: Making, { id, admin }: CanaryTenant): Promise<string> {
  const email = `canary-invited+${randomBytes(6).toString('hex')}@casemate.invalid`;
  const path = `/api/tenants/${id}/invitations`;
  const sent = { method: 'post', path, json: { email, role: 'member' } } as const;
  return idIn(await http.send(sent, admin.accessToken), 'invite a canary');
}

async function upload({ http }: Making, tenant: CanaryTenant, kind: string): Promise<string> {
  const name = `${kind} ${tenant.secret}.md`;
  const answer = await http.send(
    {
      method: 'post',
      path: `/api/tenants/${tenant.id}/documents?name=${encodeURIComponent(name)}`,
      raw: Buffer.from(documentText(tenant, kind)),
    },
    tenant.admin.accessToken,
  );
  return idIn(answer, 'upload a canary document');
}

/** The words are the same in both tenants: a search that forgot the tenant would find the other's. */
function documentText({ secret }: CanaryTenant, kind: string): string {
  return [
    '# House rules of the north casemate',
    `The access code of the north casemate is ${secret}. The duty officer changes it every Monday.`,
    `This is the ${kind}, number ${randomBytes(4).toString('hex')}.`,
  ].join('\n\n');
}

async function waitUntilReady(making: Making, tenant: CanaryTenant, id: string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const { text } = await get(making, tenant, `documents/${id}`);
    const { state } = JSON.parse(text) as { state: string };
    if (state === 'ready') return;
    if (state === 'failed' || Date.now() > deadline)
      throw new AppError(
        'unavailable',
        `a canary document is ${state}, not ready: ${text.slice(0, 600)}`,
      );
    await sleep(100);
  }
}

async function openConversation(
  { http }: Making,
  { id, admin, secret }: CanaryTenant,
): Promise<string> {
  const path = `/api/tenants/${id}/conversations`;
  const made = await http.send({ method: 'post', path, json: {} }, admin.accessToken);
  const conversationId = idIn(made, 'open a canary conversation');
  await http.send(
    { method: 'patch', path: `${path}/${conversationId}`, json: { title: `Title ${secret}` } },
    admin.accessToken,
  );
  return conversationId;
}

/** A key of the administrator with every scope that a key can have. */
export async function makeApiKey(
  { http }: Pick<Making, 'http'>,
  { id, admin, secret }: CanaryTenant,
): Promise<{ id: string; key: string }> {
  const path = `/api/tenants/${id}/api-keys`;
  const json = { name: `Key ${secret}`, scopes: SCOPES, expiresInDays: 1 };
  const made = await http.send({ method: 'post', path, json }, admin.accessToken);
  const keyId = idIn(made, 'make a canary key');
  return { id: keyId, key: (JSON.parse(made.text) as { key: string }).key };
}

async function makeServiceAccount(
  { http }: Making,
  { id, admin, secret }: CanaryTenant,
  kind: string,
): Promise<string> {
  const path = `/api/tenants/${id}/service-accounts`;
  const json = { name: `${kind} ${secret}`, role: 'member' };
  const made = await http.send({ method: 'post', path, json }, admin.accessToken);
  return idIn(made, 'make a canary service account');
}

async function makeGroup(
  { http }: Making,
  { id, admin, secret }: CanaryTenant,
  kind: string,
): Promise<string> {
  const path = `/api/tenants/${id}/groups`;
  const json = { name: `${kind} ${secret}`, role: 'member' };
  const made = await http.send({ method: 'post', path, json }, admin.accessToken);
  return idIn(made, 'make a canary group');
}

/** A draft: no provider is asked, and nobody comes in by it. */
async function makeConnection(
  { http }: Making,
  { id, admin, secret }: CanaryTenant,
): Promise<string> {
  const path = `/api/tenants/${id}/connections`;
  const settings = { issuer: 'https://provider.casemate.invalid', client: `client ${secret}` };
  const json = {
    ...{ kind: 'oidc', name: `Connection ${secret}`, settings, secret: `of ${secret}` },
    ...{ domains: [], mappings: [], defaultRole: null, justInTime: false },
  };
  const made = await http.send({ method: 'post', path, json }, admin.accessToken);
  return idIn(made, 'make a canary connection');
}

async function claimDomain({ http }: Making, { id, admin }: CanaryTenant): Promise<string> {
  const path = `/api/tenants/${id}/email-domains`;
  const json = { domain: `canary-${randomBytes(6).toString('hex')}.casemate.invalid` };
  const made = await http.send({ method: 'post', path, json }, admin.accessToken);
  return idIn(made, 'claim a canary domain');
}

async function makeCustomRole(
  { http }: Making,
  { id, admin, secret }: CanaryTenant,
  kind: string,
): Promise<string> {
  const path = `/api/tenants/${id}/roles`;
  const json = { name: `${kind} ${secret}`, permissions: ['documents.read'] };
  const made = await http.send({ method: 'post', path, json }, admin.accessToken);
  return idIn(made, 'compose a canary role');
}

/** Requests of the platform to look at the tenant, which nobody approves. */
export async function makeVisits(
  http: HttpClient,
  { id, label, objects }: CanaryTenant,
  { accessToken }: CanaryPerson,
): Promise<void> {
  for (const kind of ['visit', 'spareVisit', 'platformVisit', 'endedVisit'] as const) {
    const json = { tenantId: id, reason: `The isolation test looks at ${label}`, minutes: 5 };
    const made = await http.send(
      { method: 'post', path: '/api/platform/visits', json },
      accessToken,
    );
    objects.set(kind, idIn(made, 'ask for a canary visit'));
  }
}

/** Who is not active gets no account and no mail. */
async function makeDirectoryUser(
  { http }: Making,
  { id, admin, secret }: CanaryTenant,
  kind: string,
): Promise<string> {
  const json = { userName: `${kind}.${secret}@canary.invalid`, active: false };
  const path = `/scim/v2/${id}/Users`;
  const made = await http.send({ method: 'post', path, json }, admin.accessToken);
  return idIn(made, 'make a canary of a directory');
}

async function makeDirectoryGroup(
  { http }: Making,
  { id, admin, secret }: CanaryTenant,
  kind: string,
): Promise<string> {
  const path = `/scim/v2/${id}/Groups`;
  const json = { displayName: `${kind} ${secret}` };
  const made = await http.send({ method: 'post', path, json }, admin.accessToken);
  return idIn(made, 'make a canary group of a directory');
}

/** A document that failed with its passages kept, as one does whose model was away for long. */
export async function failDocument(
  { subject }: Pick<Making, 'subject'>,
  tenant: CanaryTenant,
): Promise<void> {
  const scope = await subject.openTenant(tenant.id, tenant.admin.accountId);
  await subject.db.inTenant(scope, (tx) =>
    tx.execute(
      `update documents set state = 'failed', error_code = 'internal', error_detail = 'isolation test'
       where id = $1`,
      [tenant.objects.get('failedDocument')],
    ),
  );
}

function get({ http }: Making, { id, admin }: CanaryTenant, place: string): Promise<Answer> {
  return http.send({ method: 'get', path: `/api/tenants/${id}/${place}` }, admin.accessToken);
}

export function idIn(answer: Answer, what: string): string {
  if (answer.status >= 300)
    throw new AppError('unavailable', `could not ${what}: ${answer.status} ${answer.text}`);
  return (JSON.parse(answer.text) as { id: string }).id;
}
