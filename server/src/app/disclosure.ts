import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownOrigins, type Platform } from '../platform/index.ts';

export const POLICY_PATH = '/.well-known/security-policy.txt';

const VALID_MS = 180 * 86_400_000;

/** security.txt (RFC 9116) of this installation. */
export function securityText({ config }: Platform, now: Date): string {
  const contact =
    config.CASEMATE_SECURITY_CONTACT ?? `mailto:security@${config.CASEMATE_HOST_NAME}`;
  const fields = [
    `Contact: ${contact}`,
    `Expires: ${new Date(now.getTime() + VALID_MS).toISOString()}`,
    `Policy: ${ownOrigins(config)[0]}${POLICY_PATH}`,
    'Preferred-Languages: en',
  ];
  return `${fields.join('\n')}\n`;
}

/** The policy of disclosure: SECURITY.md, which the build lays beside the program. */
export function disclosurePolicy(): string {
  const place = import.meta.filename.endsWith('.ts') ? '../../../SECURITY.md' : 'SECURITY.md';
  return readFileSync(join(import.meta.dirname, place), 'utf8');
}
