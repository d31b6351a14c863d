import type { Answer } from './http-client.ts';

/**
 * How an answer about a foreign id differs from the same answer about an id that never was; null
 * when they are alike but for the request id and the ids that were sent.
 */
export function compareAnswers(
  foreign: { answer: Answer; sent: readonly string[] },
  never: { answer: Answer; sent: readonly string[] },
): string | null {
  if (foreign.answer.status !== never.answer.status)
    return `answers ${foreign.answer.status} where an id that never was gets ${never.answer.status}`;
  const one = plain(foreign.answer.text, foreign.sent);
  const other = plain(never.answer.text, never.sent);
  if (one !== other)
    return `the body tells it from an id that never was: ${excerpt(one)} / ${excerpt(other)}`;
  const [type, otherType] = [foreign, never].map(({ answer }) => answer.headers['content-type']);
  return type === otherType ? null : 'the content type tells it from an id that never was';
}

function plain(text: string, sent: readonly string[]): string {
  const cut = text.replace(/"requestId":"[^"]*"/g, '"requestId":""');
  return sent.reduce((all, id) => all.replaceAll(id, '<id>'), cut);
}

function excerpt(text: string): string {
  return text.slice(0, 160);
}
