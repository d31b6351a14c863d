import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '../..');
const copy = mkdtempSync(path.join(tmpdir(), 'hook-'));
const git = (...args: string[]) => execFileSync('git', ['-C', copy, ...args], { stdio: 'pipe' });

/** Commits one file in a clone that has the hook, as a person would. */
function commit(file: string, text: string): { status: number | null; said: string } {
  writeFileSync(path.join(copy, file), text);
  git('add', '--force', file);
  const person = ['-c', 'user.name=t', '-c', 'user.email=t@example.invalid'];
  const run = spawnSync('git', ['-C', copy, ...person, 'commit', '-m', 'x'], { encoding: 'utf8' });
  git('rm', '--cached', '--quiet', '--ignore-unmatch', '--force', file);
  return { status: run.status, said: run.stderr };
}

beforeAll(() => {
  execFileSync('git', ['clone', '--quiet', '--local', root, copy]);
  execFileSync('bash', [path.join(copy, 'scripts/hooks/install.sh')], { stdio: 'pipe' });
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('the hook before a commit', () => {
  it('SEC-01: refuses a commit that carries a secret, and does not print it', () => {
    const secret = `x1Y${randomBytes(24).toString('base64url')}`;
    const { status, said } = commit('note.txt', `const password = '${secret}'\n`);
    expect(status).not.toBe(0);
    expect(said).toContain('note.txt:1');
    expect(said).not.toContain(secret);
  });
  it('SEC-01: refuses a commit of an env file', () => {
    const { status, said } = commit('.env', 'A=1\n');
    expect(status).not.toBe(0);
    expect(said).toContain('.env: holds secrets');
  });
  it('SEC-01: lets a harmless commit pass', () => {
    expect(commit('harmless.txt', 'nothing\n')).toMatchObject({ status: 0 });
  });
});
