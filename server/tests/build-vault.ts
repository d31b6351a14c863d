import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const VAULT = 'github.com/hashicorp/vault';
const SDK = `${VAULT}/sdk`;

/**
 * The recipe. As a dependency Vault is built with the published SDK instead of the one beside it,
 * which differs in two signatures; both places are mended, neither is on the way that the test takes.
 */
const RECIPE = {
  version: 'v1.21.4',
  sdk: 'v0.21.0',
  mends: [
    {
      in: 'sdk/framework/backend.go',
      from: 'ActivationFunc func(context.Context, *logical.Request, string) error',
      to: 'ActivationFunc func(context.Context, *logical.Request) error',
    },
    {
      in: 'vault/builtin/logical/transit/path_restore.go',
      from: 'restoredKeyName, err := b.lm.RestorePolicy(',
      to: 'restoredKeyName, err := keyName, b.lm.RestorePolicy(',
    },
  ],
} as const;

export type BuiltVault = { file: string } | { missing: string };

/**
 * HashiCorp Vault from its Go module, for compatibility tests only (BUSL-1.1, never shipped): from the
 * cache, keyed by the recipe's checksum, or built at low priority, which takes some minutes.
 */
export function buildVault(): BuiltVault {
  const id = createHash('sha256').update(JSON.stringify(RECIPE)).digest('hex').slice(0, 16);
  const home = join(
    homedir(),
    '.cache/casemate/components',
    `vault-${RECIPE.version.slice(1)}-${id}`,
  );
  const file = join(home, 'vault');
  if (existsSync(file)) return { file };
  if (spawnSync('go', ['version']).status !== 0)
    return { missing: 'HashiCorp Vault is not in the cache, and there is no Go to build it' };
  const work = mkdtempSync('/tmp/cmv-');
  try {
    build(work);
    mkdirSync(home, { recursive: true });
    renameSync(join(work, 'vault-program'), file);
    return { file };
  } catch (error) {
    return {
      missing: `HashiCorp Vault could not be built: ${(error as Error).message.slice(0, 300)}`,
    };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function build(work: string): void {
  const env = { ...process.env, GOFLAGS: '-p=1 -mod=mod' };
  const go = (...args: string[]): string =>
    execFileSync('nice', ['-n', '19', 'go', ...args], {
      cwd: work,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  writeFileSync(join(work, 'go.mod'), 'module compatibility\n\ngo 1.26\n');
  go('get', `${VAULT}@${RECIPE.version}`, `${SDK}@${RECIPE.sdk}`);
  for (const [module, folder] of [
    [VAULT, 'vault'],
    [SDK, 'sdk'],
  ] as const) {
    const found = go('list', '-m', '-f', '{{.Dir}}', module).trim();
    cpSync(found, join(work, folder), { recursive: true });
    execFileSync('chmod', ['-R', 'u+w', join(work, folder)]);
  }
  for (const mend of RECIPE.mends) {
    const file = join(work, mend.in);
    const text = readFileSync(file, 'utf8');
    if (!text.includes(mend.from)) throw new Error(`${mend.in} is not what the recipe knows`);
    writeFileSync(file, text.replace(mend.from, mend.to));
  }
  go('mod', 'edit', `-replace=${SDK}=./sdk`, `-replace=${VAULT}=./vault`);
  go('build', '-trimpath', '-ldflags', '-s -w', '-o', 'vault-program', VAULT);
  chmodSync(join(work, 'vault-program'), 0o755);
}
