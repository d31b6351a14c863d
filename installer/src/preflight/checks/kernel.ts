import { type CheckResult, fail, ok } from '../check-result.ts';
import type { CheckContext } from '../preflight-request.ts';

const needed =
  'Linux 4.18 or newer with glibc 2.28 or newer (Debian 10, Ubuntu 20.04, RHEL 8 and later)';

export function checkKernel({ host }: CheckContext): CheckResult {
  const found = `Linux ${host.kernel}, ${host.glibc ? `glibc ${host.glibc}` : 'not glibc (musl?)'}`;
  if (host.glibc === null) {
    const mend = 'Use a distribution with glibc; Alpine has none';
    return fail('system', { found, needed, mend });
  }
  if (atLeast(host.kernel, [4, 18]) && atLeast(host.glibc, [2, 28])) {
    return ok('system', { found, needed });
  }
  return fail('system', { found, needed, mend: 'Upgrade the operating system' });
}

function atLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [foundMajor = 0, foundMinor = 0] = version.split(/[.-]/).map(Number);
  return foundMajor > major || (foundMajor === major && foundMinor >= minor);
}
