import type { LiveCheck } from '../../platform/index.ts';
import { askServer } from './ask-server.ts';

const YEAR_MS = 365 * 86_400_000;
/** What the policy must promise, by the control. */
const PROMISES: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['acknowledgement in 48 hours', /acknowledgement[^\n]*48 hours/i],
  ['assessment in 7 days', /assessment[^\n]*7 days/i],
  ['CVSS', /CVSS/],
  ['fixes of critical and high in 7 days', /critical or high[^\n]*7 days/i],
  ['other fixes in 14 days', /anything else confirmed[^\n]*14 days/i],
  ['safe harbour', /safe harbour/i],
  ['a test account on request', /test account/i],
  ['no scanning of others', /third parties/i],
  ['no denial of service', /denial of service/i],
];

/** DIS-01: both files as a stranger gets them: fields of RFC 9116, and each promise of the policy. */
export const disclosureCheck: LiveCheck = {
  control: 'DIS-01',
  examines: 'security.txt (RFC 9116) and the disclosure policy, as served to a stranger.',
  run: async ({ platform: { config }, clock }) => {
    const { status, body } = await askServer(config, { path: '/.well-known/security.txt' });
    const field = (name: string): string | undefined =>
      body
        .split('\n')
        .find((line) => line.startsWith(`${name}: `))
        ?.slice(name.length + 2);
    const left = Date.parse(field('Expires') ?? '') - clock.now().getTime();
    const policy = new URL(field('Policy') ?? 'none:');
    const served = await askServer(config, { path: policy.pathname || '/none' });
    const faults = [
      ...(status === 200 ? [] : [`security.txt answers ${status}`]),
      ...(/^(mailto:|https:)/.test(field('Contact') ?? '') ? [] : ['no contact']),
      ...(left > 0 && left < YEAR_MS ? [] : ['no date of expiry within a year']),
      ...(policy.hostname === config.CASEMATE_HOST_NAME ? [] : ['the policy lies elsewhere']),
      ...(served.status === 200 ? [] : [`the policy answers ${served.status}`]),
      ...PROMISES.flatMap(([what, pattern]) =>
        pattern.test(served.body) ? [] : [`the policy lacks: ${what}`],
      ),
    ];
    if (faults.length > 0) return { status: 'fail', evidence: `${faults.join('; ')}.` };
    const days = Math.floor(left / 86_400_000);
    return {
      status: 'pass',
      evidence: `security.txt is served, valid for ${days} days, and its policy makes all ${PROMISES.length} promises.`,
    };
  },
};
