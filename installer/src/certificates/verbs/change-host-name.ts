import { Fault } from '../../fault.ts';
import { saveSettings } from '../../instance/settings.ts';
import { describeCertificate } from '../describe-certificate.ts';
import { ensureServerCertificate, findOrigin } from '../ensure-server-certificate.ts';
import { normalHostName } from '../host-name.ts';
import { certificatePlan } from '../certificate-plan.ts';
import type { Verb } from './verb.ts';

export const changeHostName: Verb = async ({ call, settings }) => {
  const typed = call.words[1] ?? '';
  const hostName = normalHostName(typed);
  if (hostName === null) {
    throw new Fault(`"${typed}" is not a host name`, {
      next: 'Give one such as casemate.example.org, without https:// and port.',
      code: 'usage',
    });
  }
  const plan = certificatePlan(call.layout, { ...settings, hostName });
  await refuseUncovered(plan.directory, { hostName, now: plan.now });
  await ensureServerCertificate(plan);
  const before = settings.hostName;
  await saveSettings(call.layout, { ...settings, hostName });
  const text = [
    `The name is ${hostName} now (it was ${before}).`,
    'Run `casemate restart server`, so that the server answers to it.',
  ];
  call.answer(text.join('\n'), { hostName, before, next: 'casemate restart server' });
  return 'ok';
};

/** A customer's certificate is not ours to replace: the new name must be in it. */
async function refuseUncovered(
  directory: string,
  { hostName, now }: { hostName: string; now: Date },
): Promise<void> {
  if ((await findOrigin(directory)) !== 'customer') return;
  const names = (await describeCertificate(directory, now))?.names ?? [];
  const domain = hostName.slice(hostName.indexOf('.'));
  if (names.includes(hostName) || names.includes(`*${domain}`)) return;
  throw new Fault(`Your certificate is not for ${hostName}, but for ${names.join(', ')}`, {
    next: 'Import one for the new name first, or use our own: `casemate certificate renew --own`. Nothing was changed.',
  });
}
