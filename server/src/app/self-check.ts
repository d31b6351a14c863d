import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Config } from '../platform/index.ts';
import { newId, type RequestContext } from '../platform/index.ts';
import { createTenant, dropTenant, findTenant } from '../tenancy/index.ts';
import { endCheckSession, makeCheckSession } from '../identity/index.ts';
import { createApiClient, type ApiClient } from './api-client.ts';
import { createSystemContext } from './context.ts';
import { createParts } from './parts.ts';

export type SelfCheck = {
  ok: boolean;
  question: string;
  answer: string;
  passage: string;
  token: string;
  controlQuestion: string;
  controlAnswer: string;
  seconds: { tenant: number; document: number; answer: number; control: number };
};

const WAIT_MS = 180_000;
const CONTROL_QUESTION = 'Which colour did the submarine cook paint his violin?';

/**
 * Proves the whole path on the live system: a tenant of its own, an upload over the real HTTPS API,
 * a question whose answer holds a token drawn this moment, a control question that the document
 * doesn't answer. The tenant, its key and its account's session are gone afterwards.
 */
export async function selfCheckCommand(config: Config): Promise<SelfCheck> {
  const parts = await createParts({ ...config, CASEMATE_DATABASE_POOL: 2 }, 'server');
  const ctx = createSystemContext(parts);
  const token = `CM-${randomBytes(6).toString('hex').toUpperCase()}`;
  let tenantId: string | undefined;
  let accountId: string | undefined;
  try {
    const seconds = { tenant: 0, document: 0, answer: 0, control: 0 };
    const stopwatch = createStopwatch();
    const tenant = await createTenant(ctx, {
      name: `Self-check ${newId().slice(0, 8)}`,
      language: 'en',
      purpose: 'self_check',
    });
    tenantId = tenant.id;
    await waitForTenant(ctx, tenant.id);
    const session = await makeCheckSession(ctx, parts.identity, tenant.id);
    accountId = session.accountId;
    seconds.tenant = stopwatch();
    const api = createApiClient({
      config,
      ca: readFileSync(config.CASEMATE_TLS_CERT_FILE),
      accessToken: session.accessToken,
    });
    await upload(api, tenant.id, sampleDocument(token));
    seconds.document = stopwatch();
    const question = 'What is the access token of the archive room in the north casemate?';
    const asked = await ask(api, tenant.id, question);
    seconds.answer = stopwatch();
    const control = await ask(api, tenant.id, CONTROL_QUESTION);
    seconds.control = stopwatch();
    const passage = asked.citations.find(({ quote }) => quote.includes(token))?.quote ?? '';
    return {
      ok: passage !== '' && asked.content.includes(token) && control.verdict === 'not_in_documents',
      question,
      answer: asked.content,
      passage,
      token,
      controlQuestion: CONTROL_QUESTION,
      controlAnswer: control.content,
      seconds,
    };
  } finally {
    if (accountId !== undefined) await endCheckSession(ctx, accountId);
    if (tenantId !== undefined) await dropTenant(ctx, tenantId);
    await parts.platform.db.close();
    parts.identity.hasher.stop();
  }
}

function createStopwatch(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const seconds = Math.round((now - last) / 10) / 100;
    last = now;
    return seconds;
  };
}

function sampleDocument(token: string): string {
  return [
    '# House rules of the fortress',
    '## Archive',
    `The access token of the archive room in the north casemate is ${token}. It is changed every Monday by the duty officer.`,
    '## Kitchen',
    'Breakfast is served from seven to nine. The oven is cleaned on Fridays.',
    '## Gates',
    'The east gate closes at ten in the evening. Visitors sign the book at the guard house.',
  ].join('\n\n');
}

async function waitForTenant(ctx: RequestContext, id: string): Promise<void> {
  await until('the provisioner built no tenant', async () => {
    const tenant = await ctx.inControl((tx) => findTenant(tx, id));
    if (tenant?.state === 'failed') throw new Error('the provisioner could not build a tenant');
    return tenant?.state === 'active';
  });
}

async function upload(api: ApiClient, tenantId: string, text: string): Promise<void> {
  const path = `/api/tenants/${tenantId}/documents`;
  const made = await api.send<{ id: string }>('POST', `${path}?name=house-rules.md`, {
    raw: Buffer.from(text),
  });
  await until('the sample document was not ready', async () => {
    const state = await api.send<{ state: string; error: { detail: string } | null }>(
      'GET',
      `${path}/${made.id}`,
    );
    if (state.state === 'failed')
      throw new Error(`the sample document: ${state.error?.detail ?? ''}`);
    return state.state === 'ready';
  });
}

type Answer = { content: string; verdict: string | null; citations: { quote: string }[] };

async function ask(api: ApiClient, tenantId: string, question: string): Promise<Answer> {
  const conversations = `/api/tenants/${tenantId}/conversations`;
  const { id } = await api.send<{ id: string }>('POST', conversations, { json: {} });
  const events = await api.stream(`${conversations}/${id}/messages`, { content: question });
  const failed = events.find(({ kind }) => kind === 'error');
  if (failed) throw new Error(`the answer failed: ${JSON.stringify(failed.data)}`);
  const done = events.find(({ kind }) => kind === 'done');
  if (!done) throw new Error('the answer never ended');
  return (done.data as { message: Answer }).message;
}

async function until(otherwise: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${otherwise} within ${WAIT_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
