import { certificatePlan } from '../certificates/certificate-plan.ts';
import { ensureServerCertificate } from '../certificates/ensure-server-certificate.ts';
import { messageOf } from '../fault.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { getSettings } from '../instance/settings.ts';

/** Makes the server's certificate anew when it is time; the server takes it up by itself. */
export async function renewOwnCertificate(
  layout: InstanceLayout,
  say: (text: string) => void,
): Promise<void> {
  try {
    const plan = certificatePlan(layout, await getSettings(layout));
    const { renewed } = await ensureServerCertificate(plan);
    if (renewed !== null) say(`a new certificate is in use: ${renewed}`);
  } catch (error) {
    say(`the certificate could not be renewed, and is tried again tomorrow: ${messageOf(error)}`);
  }
}
