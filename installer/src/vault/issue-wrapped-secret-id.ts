import { Fault } from '../fault.ts';
import type { VaultRole } from '../instance/paths.ts';
import { logIn, logOut } from './log-in.ts';
import type { AppRoleCredential } from './log-in.ts';
import { requestVault } from './request.ts';

export const wrapTtlSeconds = 300;

/**
 * A response-wrapping token around a fresh secret-id of `role`: usable once, for five minutes.
 * The issuer can do nothing but this, and can't get a secret-id unwrapped (its policy demands a
 * wrapping TTL).
 */
export async function issueWrappedSecretId(
  socketPath: string,
  issuer: AppRoleCredential,
  role: VaultRole,
): Promise<string> {
  const token = await logIn(socketPath, issuer);
  try {
    const { status, body } = await requestVault({
      socketPath,
      method: 'POST',
      path: `auth/approle/role/${role}/secret-id`,
      token,
      wrapTtl: `${wrapTtlSeconds}s`,
      body: {},
    });
    if (status === 200 && body.wrap_info?.token) return body.wrap_info.token;
    throw new Fault(`The key service issued no secret-id for ${role}`, {
      why: `It answered ${status}: ${(body.errors ?? []).join('; ')}`,
      next: 'Run `casemate doctor`.',
    });
  } finally {
    await logOut(socketPath, token);
  }
}
