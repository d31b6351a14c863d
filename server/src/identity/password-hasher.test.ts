import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createPasswordHasher, type PasswordHasher } from './password-hasher.ts';

/** A hashing process whose passwords say what it does; it writes down what it was asked. */
const SCRIPTED = `
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
const asked = new URL('./asked', import.meta.url);
process.on('message', ({ password, hash }) => {
  appendFileSync(asked, password + (hash === undefined ? '' : ' ' + hash) + '\\n');
  const once = new URL('./once', import.meta.url);
  if (password === 'dies') process.kill(process.pid, 'SIGKILL');
  if (password === 'dies once' && !existsSync(once)) {
    writeFileSync(once, '');
    process.kill(process.pid, 'SIGKILL');
  }
  if (password === 'hangs') return;
  setTimeout(() => process.send({ hash: password }), password.startsWith('slow') ? 800 : 1);
});
process.on('disconnect', () => process.exit(0));
`;

describe('the password hasher', () => {
  let dir: string;
  let hasher: PasswordHasher;
  const asked = (): string[] => readFileSync(join(dir, 'asked'), 'utf8').trim().split('\n');

  beforeEach(() => {
    dir = mkdtempSync('/tmp/cmh-');
    writeFileSync(join(dir, 'worker.mjs'), SCRIPTED);
    hasher = createPasswordHasher(join(dir, 'worker.mjs'), { deadlineMs: 2_000, maxWaiting: 6 });
  });
  afterEach(() => {
    hasher.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it('a full queue is refused at once, and the others are answered', async () => {
    const asks = Array.from({ length: 9 }, (_none, index) => hasher.hash(`p${index}`));
    const outcomes = await Promise.allSettled(asks);
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(3);
    await expect(asks[8]).rejects.toMatchObject({ code: 'unavailable', retryAfterSeconds: 5 });
    expect(await hasher.hash('later')).toBe('later');
  });

  it('a question that expired in the queue never reaches the process', async () => {
    const asks = ['slow 1', 'slow 2', 'slow 3', 'expired 1', 'expired 2'].map((password) =>
      hasher.hash(password),
    );
    const outcomes = await Promise.allSettled(asks);
    expect(outcomes.slice(3).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await hasher.hash('next')).toBe('next');
    expect(asked().join()).not.toContain('expired');
  });

  it('a process that dies is replaced, and the question asked once more', async () => {
    expect(await Promise.all(['dies once', 'a', 'b'].map((each) => hasher.hash(each)))).toEqual([
      'dies once',
      'a',
      'b',
    ]);
  });

  it('a question that kills the process each time is refused, and the next is answered', async () => {
    const fatal = hasher.hash('dies');
    const next = hasher.hash('next');
    await expect(fatal).rejects.toMatchObject({ code: 'unavailable' });
    expect(await next).toBe('next');
    expect(asked()).toEqual(['dies', 'dies', 'next']);
  });

  it('a process that hangs is ended at the deadline', async () => {
    await expect(hasher.hash('hangs')).rejects.toMatchObject({ code: 'unavailable' });
    expect(await hasher.hash('next')).toBe('next');
  });

  it('a process that cannot start is an answer and not an end of the server', async () => {
    const lost = createPasswordHasher(join(dir, 'none.mjs'), { deadlineMs: 5_000 });
    await expect(lost.hash('x')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('an account without a password costs what every other does, and takes none', async () => {
    for (const hash of [null, '!no-password', 'plain'])
      expect(await hasher.matches('guess', hash)).toBe(false);
    const [first, ...others] = asked();
    expect(first).toMatch(/^guess \$2b\$12\$.{53}$/);
    expect(others).toEqual([first, first]);
  });
});
