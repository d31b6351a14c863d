import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import { askNobody } from '../ask-nobody.ts';
import { hashFile } from '../hash-file.ts';
import { PassedOver } from '../passed-over.ts';
import { CommandMissing, runCommand } from '../run-command.ts';
import type { Component, ComponentName } from '../types.ts';

type Found = Pick<Component, 'version' | 'dir' | 'executables'> & { main: string };

const oldestNode = 24;

/** A copy that the host has already, run once to see that it works. Throws PassedOver when none. */
export async function findInstalled(
  name: ComponentName,
  pinned: string,
  env?: NodeJS.ProcessEnv,
): Promise<Component> {
  const { main, ...found } = await find(name, pinned, env);
  return { name, source: 'installed', sha256: await hashFile(main), ...found };
}

function find(name: ComponentName, pinned: string, env?: NodeJS.ProcessEnv): Promise<Found> {
  switch (name) {
    case 'node':
      return findNode(env);
    case 'postgresql':
      return findPostgresql(pinned);
    case 'openbao':
      return findProgram('bao', 'version', pinned);
    case 'ollama':
      return findProgram('ollama', '--version', pinned);
    case 'restic':
      return findProgram('restic', 'version', pinned);
    case 'model-chat':
    case 'model-embed':
      throw new PassedOver('a model is never taken from the host');
  }
}

async function findNode(env?: NodeJS.ProcessEnv): Promise<Found> {
  const script = 'process.version.slice(1) + " " + process.execPath';
  const answer = await ask('node', ['--print', script], env);
  const [version = '', node = ''] = answer.split(' ');
  if (Number.parseInt(version, 10) < oldestNode) {
    throw new PassedOver(`node on the PATH is ${version}, older than ${oldestNode}`);
  }
  return { version, dir: path.dirname(path.dirname(node)), executables: { node }, main: node };
}

/** Only where packages and installers put programs for every account, and the pinned version. */
async function findProgram(command: string, argument: string, pinned: string): Promise<Found> {
  const reasons: string[] = [];
  for (const dir of ['/usr/local', '/usr']) {
    const main = path.join(dir, 'bin', command);
    const answer = await ask(main, [argument]).catch((error: unknown) => {
      if (error instanceof PassedOver) return undefined;
      throw error;
    });
    if (answer === undefined) continue;
    const [version] = /\d+\.\d+\.\d+/.exec(answer) ?? ['of no known version'];
    if (version === pinned) return { version, dir, executables: { [command]: main }, main };
    reasons.push(`${main} is ${version}, not ${pinned}`);
  }
  throw new PassedOver(reasons.join('; ') || `no ${command} is installed`);
}

/** Where Debian's and PostgreSQL's own packages put a server and what it shares. */
const postgresqlHomes = (major: string) => [
  { dir: `/usr/lib/postgresql/${major}`, share: `/usr/share/postgresql/${major}` },
  { dir: `/usr/pgsql-${major}`, share: `/usr/pgsql-${major}/share` },
];

async function findPostgresql(pinned: string): Promise<Found> {
  const [major = ''] = pinned.split('.');
  for (const { dir, share } of postgresqlHomes(major)) {
    const main = path.join(dir, 'bin', 'postgres');
    const answer = await ask(main, ['--version']).catch(() => '');
    const [version] = /\d+\.\d+/.exec(answer) ?? [];
    if (version?.split('.')[0] !== major) continue;
    for (const extension of ['vector', 'pg_trgm', 'unaccent', 'pg_stat_statements']) {
      await access(path.join(share, 'extension', `${extension}.control`)).catch(() => {
        throw new PassedOver(`PostgreSQL in ${dir} has no extension ${extension}`);
      });
    }
    const names = await readdir(path.join(dir, 'bin'));
    const executables = Object.fromEntries(names.map((it) => [it, path.join(dir, 'bin', it)]));
    return { version, dir, executables, main };
  }
  throw new PassedOver(`no PostgreSQL ${major} in the packages' usual places`);
}

async function ask(command: string, args: string[], env?: NodeJS.ProcessEnv): Promise<string> {
  try {
    return (await runCommand(command, args, { env, set: { HOME: '/', ...askNobody } })).trim();
  } catch (error) {
    if (error instanceof CommandMissing) throw new PassedOver(`no ${command} is installed`);
    throw error;
  }
}
