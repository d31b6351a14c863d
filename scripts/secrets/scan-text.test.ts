import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { splitHistory } from './read-history.ts';
import { isSecretFile, scanText } from './scan-text.ts';

/** Made-up secrets are put together here, so that no scanner finds one in this file. */
const letters = (count: number, alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'): string =>
  [...randomBytes(count)].map((byte) => alphabet[byte % alphabet.length]).join('');
const glue = (...parts: string[]): string => parts.join('');
const drawn = (): string => `x1Y${randomBytes(24).toString('base64url')}`;

describe('scanText', () => {
  it.each([
    ['private key', glue('-----BEGIN RSA', ' PRIVATE KEY-----\n', letters(64))],
    ['private key', glue('key: "', '-----BEGIN', ' PRIVATE KEY-----\\n', letters(64), '"')],
    ['AWS access key', glue('id: ', 'AKI', 'A', letters(16))],
    ['GitHub token', glue('gh', 'p_', letters(36))],
    ['Slack token', glue('xox', 'b-', letters(20))],
    ['Google API key', glue('AI', 'za', letters(35))],
    ['Stripe key', glue('sk', '_live_', letters(24))],
    ['OpenAI or Anthropic key', glue('sk', '-ant-', letters(40))],
    ['npm token', glue('np', 'm_', letters(36))],
    ['Vault or OpenBao token', glue('hv', 's.', letters(24))],
    ['Vault or OpenBao token', glue('token ', 's', '.', letters(24))],
    ['JSON Web Token', glue('ey', 'J', letters(20), '.', 'ey', 'J', letters(20), '.', letters(40))],
    ['registry password', glue('//registry.example/:', '_auth', 'Token=', letters(20))],
    ['password in a URL', glue('postgres', '://', 'casemate:', letters(12), '@db.example/x')],
  ])('SEC-01: finds a %s', (kind, text) => {
    expect(scanText(`first\n${text}`)).toEqual([{ line: 2, kind }]);
  });

  it.each(['password', 'clientSecret', 'API_KEY', 'access_token'])(
    'SEC-01: finds a random text set as %s',
    (name) => {
      const kind = 'secret set in the text';
      expect(scanText(`const ${name} = '${drawn()}'`)).toEqual([{ line: 1, kind }]);
      expect(scanText(`{"${name}": "${drawn()}"}`)).toEqual([{ line: 1, kind }]);
    },
  );

  it.each([
    ['base64', () => `x1/Y+${randomBytes(30).toString('base64')}`],
    ['hexadecimal', () => randomBytes(32).toString('hex')],
  ])('SEC-01: finds a secret in %s', (_kind, draw) => {
    for (let round = 0; round < 50; round++) {
      expect(scanText(`const password = "${draw()}";`)).toHaveLength(1);
    }
  });

  it('never prints the secret', () => {
    const secret = drawn();
    expect(JSON.stringify(scanText(`password = '${secret}'`))).not.toContain(secret);
  });

  it('takes an exception only with a reason', () => {
    const line = `password = '${drawn()}' // secret-scan: allow`;
    expect(scanText(line)).toHaveLength(1);
    expect(scanText(`${line} a published test vector`)).toEqual([]);
  });

  it.each([
    "password: 'correct horse battery staple'",
    "token: 'platform-token-signing-key'",
    'const secret = config.secret',
    "secretFile: '/run/casemate/secret-id'",
    "password: '{{ .Values.password }}'",
    'https://example.org/path@2.0',
    'http://user:$PASSWORD@localhost',
    "title: 'secrets.read'",
    "const header = '-----BEGIN PRIVATE KEY-----';",
  ])('lets pass: %s', (line) => {
    expect(scanText(line)).toEqual([]);
  });
});

describe('isSecretFile', () => {
  it.each(['.env', 'server/.env.production', 'tls/server.key', 'id_ed25519', 'ca.pem'])(
    'SEC-01: refuses to track %s',
    (path) => expect(isSecretFile(path)).toBe(true),
  );
  it.each(['.env.example', 'web/src/lib/query-key.ts', 'docs/keys.md'])('allows %s', (path) =>
    expect(isSecretFile(path)).toBe(false),
  );
});

describe('splitHistory', () => {
  it('gives the added lines of each file with their commit', () => {
    const log = 'commit abc\n\n--- a/x.ts\n+++ b/x.ts\n@@ -1 +1 @@\n-old\n+new\n';
    expect(splitHistory(log)).toEqual([{ path: 'abc:x.ts', text: 'new\n' }]);
  });
});
