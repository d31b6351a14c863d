import { ensureServerCertificate } from '../ensure-server-certificate.ts';
import { certificatePlan } from '../certificate-plan.ts';
import type { Verb } from './verb.ts';

export const renew: Verb = async (input) => {
  const force = input.call.flags['own'] === true;
  const { renewed, origin } = await ensureServerCertificate({
    ...certificatePlan(input.call.layout, input.settings),
    force,
  });
  input.call.answer(sentence(renewed, origin), { renewed, origin });
  return 'ok';
};

function sentence(renewed: string | null, origin: 'authority' | 'customer'): string {
  if (renewed !== null) return `A new certificate is in use: ${renewed}.`;
  if (origin === 'authority') return 'The certificate is good; nothing was changed.';
  return 'Yours is in use, and only you can renew it: `casemate certificate request --out FILE`.';
}
