import { checkSealKey, checkSecretFiles } from '../../doctor/checks/secrets.ts';
import type { Patient } from '../../doctor/patient.ts';
import { broken, holds, type HostCheck, type HostFinding } from '../host-check.ts';

const BITS = 256;

/**
 * SES-05: the secrets that lie in files: drawn for this installation, 256 bits at least, readable by
 * their account alone.
 */
export const secretFiles: HostCheck = {
  control: 'SES-05',
  name: 'secret-files',
  run: examine,
};

async function examine(patient: Patient): Promise<HostFinding> {
  const checks = [await checkSealKey(patient), await checkSecretFiles(patient)];
  const wrong = checks.filter(({ status }) => status !== 'ok');
  if (wrong.length > 0)
    return broken(`${wrong.map(({ id, found }) => `${id}: ${found}`).join('; ')}.`);
  const sizes: string[] = [];
  for (const role of ['issuer', 'operator'] as const) {
    const text = await patient.host.readText(patient.paths.credentialFile(role));
    const bits = bitsOf(text);
    if (bits < BITS) return broken(`The credential of the ${role} has ${bits} bits, not ${BITS}.`);
    sizes.push(`${role} ${bits} bits`);
  }
  return holds(`The seal key has 256 bits, mode 0400; credentials: ${sizes.join(', ')}.`);
}

/** A secret-id is written in hexadecimal digits, four bits each. */
function bitsOf(text: string | null): number {
  const { secretId = '' } = JSON.parse(text ?? '{}') as { secretId?: string };
  return /^[0-9a-f]+$/.test(secretId) && new Set(secretId).size > 8 ? secretId.length * 4 : 0;
}
