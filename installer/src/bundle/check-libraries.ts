import type { Host } from '../preflight/host.ts';
import { Fault } from '../fault.ts';
import type { Manifest } from './manifest.ts';

/** Refuses a host whose loader lacks a library that a program of the bundle does not carry itself. */
export async function refuseMissingLibraries(
  { binaries }: Pick<Manifest, 'binaries'>,
  host: Pick<Host, 'run'>,
): Promise<void> {
  const listed = await host.run('/sbin/ldconfig', ['-p']);
  // A host that cannot say is not refused: the programs are run once before they are used.
  if (listed?.code !== 0) return;
  const present = new Set(listed.stdout.split('\n').map((line) => line.trim().split(' ')[0]));
  const missing = binaries.flatMap(({ path, libraries }) =>
    libraries.filter((name) => !present.has(name)).map((name) => ({ path, name })),
  );
  const [first] = missing;
  if (!first) return;
  const names = [...new Set(missing.map(({ name }) => name))].sort();
  throw new Fault(`This host lacks ${names.join(', ')}`, {
    why: `${first.path} of the bundle asks for ${first.name}.`,
    next: 'Install the packages that bring it (Debian: libstdc++6, zlib1g). Nothing was changed.',
    code: 'preflight',
  });
}
