import { type CheckResult, fail, ok, warn } from '../check-result.ts';
import { existingAncestor, findMount } from '../mounts.ts';
import type { CheckContext } from '../preflight-request.ts';

const needed = 'directories that can be written, and programs that may be executed in them';

/** Writable, not mounted read only, and programs not on a noexec mount; the umask keeps others out. */
export async function checkDirectories(context: CheckContext): Promise<CheckResult[]> {
  const { data, cache, programs } = context.request.directories;
  return [
    await checkDirectory(context, { name: 'data', dir: data, executes: false }),
    await checkDirectory(context, { name: 'cache', dir: cache, executes: true }),
    await checkDirectory(context, { name: 'programs', dir: programs, executes: true }),
    await checkUmask(context),
  ];
}

async function checkDirectory(
  { host }: CheckContext,
  { name, dir, executes }: { name: string; dir: string; executes: boolean },
): Promise<CheckResult> {
  const id = `directory-${name}`;
  const place = await existingAncestor(host, dir);
  const options = (await findMount(host, place))?.options ?? [];
  if (options.includes('ro')) {
    const mend =
      'Mount it writable (see `dmesg` for a disk error), or choose another place with --data-dir';
    return fail(id, { found: `${place} is mounted read only`, needed, mend });
  }
  if (executes && options.includes('noexec')) {
    const mend = 'Remount it with exec, or choose another place with --data-dir and --cache-dir';
    return fail(id, { found: `${place} is mounted noexec`, needed, mend });
  }
  if (await host.writable(place)) return ok(id, { found: `${dir} can be written`, needed });
  const mend = `Install as root, give this account the directory (\`install -d -o $USER ${dir}\` as root), or choose another with --data-dir`;
  return fail(id, { found: `${place} cannot be written by this account`, needed, mend });
}

/** From /proc, because Node can only read its umask by setting it for a moment. */
async function checkUmask({ host }: CheckContext): Promise<CheckResult> {
  const found = /^Umask:\s*(\d+)$/m.exec((await host.readText('/proc/self/status')) ?? '')?.[1];
  const words = { found: found ?? 'unknown', needed: '0022 or stricter' };
  if (found !== undefined && (Number.parseInt(found, 8) & 0o022) === 0o022)
    return ok('umask', words);
  const mend = 'Run `umask 022` first: with this one, others could write to files you make';
  return warn('umask', { ...words, mend });
}
