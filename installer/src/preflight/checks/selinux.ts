import { type CheckResult, ok, warn } from '../check-result.ts';
import type { CheckContext } from '../preflight-request.ts';

const id = 'selinux';
const needed = 'programs that systemd may start, where SELinux enforces';

/**
 * Where SELinux enforces, systemd starts no program whose label is that of data, and says only
 * "Permission denied" (203/EXEC): said before, since nothing of ours was tried there.
 */
export async function checkSelinux({ host, request }: CheckContext): Promise<CheckResult> {
  const state = (await host.readText('/sys/fs/selinux/enforce'))?.trim();
  if (state !== '1')
    return ok(id, { found: state === '0' ? 'SELinux permits and logs' : 'no SELinux', needed });
  const { programs, data } = request.directories;
  const label = `semanage fcontext -a -t bin_t '${programs}(/.*)?' && restorecon -RF ${programs}`;
  return warn(id, {
    found: 'SELinux enforces; Casemate was not tried with it',
    needed,
    mend: `If a service ends with 203/EXEC: \`${label}\`, then \`restorecon -RF ${data}\`; \`ausearch -m avc -ts recent\` says what was refused. Never turn it off for this`,
  });
}
