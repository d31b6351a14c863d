import type { LiveCheck, LiveFinding, RequestContext } from '../platform/index.ts';
import type { Finding } from './judge-control.ts';

const LIMIT_MS = 60_000;
/**
 * Runs live checks one after the other: some make and remove a tenant, which others would see half
 * done, and none should starve those who work meanwhile. One that throws, or takes more than a
 * minute, has failed; it stops no other.
 */
export async function runChecks(
  ctx: RequestContext,
  checks: readonly LiveCheck[],
  limitMs: number = LIMIT_MS,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const check of checks) {
    const found = await runCheck(ctx, check, limitMs);
    const at = ctx.clock.now().toISOString();
    findings.push({ ...found, control: check.control, host: null, at });
  }
  return findings;
}

async function runCheck(
  ctx: RequestContext,
  check: LiveCheck,
  limitMs: number,
): Promise<LiveFinding> {
  let timer: NodeJS.Timeout | undefined;
  try {
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer in ${limitMs / 1000} s`)), limitMs);
    });
    return await Promise.race([check.run(ctx), late]);
  } catch (error) {
    ctx.log.warn('a live check could not be made', { control: check.control, error });
    // The message may quote what a database or a document holds: the name of the error is enough.
    const name = error instanceof Error ? error.name : 'error';
    return { status: 'fail', evidence: `Could not be examined (${name}): ${check.examines}` };
  } finally {
    clearTimeout(timer);
  }
}
