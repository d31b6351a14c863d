import { ConfigError, type Config, type CredentialOf, type LiveCheck } from '../platform/index.ts';
import { databaseCredential } from './database-credential.ts';

const NEEDED_BITS = 256;
const NEEDED_RSA_BITS = 3072;

/**
 * In production a database password that could be guessed stops the program, wherever it came from
 * (control SES-05); it is named and never shown.
 */
export function refuseWeakPassword(config: Config, credential: CredentialOf): CredentialOf {
  return async (login, fresh) => {
    const found = await credential(login, fresh);
    const bits = strengthOf(found.password);
    if (config.CASEMATE_MODE === 'production' && bits < NEEDED_BITS)
      throw new ConfigError([
        `the database password of ${login} has ${bits} bits, not ${NEEDED_BITS}: rotate it with \`casemate rotation\``,
      ]);
    return found;
  };
}

/** SES-05: what this process itself signs in and signs with, by length; no secret is shown. */
export const secretsCheck: LiveCheck = {
  control: 'SES-05',
  examines: 'The passwords that the server signs in to the database with, and the signing key.',
  run: async ({ platform: { vault } }) => {
    const credential = databaseCredential(vault);
    const bits: number[] = [];
    for (const login of ['casemate_server', 'casemate_server_0'])
      bits.push(strengthOf((await credential(login, false)).password));
    const key = await vault.read('transit/keys/token-signing');
    const rsa = Number(/^rsa-(\d+)$/.exec(String(key['type']))?.[1] ?? 0);
    const exportable = key['exportable'] !== false || key['allow_plaintext_backup'] !== false;
    const weakest = Math.min(...bits);
    if (weakest < NEEDED_BITS || rsa < NEEDED_RSA_BITS || exportable)
      return {
        status: 'fail',
        evidence: `The weakest database password has ${weakest} bits, the signing key RSA-${rsa}${exportable ? ', which may leave the key service' : ''}.`,
      };
    return {
      status: 'pass',
      evidence: `${bits.length} database passwords of at least ${weakest} bits; the signing key is RSA-${rsa} and never leaves the key service.`,
    };
  },
};

/**
 * Bits of a password drawn evenly from the smallest usual alphabet that holds it. None for one in
 * which few characters repeat: that was not drawn.
 */
export function strengthOf(password: string): number {
  if (new Set(password).size < 10) return 0;
  const alphabet = /^[0-9a-f]*$/.test(password)
    ? 16
    : (/[a-z]/.test(password) ? 26 : 0) +
      (/[A-Z]/.test(password) ? 26 : 0) +
      (/\d/.test(password) ? 10 : 0) +
      (/[^a-zA-Z\d]/.test(password) ? 2 : 0);
  return Math.floor(password.length * Math.log2(alphabet));
}
