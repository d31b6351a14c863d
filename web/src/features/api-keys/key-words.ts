import type { ApiKey } from '../../lib/api/types.ts';
import { formatDay, formatTime } from '../../lib/format.ts';

/** What a scope lets a program do, in words. */
const SCOPE_WORDS: Readonly<Record<string, string>> = {
  'tenant.read': 'See the tenant itself',
  'documents.read': 'List and read documents',
  'documents.search': 'Search in documents',
  'documents.write': 'Upload and delete documents',
  'conversations.use': 'Ask questions and read its own conversations',
  'directory.provision': 'Say as a directory who comes and goes (SCIM)',
};

export function scopeWords(scope: string): string {
  return SCOPE_WORDS[scope] ?? scope;
}

const SOON_MS = 14 * 86_400_000;

/** A key that ends within two weeks wants its successor made in time. */
export function stateOf(
  { state, expiresAt }: Pick<ApiKey, 'state' | 'expiresAt'>,
  now: number,
): { tone: 'good' | 'warn' | 'bad'; words: string } {
  if (state === 'paused') return { tone: 'warn', words: 'Paused' };
  if (state === 'revoked') return { tone: 'bad', words: 'Revoked' };
  if (state === 'expired') return { tone: 'bad', words: 'Expired' };
  const soon = Date.parse(expiresAt) - now < SOON_MS;
  return soon ? { tone: 'warn', words: 'Ends soon' } : { tone: 'good', words: 'Active' };
}

/** Its dates in one line. */
export function datesOf({ createdAt, expiresAt, lastUsedAt, state }: ApiKey): string {
  const used = lastUsedAt === null ? 'never used' : `last used ${formatTime(lastUsedAt)}`;
  const end = state === 'expired' ? 'ended' : 'ends';
  const until = state === 'revoked' ? '' : `, ${end} ${formatDay(expiresAt)}`;
  return `Made ${formatDay(createdAt)}${until}, ${used}`;
}

/** One network a line, or with commas between. */
export function readNetworks(text: string): string[] {
  return text
    .split(/[\s,]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
