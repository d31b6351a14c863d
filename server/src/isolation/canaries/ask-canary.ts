import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../platform/index.ts';
import { QUESTION } from '../requests/fixtures.ts';
import type { HttpClient } from '../requests/http-client.ts';
import type { CanaryTenant } from './canary.ts';

export type CanaryMessage = { id: string; role: string; state: string; content: string };

const ANSWERED_WITHIN_MS = 120_000;

/** Asks in a conversation of the tenant's administrator; resolves as soon as the answer is begun. */
export async function askCanary(
  http: HttpClient,
  tenant: CanaryTenant,
  conversationId: string,
): Promise<CanaryMessage> {
  const path = `/api/tenants/${tenant.id}/conversations/${conversationId}/messages`;
  const asked = await http.send(
    {
      method: 'post',
      path,
      json: { content: `${QUESTION} (${tenant.secret})` },
      streamMs: 50,
    },
    tenant.admin.accessToken,
  );
  if (!asked.streams)
    throw new AppError('unavailable', `a canary question got ${asked.status}: ${asked.text}`);
  const answer = (await listMessages(http, tenant, conversationId)).findLast(
    ({ role }) => role === 'assistant',
  );
  if (!answer) throw new AppError('unavailable', 'a canary question has no answer');
  return answer;
}

/** Waits until no answer is being written in the conversation; gives its messages, or the named one. */
// eslint-disable-next-line max-params -- who asks, where, and which
export async function waitForAnswer(
  http: HttpClient,
  tenant: CanaryTenant,
  conversationId: string,
  messageId?: string,
): Promise<CanaryMessage[]> {
  const deadline = Date.now() + ANSWERED_WITHIN_MS;
  for (;;) {
    const messages = await listMessages(http, tenant, conversationId);
    if (messages.every(({ state }) => state !== 'streaming'))
      return messages.filter(({ id }) => messageId === undefined || id === messageId);
    if (Date.now() > deadline) throw new AppError('unavailable', 'a canary answer never ended');
    await sleep(40);
  }
}

export async function listMessages(
  http: HttpClient,
  { id, admin }: CanaryTenant,
  conversationId: string,
): Promise<CanaryMessage[]> {
  const path = `/api/tenants/${id}/conversations/${conversationId}`;
  const answer = await http.send({ method: 'get', path }, admin.accessToken);
  if (answer.status !== 200)
    throw new AppError('unavailable', `a canary conversation got ${answer.status}`);
  return (JSON.parse(answer.text) as { messages: CanaryMessage[] }).messages;
}

/** Stops what is being written in a conversation, so that a question costs no whole answer. */
export async function stopCanary(
  http: HttpClient,
  tenant: CanaryTenant,
  conversationId: string,
): Promise<void> {
  for (const { id, state } of await listMessages(http, tenant, conversationId)) {
    if (state !== 'streaming') continue;
    const path = `/api/tenants/${tenant.id}/conversations/${conversationId}/messages/${id}/stop`;
    await http.send({ method: 'post', path }, tenant.admin.accessToken);
  }
  await waitForAnswer(http, tenant, conversationId);
}
