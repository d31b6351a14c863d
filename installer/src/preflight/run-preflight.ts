import type { CheckResult, CheckStatus } from './check-result.ts';
import { checkAccount } from './checks/account.ts';
import { checkClock } from './checks/clock.ts';
import { checkConflicts } from './checks/conflicts.ts';
import { checkContainer } from './checks/container.ts';
import { checkCores } from './checks/cores.ts';
import { checkDirectories } from './checks/directories.ts';
import { checkDiskSpace } from './checks/disk-space.ts';
import { checkDiskSpeed } from './checks/disk-speed.ts';
import { checkGraphics } from './checks/graphics.ts';
import { checkHostName } from './checks/host-name.ts';
import { checkInodes } from './checks/inodes.ts';
import { checkKernel } from './checks/kernel.ts';
import { checkMemory } from './checks/memory.ts';
import { checkOpenFiles } from './checks/open-files.ts';
import { checkPorts } from './checks/ports.ts';
import { checkProcessor } from './checks/processor.ts';
import { checkSelinux } from './checks/selinux.ts';
import { checkStorageEncryption } from './checks/storage-encryption.ts';
import { checkUserNamespaces } from './checks/user-namespaces.ts';
import type { CheckContext, PreflightRequest } from './preflight-request.ts';
import { realHost } from './real-host.ts';

type Checked = CheckResult | CheckResult[];
type Check = (context: CheckContext) => Checked | Promise<Checked>;

export const preflightChecks: readonly Check[] = [
  checkKernel,
  checkAccount,
  checkProcessor,
  checkCores,
  checkMemory,
  checkContainer,
  checkDirectories,
  checkDiskSpace,
  checkInodes,
  checkDiskSpeed,
  checkStorageEncryption,
  checkPorts,
  checkHostName,
  checkClock,
  checkOpenFiles,
  checkUserNamespaces,
  checkSelinux,
  checkGraphics,
  checkConflicts,
];

export type PreflightReport = { checks: CheckResult[]; summary: Record<CheckStatus, number> };

/** Asks the host everything, changes nothing, and never throws: what fails is a result. */
export async function runPreflight(
  request: PreflightRequest,
  host = realHost(),
): Promise<PreflightReport> {
  const checks: CheckResult[] = [];
  // One after another: the measurement of the disk must not compete with the rest.
  for (const check of preflightChecks) checks.push(...[await check({ host, request })].flat());
  const count = (status: CheckStatus) => checks.filter((check) => check.status === status).length;
  return { checks, summary: { ok: count('ok'), warn: count('warn'), fail: count('fail') } };
}
