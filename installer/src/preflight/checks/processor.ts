import { type CheckResult, fail, ok, warn } from '../check-result.ts';
import type { CheckContext } from '../preflight-request.ts';

const needed = 'x86-64-v3 (AVX2, FMA, F16C): the model server is built for it';
/** What x86-64-v3 adds, by the names of /proc/cpuinfo (abm holds LZCNT). */
const required = ['avx', 'avx2', 'bmi1', 'bmi2', 'f16c', 'fma', 'movbe'];

/** Can this processor run what the appliance brings? */
export async function checkProcessor({ host }: CheckContext): Promise<CheckResult> {
  if (host.architecture === 'arm64') {
    return warn('processor', {
      found: 'arm64',
      needed: `${needed}, or arm64, which is untested`,
      mend: 'Try it on a test host first and tell us what you saw',
    });
  }
  if (host.architecture !== 'x64') {
    const mend = 'Use a host with a 64-bit x86 processor';
    return fail('processor', { found: host.architecture, needed, mend });
  }
  const text = (await host.readText('/proc/cpuinfo')) ?? '';
  const flags = new Set((/^flags\s*:(.*)$/m.exec(text)?.[1] ?? '').trim().split(/\s+/));
  const model = /^model name\s*:(.*)$/m.exec(text)?.[1]?.trim() ?? 'unknown model';
  const missing = required.filter((flag) => !flags.has(flag));
  if (missing.length === 0) return ok('processor', { found: model, needed });
  return fail('processor', {
    found: `${model}, without ${missing.join(', ')}`,
    needed,
    mend: "In a virtual machine set the processor type to 'host' (or x86-64-v3); else use a host from 2015 or later",
  });
}
