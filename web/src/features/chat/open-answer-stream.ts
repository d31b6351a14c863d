import { authorisedFetch } from '../../lib/session/session.ts';

export interface StreamTarget {
  tenantId: string;
  conversationId: string;
  signal: AbortSignal;
}

function open(
  { tenantId, conversationId, signal }: StreamTarget,
  path: string,
  init: RequestInit,
): Promise<Response> {
  const base = `/api/tenants/${tenantId}/conversations/${conversationId}/messages`;
  const headers = {
    accept: 'text/event-stream',
    ...(init.body && { 'content-type': 'application/json' }),
  };
  return authorisedFetch(new Request(base + path, { headers, signal, cache: 'no-store', ...init }));
}

/** Asks a question; the response streams its answer. */
export function sendQuestion(target: StreamTarget, content: string): Promise<Response> {
  return open(target, '', { method: 'POST', body: JSON.stringify({ content }) });
}

/** Asks for another answer in place of `messageId`. */
export function regenerateAnswer(target: StreamTarget, messageId: string): Promise<Response> {
  return open(target, `/${messageId}/regenerate`, { method: 'POST' });
}

/** The events of an answer after the given one; 0 means from its beginning. */
export function resumeAnswer(
  target: StreamTarget,
  messageId: string,
  after: number,
): Promise<Response> {
  return open(target, `/${messageId}/events?after=${after}`, { method: 'GET' });
}
