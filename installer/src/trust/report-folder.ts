import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

export const reportFiles = {
  report: 'test-report.json',
  signature: 'test-report.sig',
  privateKey: 'signing.key',
  publicKey: 'signing.pub',
} as const;

/**
 * Where the last full run of a checkout's tests leaves its signed report, and the key that signs it:
 * in the state of the account, never in the checkout, so that a copied checkout brings neither.
 */
export function reportFolder(checkoutDir: string, env: NodeJS.ProcessEnv): string {
  const state = env['XDG_STATE_HOME'] || path.join(env['HOME'] || homedir(), '.local', 'state');
  const id = createHash('sha256').update(realpathSync(checkoutDir)).digest('hex').slice(0, 16);
  return path.resolve(state, 'casemate', 'checkouts', id);
}
