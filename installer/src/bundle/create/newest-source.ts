import { runProgram } from '../../host/run-program.ts';

/** The commit of a checkout and its time; for sources without a history, a time that is always the same. */
export async function findNewestSource(
  checkoutDir: string,
): Promise<{ released: string; commit: string | null }> {
  const args = ['-c', `safe.directory=${checkoutDir}`, '-C', checkoutDir];
  const { code, stdout } = await runProgram('git', [...args, 'log', '-1', '--format=%ct %H'], {
    timeoutMs: 10_000,
  }).catch(() => ({ code: 1, stdout: '' }));
  const [seconds, commit] = stdout.trim().split(' ');
  if (code !== 0 || !commit) return { released: '1980-01-01T00:00:00.000Z', commit: null };
  return { released: new Date(Number(seconds) * 1000).toISOString(), commit };
}
