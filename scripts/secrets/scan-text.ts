import { isRandom } from './is-random.ts';
import { ASSIGNMENT, SECRET_PATTERNS } from './secret-patterns.ts';

/** Stands on the line of a made-up secret, followed by the reason. */
const ALLOW = /secret-scan: allow \S+( \S+)+/;

/** Finds secrets in a text. Gives line and kind, never the secret: the output lands in a log. */
export function scanText(text: string): { line: number; kind: string }[] {
  return text.split('\n').flatMap((line, at, lines) => {
    if (ALLOW.test(line) || line.length > 20_000) return [];
    const kind = kindOf(line, lines[at + 1] ?? '');
    return kind ? [{ line: at + 1, kind }] : [];
  });
}

function kindOf(line: string, next: string): string | undefined {
  if (/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY/.test(line) && isKeyText(line, next))
    return 'private key';
  const known = SECRET_PATTERNS.find(({ pattern }) => pattern.test(line));
  if (known) return known.name;
  const drawn = [...line.matchAll(ASSIGNMENT)].some(([, value = '']) => isRandom(value));
  return drawn ? 'secret set in the text' : undefined;
}

/** The header alone stands in any program that reads keys; a key has its base64 behind it. */
const isKeyText = (line: string, next: string): boolean =>
  /^\s*["'`]?[\w+/=]{40,}/.test(next) || /KEY-----(?:\\n|\s)*[\w+/=]{40,}/.test(line);

/** Files that hold secrets by their purpose: none of them may be tracked. */
export function isSecretFile(path: string): boolean {
  const name = path.split('/').at(-1) ?? '';
  if (/^\.env(\..+)?$/.test(name)) return name !== '.env.example';
  return (
    /\.(pem|p12|pfx|jks|keystore|key|kdbx|tfvars)$/.test(name) ||
    /^id_(rsa|ed25519|ecdsa)$/.test(name)
  );
}
