/** A shape of secret. A capture group, where there is one, is the secret itself. */
export type SecretPattern = { name: string; pattern: RegExp };

/** Shapes that are secrets whatever stands around them. */
export const SECRET_PATTERNS: readonly SecretPattern[] = [
  { name: 'AWS access key', pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/ },
  { name: 'GitHub token', pattern: /\b(?:gh[pousr]_\w{36,}|github_pat_\w{22,})/ },
  { name: 'GitLab token', pattern: /\bglpat-[\w-]{20,}/ },
  { name: 'Slack token', pattern: /\bxox[abeprs]-[\w-]{10,}/ },
  { name: 'Slack webhook', pattern: /hooks\.slack\.com\/services\/T\w+\/B\w+\/\w{16,}/ },
  { name: 'Google API key', pattern: /\bAIza[\w-]{35}/ },
  { name: 'Google OAuth secret', pattern: /\bGOCSPX-[\w-]{28}/ },
  { name: 'Stripe key', pattern: /\b[rs]k_live_\w{20,}/ },
  { name: 'OpenAI or Anthropic key', pattern: /\bsk-(?:ant-|proj-)?[\w-]{32,}/ },
  { name: 'npm token', pattern: /\bnpm_\w{36}\b/ },
  { name: 'PyPI token', pattern: /\bpypi-[\w-]{50,}/ },
  { name: 'Vault or OpenBao token', pattern: /\b(?:hv[sbr]|s|b|r)\.[A-Za-z0-9_-]{24,}\b/ },
  { name: 'age key', pattern: /\bAGE-SECRET-KEY-1[A-Z0-9]{58}/ },
  { name: 'JSON Web Token', pattern: /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/ },
  { name: 'service account', pattern: /"private_key_id"\s*:\s*"[0-9a-f]{40}"/ },
  { name: 'registry password', pattern: /_(?:authToken|password|auth)\s*=\s*(?!\$\{)\S{8,}/ },
  {
    name: 'password in a URL',
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@'"`$<{]+:([^\s/@'"`$<{]{3,})@[\w.-]/i,
  },
];

/**
 * Something named like a secret that is set to a literal text. Only texts that look drawn at
 * random count, see `isRandom`.
 */
export const ASSIGNMENT =
  /(?:pass(?:word|wd|phrase)?|secret|token|api_?key|credential|private_?key)["'\w]*\s*[:=]+\s*["'`]([^"'`\s]{12,})["'`]/gi;
