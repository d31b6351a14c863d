import { type CheckResult, fail, ok } from '../check-result.ts';
import type { CheckContext } from '../preflight-request.ts';

const id = 'account';
const needed = 'root (an account for each component), or any user (all under that one)';

export async function checkAccount({ host }: CheckContext): Promise<CheckResult> {
  if (host.uid !== 0) {
    return ok(id, { found: `user ${host.uid}: all components run under this account`, needed });
  }
  for (const tool of ['useradd', 'groupadd']) {
    if ((await host.run(tool, ['--help'])) !== null) continue;
    const mend = "Install the package that has it ('passwd' on Debian, 'shadow-utils' on Red Hat)";
    return fail(id, { found: `root, but there is no ${tool}`, needed, mend });
  }
  return ok(id, { found: 'root: each component gets an account of its own', needed });
}
