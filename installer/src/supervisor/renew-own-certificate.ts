import { authoritySigner } from '../certificates/authority-signer.ts';
import { ensureServerCertificate } from '../certificates/ensure-server-certificate.ts';
import { messageOf } from '../fault.ts';
import { getAccounts } from '../host/get-accounts.ts';
import type { InstanceLayout } from '../instance/layout.ts';
import { instancePaths } from '../instance/paths.ts';
import { getSettings } from '../instance/settings.ts';
import { addressesOf } from '../steps/create-certificate.ts';

/** Makes the server's certificate anew when it is time; the server takes it up by itself. */
export async function renewOwnCertificate(
  layout: InstanceLayout,
  say: (text: string) => void,
): Promise<void> {
  try {
    const paths = instancePaths(layout);
    const settings = await getSettings(layout);
    const account = getAccounts(layout).casemate;
    const { renewed } = await ensureServerCertificate({
      directory: paths.tlsDir,
      hostName: settings.hostName,
      addresses: addressesOf(settings),
      now: new Date(),
      sign: authoritySigner(paths),
      ...(account && { owner: { uid: account.uid, gid: account.gid } }),
    });
    if (renewed !== null) say(`a new certificate is in use: ${renewed}`);
  } catch (error) {
    say(`the certificate could not be renewed, and is tried again tomorrow: ${messageOf(error)}`);
  }
}
