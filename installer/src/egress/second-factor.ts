import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { timeStep, totpCode } from './totp-code.ts';

/** Posts JSON to the instance, as whoever has the token; throws for what is no success. */
export type Post = <T>(path: string, json: object, token?: string) => Promise<T>;

export type Credentials = { email: string; password: string; secrets?: readonly string[] };
type Session = { accessToken: string; secondFactor?: { due: boolean } };

/** Sets up an authenticator app, as a person would; gives its key. */
export async function enrolApp(post: Post, token: string, name = 'Phone'): Promise<string> {
  const begun = await post<{ id: string; secret: string }>('/api/me/factors/totp', { name }, token);
  const code = await nextCode([begun.secret]);
  await post(`/api/me/factors/totp/${begun.id}/confirm`, { code }, token);
  return begun.secret;
}

/** Does so where the role of a new session demands it; the key, or none. */
export async function enrolIfDue(post: Post, session: Session): Promise<string | undefined> {
  return session.secondFactor?.due === true ? enrolApp(post, session.accessToken) : undefined;
}

/** Signs in with password and, where one is asked for, a code. */
export async function signInWithCode(post: Post, person: Credentials): Promise<Session> {
  const { email, password, secrets = [] } = person;
  const first = await post<Session | { challenge: string }>('/api/session', { email, password });
  if (!('challenge' in first)) return first;
  const answer = { kind: 'totp', code: await nextCode(secrets) };
  return post<Session>('/api/session/factor', { challenge: first.challenge, answer });
}

/**
 * A code that was not given before, of any of these apps; a server takes each time step of each once, and one
 * step ahead of its clock. Waits for the next step where all are given. What was given is kept in files, so
 * that several programs in a row can be one person.
 */
export async function nextCode(secrets: readonly string[]): Promise<string> {
  if (secrets.length === 0) throw new Error('this person has no authenticator app');
  for (;;) {
    for (const secret of secrets) {
      const step = Math.max(timeStep(), lastStep(secret) + 1);
      if (step > timeStep() + 1) continue;
      writeFileSync(fileOf(secret), String(step), { mode: 0o600 });
      return totpCode(secret, step);
    }
    await sleep(30_000 - (Date.now() % 30_000) + 50);
  }
}

function lastStep(secret: string): number {
  try {
    return Number(readFileSync(fileOf(secret), 'utf8'));
  } catch {
    return 0;
  }
}

function fileOf(secret: string): string {
  const dir = join(tmpdir(), 'casemate-authenticator');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return join(dir, createHash('sha256').update(secret).digest('hex').slice(0, 24));
}
