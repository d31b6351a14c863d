import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Fault } from '../fault.ts';
import { endProcessesWith } from '../host/end-processes.ts';
import { runProgram } from '../host/run-program.ts';
import { writeFileAtomically } from '../host/write-file.ts';
import type { Owner } from '../host/write-file.ts';
import { clientRules, databaseConf, identMap } from './server-conf.ts';
import type { ClientRules, DatabaseConf } from './server-conf.ts';

export type ClusterOptions = {
  initdb: string;
  clusterDir: string;
  conf: DatabaseConf;
  rules: ClientRules;
  runAs?: Owner | undefined;
};

export function clusterExists(clusterDir: string): boolean {
  return existsSync(path.join(clusterDir, 'PG_VERSION'));
}

/**
 * Makes the cluster beside its place and renames it there, so that a killed installer never leaves
 * a half-made one that looks whole. Checksums on, builtin C.UTF-8.
 */
export async function initCluster(options: ClusterOptions): Promise<void> {
  const unfinished = `${options.clusterDir}.new`;
  // A killed installer's initdb may still be writing there.
  await endProcessesWith(`--pgdata=${unfinished}`);
  await rm(unfinished, { recursive: true, force: true });
  const { code, stderr } = await runProgram(
    options.initdb,
    [
      `--pgdata=${unfinished}`,
      '--username=postgres',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      '--data-checksums',
      '--auth-local=peer',
      '--auth-host=scram-sha-256',
      '--no-instructions',
      ...(options.conf.throwAway ? ['--no-sync'] : []),
    ],
    { runAs: options.runAs },
  );
  if (code !== 0) {
    throw new Fault('PostgreSQL could not create its data directory', {
      why: stderr.trim().split('\n').at(-1) ?? `initdb ended with ${code}`,
      next: `Check the free space and the owner of ${path.dirname(options.clusterDir)}, then run the command again.`,
    });
  }
  await writeClusterConf({ ...options, clusterDir: unfinished });
  await rename(unfinished, options.clusterDir);
}

/** The three configuration files, replaced whole: what an operator adds belongs in conf.d. */
export async function writeClusterConf(options: Omit<ClusterOptions, 'initdb'>): Promise<void> {
  const file = { mode: 0o600, owner: options.runAs };
  for (const [name, text] of clusterConfFiles(options)) {
    await writeFileAtomically(path.join(options.clusterDir, name), text, file);
  }
}

export const clusterConfFileNames = ['postgresql.conf', 'pg_hba.conf', 'pg_ident.conf'] as const;

/** File name → text. Pure. */
export function clusterConfFiles(
  options: Pick<ClusterOptions, 'conf' | 'rules'>,
): [name: string, text: string][] {
  return [
    ['postgresql.conf', databaseConf(options.conf)],
    ['pg_hba.conf', clientRules(options.rules)],
    ['pg_ident.conf', identMap(options.rules)],
  ];
}
