import type { IncomingHttpHeaders } from 'node:http';

/** Control HDR-01, word by word; not taken from the code that sets them. */
const WANTED: Readonly<Record<string, RegExp>> = {
  'strict-transport-security': /^max-age=31536000; includeSubDomains; preload$/,
  'x-content-type-options': /^nosniff$/,
  'x-frame-options': /^DENY$/,
  'referrer-policy': /^(strict-origin-when-cross-origin|strict-origin|same-origin|no-referrer)$/,
  'permissions-policy': /^camera=\(\), microphone=\(\), geolocation=\(\)/,
  'cross-origin-opener-policy': /^same-origin$/,
  'cross-origin-resource-policy': /^same-origin$/,
};

/** What the headers of one answer lack; empty when they are as the control demands. */
export function headerFaults(headers: IncomingHttpHeaders): string[] {
  const wrong = Object.entries(WANTED).flatMap(([name, pattern]) =>
    pattern.test(String(headers[name] ?? '')) ? [] : [name],
  );
  return [...wrong, ...policyFaults(String(headers['content-security-policy'] ?? ''))];
}

function policyFaults(policy: string): string[] {
  const directives = new Map(
    policy.split(';').map((part) => {
      const [name = '', ...values] = part.trim().split(/\s+/);
      return [name, values] as const;
    }),
  );
  const faults: string[] = [];
  if (directives.get('frame-ancestors')?.join() !== "'none'") faults.push('CSP frame-ancestors');
  const fallback = directives.get('default-src');
  for (const name of ['script-src', 'style-src']) {
    const values = directives.get(name) ?? fallback;
    // Without any directive everything is allowed.
    if (!values || values.some((value) => /unsafe-|^\*|^https?:|^data:/.test(value)))
      faults.push(`CSP ${name}`);
  }
  return faults;
}
