import { type CheckResult, ok, warn } from '../check-result.ts';
import type { CheckContext } from '../preflight-request.ts';

const id = 'user-namespaces';
const needed = 'unprivileged user namespaces: a wall more around the parser of documents';

/** Asked by doing it: distributions close them in at least three different ways. */
export async function checkUserNamespaces({ host }: CheckContext): Promise<CheckResult> {
  const answer = await host.run('unshare', ['--user', '--map-root-user', '--net', 'true']);
  if (answer?.code === 0) return ok(id, { found: 'allowed', needed });
  const mend =
    'Optional: `sysctl user.max_user_namespaces=10000`; Debian: kernel.unprivileged_userns_clone=1; Ubuntu: kernel.apparmor_restrict_unprivileged_userns=0';
  const found = answer ? 'not allowed here' : 'unknown: there is no `unshare` to try it with';
  return warn(id, { found, needed, mend });
}
