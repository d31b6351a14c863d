import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { lockPath } from './lock-path.ts';
import { readLock } from './read-lock.ts';
import { runCommand } from './run-command.ts';
import { tempDir } from './testing/temp-dir.ts';

const run = promisify(execFile);
const original = path.resolve(path.dirname(lockPath), '../../bootstrap-node.sh');
const tools = '/usr/bin:/bin';

/** The script beside a lock whose Node.js is a shell script, and a bundle that carries it. */
async function scene({ altered = false } = {}) {
  const dir = tempDir();
  const components = path.join(dir, 'src', 'components');
  const bundle = path.join(dir, 'bundle');
  const tree = path.join(dir, 'package', 'bin');
  for (const folder of [components, path.join(bundle, 'components', 'node'), tree]) {
    mkdirSync(folder, { recursive: true });
  }
  copyFileSync(original, path.join(dir, 'bootstrap-node.sh'));
  writeFileSync(path.join(tree, 'node'), '#!/bin/sh\necho v24.0.1\n', { mode: 0o755 });
  const file = path.join(bundle, 'components', 'node', 'node-of-tests.tgz');
  await runCommand('tar', ['-czf', file, '-C', dir, 'package']);
  const bytes = readFileSync(file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (altered) writeFileSync(file, Buffer.concat([bytes, Buffer.from('x')]));
  const lock = readLock();
  const pin = { ...lock.node.registry, version: '24.0.1', file: path.basename(file), sha256 };
  const changed = { ...lock, node: { ...lock.node, registry: pin } };
  writeFileSync(path.join(components, 'components.lock.json'), JSON.stringify(changed, null, 2));

  const bin = path.join(dir, 'bin');
  mkdirSync(bin);
  for (const name of ['node', 'npm', 'curl', 'wget']) {
    writeFileSync(path.join(bin, name), '#!/bin/sh\nexit 1\n');
    chmodSync(path.join(bin, name), 0o755);
  }
  const env = { PATH: `${bin}:${tools}`, CASEMATE_CACHE: path.join(dir, 'cache') };
  const ask = (more: Record<string, string> = {}) =>
    run('bash', [path.join(dir, 'bootstrap-node.sh')], { env: { ...env, ...more } });
  const cached = () => readdirSync(path.join(dir, 'cache', 'components'));
  return { ask, bundle, cached, sha256, bin };
}

describe('bootstrap-node.sh', () => {
  it('refuses a CASEMATE_NODE that is too old', async () => {
    const { ask, bin } = await scene();
    const refused = ask({ CASEMATE_NODE: path.join(bin, 'node') });
    await expect(refused).rejects.toMatchObject({ stderr: expect.stringContaining('correct it') });
  });

  it('says what to do when nothing brings it', async () => {
    const { ask, cached } = await scene();
    await expect(ask()).rejects.toMatchObject({
      stderr: expect.stringContaining('CASEMATE_BUNDLE'),
    });
    expect(cached()).toEqual([]);
  });

  it('refuses a bundle with one byte more and leaves nothing behind', async () => {
    const { ask, bundle, cached } = await scene({ altered: true });
    const refused = ask({ CASEMATE_BUNDLE: bundle });
    await expect(refused).rejects.toMatchObject({ stderr: expect.stringContaining('is refused') });
    expect(cached()).toEqual([]);
  });

  it('unpacks the pinned file to where the component fetcher looks, and finds it again', async () => {
    const { ask, bundle, cached, sha256 } = await scene();
    const { stdout } = await ask({ CASEMATE_BUNDLE: bundle });
    expect(cached()).toEqual([`node-24.0.1-${sha256.slice(0, 16)}`]);
    expect((await ask()).stdout).toBe(stdout);
  });
});
