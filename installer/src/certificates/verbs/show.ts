import { Fault } from '../../fault.ts';
import { describeCertificate } from '../describe-certificate.ts';
import { certificatePlan } from '../certificate-plan.ts';
import type { Verb } from './verb.ts';

export const show: Verb = async (input) => {
  const { directory, now } = certificatePlan(input.call.layout, input.settings);
  const found = await describeCertificate(directory, now);
  if (!found) {
    throw new Fault('There is no certificate yet', {
      next: 'Run `casemate install` again; it takes up where it stopped.',
      code: 'notInstalled',
    });
  }
  const own = found.origin === 'authority';
  const lines = [
    `For         ${found.names.join(', ')}`,
    `Issued by   ${own ? "the appliance's own authority" : found.issuer}`,
    `In force    ${found.validFrom.slice(0, 10)} to ${found.validTo.slice(0, 10)} (${found.daysLeft} days left)`,
    `SHA-256     ${found.fingerprint}`,
    '',
    `Authority   ${found.caFile}`,
    `SHA-256     ${found.authorityFingerprint}`,
    ...(own ? ['Browsers must trust this authority once; compare the fingerprint first.'] : []),
  ];
  input.call.answer(lines.join('\n'), found);
  return 'ok';
};
