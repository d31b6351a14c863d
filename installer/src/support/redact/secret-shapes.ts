/** A rule by its shape alone: what is not known here is recognised by how it looks. */
export type Shape = { rule: string; pattern: RegExp; by: string };

const NAME =
  '[\\w-]{0,40}(?:passw(?:or)?d|passphrase|secret|token|api[-_]?key|private[-_]?key|credential)[\\w-]{0,40}';
const SIGN = "(?:\\s{0,5}(?:=>|[:=])\\s{0,5}|\\s{1,5}(?='))";
const VALUE =
  '(?:\\\\+"[^"\\\\]{1,4000}|"(?:[^"\\\\]|\\\\.){1,4000}|\'[^\']{1,4000}|(?:(?:Bearer|Basic|Token)\\s{1,5})?[^\\s,;"\'}&\\\\]{1,4000})';

/** Every run is bounded: what a stranger sends must cost time in proportion to its length. */
export const SHAPES: readonly Shape[] = [
  { rule: 'password-in-url', pattern: /(:\/\/)[^\s/@"']{1,400}@/g, by: '$1[secret]@' },
  {
    rule: 'authorization',
    pattern:
      /\b((?:proxy-)?authorization|(?:set-)?cookie|x-vault-token)(\\{0,3}["']?\s{0,5}[:=]\s{0,5}\\{0,3}["']?)[^\r\n"'\\]{1,4000}/gi,
    by: '$1$2[secret]',
  },
  {
    rule: 'named-secret',
    pattern: new RegExp(`(${NAME})(\\\\{0,3}["']?${SIGN})${VALUE}`, 'gi'),
    by: '$1$2[secret]',
  },
  {
    rule: 'token',
    pattern: /(?<![\w-])eyJ[\w-]{8,4000}(?:\.[\w-]{1,4000}){0,2}/g,
    by: '[secret]',
  },
  { rule: 'token', pattern: /(?<![\w-])(?:hv[sbr]|[sbr])\.[\w-]{20,4000}/g, by: '[secret]' },
  {
    rule: 'token',
    pattern:
      /(?<!\w)(?:gh[pousr]_|github_pat_|glpat-|xox[a-z]-|AKIA|ASIA|sk-|npm_|pypi-|AGE-SECRET-KEY-)[\w-]{12,400}/g,
    by: '[secret]',
  },
  {
    rule: 'password-hash',
    pattern: /SCRAM-SHA-256\$\d{1,9}:[\w+/=]{4,400}\$[\w+/=:]{4,400}/g,
    by: '[secret]',
  },
  { rule: 'password-hash', pattern: /\$(?:2[aby]|argon2id?)\$[\w./$=,+]{20,400}/g, by: '[secret]' },
  {
    rule: 'ciphertext',
    pattern: /\bvault:v\d{1,6}:[\w+/=]{8,100000}/g,
    by: '[ciphertext]',
  },
  { rule: 'ciphertext', pattern: /\bhmac-sha256:[0-9a-f]{16,64}/g, by: '[hash]' },
];

const BEGIN = '-----BEGIN ';

/** PEM (RFC 7468), whole or cut off by the end of a log. */
export function replacePem(text: string, onHit: () => void): string {
  const parts: string[] = [];
  let kept = 0;
  for (let at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, kept)) {
    const window = text.slice(at, at + 100_000);
    const whole = /^-----BEGIN [^-]{1,60}-----[^-]*-----END [^-]{1,60}-----/.exec(window)?.[0];
    const broken = /^-----BEGIN [^-\r\n]{0,60}-{0,5}[\w+/=\s\\:,]*/.exec(window)?.[0] ?? BEGIN;
    parts.push(text.slice(kept, at), '[pem]');
    kept = at + (whole ?? broken).length;
    onHit();
  }
  return kept === 0 ? text : [...parts, text.slice(kept)].join('');
}
