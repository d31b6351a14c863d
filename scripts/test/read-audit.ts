type Audit = {
  vulnerabilities?: Record<string, { severity: string; range: string }>;
  error?: unknown;
};

/**
 * Reads `npm audit --json`. Gives one line for each high or critical finding, or nothing at all
 * when the answer is no audit (offline, or a registry without that endpoint).
 */
export function readAudit(answer: string): string[] | undefined {
  const audit = parse(answer);
  if (!audit?.vulnerabilities) return undefined;
  return Object.entries(audit.vulnerabilities)
    .filter(([, { severity }]) => severity === 'high' || severity === 'critical')
    .map(([name, { severity, range }]) => `${name} ${range}: ${severity}`);
}

function parse(answer: string): Audit | undefined {
  try {
    return JSON.parse(answer) as Audit;
  } catch {
    return undefined;
  }
}
