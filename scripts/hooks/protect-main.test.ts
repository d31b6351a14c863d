import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

let dir: string;
let clone: string;
const run = (cwd: string, program: string, ...words: string[]) =>
  execFileSync(program, words, { cwd, encoding: 'utf8', stdio: 'pipe' });
const git = (...words: string[]) => run(clone, 'git', ...words);
const key = (name: string) => path.join(dir, name);

beforeAll(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'cmh-'));
  clone = path.join(dir, 'clone');
  for (const name of ['known', 'foreign'])
    run(dir, 'ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', key(name));
  writeFileSync(key('signers'), `known@example.org ${readFileSync(key('known.pub'), 'utf8')}`);
  run(dir, 'git', 'init', '-q', '--bare', '-b', 'main', 'site.git');
  run(dir, path.join(import.meta.dirname, 'protect-main.sh'), 'site.git', 'signers');
  run(dir, 'git', 'clone', '-q', 'site.git', 'clone');
  git('config', 'user.name', 'Somebody');
  git('config', 'user.email', 'known@example.org');
  git('config', 'gpg.format', 'ssh');
});
afterAll(() => rmSync(dir, { recursive: true }));

function commit(text: string, signedBy?: string): void {
  writeFileSync(path.join(clone, 'file'), text);
  git('add', 'file');
  if (signedBy) git('config', 'user.signingkey', key(signedBy));
  git('commit', '-q', '-m', text, signedBy ? '-S' : '--no-gpg-sign');
}
const push = (...words: string[]) =>
  spawnSync('git', ['push', '-q', 'origin', ...words], { cwd: clone, encoding: 'utf8' });
const refused = (why: string) => ({ status: 1, stderr: expect.stringContaining(why) as unknown });

describe('SUP-03: main of a site that runs the repository', () => {
  it('SUP-03: refuses a commit that nobody signed, and one of a key that is not known', () => {
    commit('unsigned');
    expect(push('HEAD:main')).toMatchObject(refused('no signature of a known key'));
    git('checkout', '-q', '--orphan', 'foreign');
    commit('foreign', 'foreign');
    expect(push('HEAD:main')).toMatchObject(refused('no signature of a known key'));
  });

  it('SUP-03: refuses a signed commit on top of one that is not', () => {
    git('checkout', '-q', '--orphan', 'mixed');
    commit('below');
    commit('above', 'known');
    expect(push('HEAD:main')).toMatchObject(refused('no signature of a known key'));
  });

  it('SUP-03: takes a signed one, and lets nobody rewrite or remove it', () => {
    git('checkout', '-q', '--orphan', 'good');
    commit('first', 'known');
    expect(push('HEAD:main')).toMatchObject({ status: 0 });
    commit('second', 'known');
    expect(push('HEAD:main')).toMatchObject({ status: 0 });
    git('reset', '-q', '--hard', 'HEAD~1');
    commit('another second', 'known');
    expect(push('--force', 'HEAD:main').status).toBe(1);
    expect(push('--delete', 'main').status).toBe(1);
    expect(push('HEAD:elsewhere')).toMatchObject({ status: 0 });
  });

  it('SUP-03: refuses everything where the list of signers is lost', () => {
    git('fetch', '-q');
    git('checkout', '-q', '-B', 'later', 'origin/main');
    commit('third', 'known');
    rmSync(key('signers'));
    expect(push('HEAD:main')).toMatchObject(refused('nobody may sign'));
  });
});
