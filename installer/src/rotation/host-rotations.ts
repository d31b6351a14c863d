import { ensureServerCertificate, findOrigin } from '../certificates/ensure-server-certificate.ts';
import { certificatePlan } from '../certificates/certificate-plan.ts';
import type { CommandCall } from '../commands/command.ts';
import { Fault } from '../fault.ts';
import { getAccounts } from '../host/get-accounts.ts';
import { instancePaths } from '../instance/paths.ts';
import { getSettings } from '../instance/settings.ts';
import { getRuntime } from '../runtime/get-runtime.ts';
import { withEngine } from '../steps/give-database-passwords.ts';
import { keyServiceConfig, writeKeyServiceConfig } from '../steps/initialise-key-service.ts';
import type { Progress } from '../terminal/reporter.ts';
import { requestVault } from '../vault/request.ts';
import { writeNote, type NotedSecret } from './notes.ts';
import { rotateInstallerCredentials } from './rotate-installer-credentials.ts';
import { rotateSealKey } from './rotate-seal-key.ts';

type HostRotation = (call: CommandCall, progress: (progress: Progress) => void) => Promise<'done'>;

/** What can be rotated only here: files of root, and restarts. The provisioner does the others. */
export const hostRotations: Readonly<Record<string, HostRotation>> = {
  'seal-key': sealKey,
  // Renewed together: both are what opens the storage of the key service.
  'storage-key': sealKey,
  'installer-credentials': installerCredentials,
  certificate,
};

async function certificate(call: CommandCall) {
  const paths = instancePaths(call.layout);
  if ((await findOrigin(paths.tlsDir)) === 'customer') {
    throw new Fault('The certificate is yours, and only your authority can renew it', {
      next: '`casemate certificate request --out FILE`, or use our own: `casemate certificate renew --own`.',
      code: 'usage',
    });
  }
  const settings = await getSettings(call.layout);
  await ensureServerCertificate({ ...certificatePlan(call.layout, settings), force: true });
  return 'done' as const;
}

async function sealKey({ layout }: CommandCall, progress: (progress: Progress) => void) {
  const paths = instancePaths(layout);
  const settings = await getSettings(layout);
  const runtime = getRuntime(layout);
  await rotateSealKey({
    configFile: paths.vaultConfigFile,
    sealKeyFile: paths.sealKeyFile,
    owner: getAccounts(layout)['casemate-keys'],
    writeConfig: async (seal) => {
      const context = { layout, paths };
      await writeKeyServiceConfig(context, await keyServiceConfig(context, seal));
    },
    restart: () => runtime.restart({ ids: ['openbao'] }),
    rewrap: () =>
      withEngine({ paths, settings }, async (operator) => {
        for (const path of ['sys/rotate/keyring', 'sys/rotate/root']) {
          const answer = await requestVault({ ...operator, method: 'POST', path, body: {} });
          if (answer.status < 300) continue;
          throw new Fault('The key service did not wrap its root key anew', {
            why: `${path} answered ${answer.status}: ${(answer.body.errors ?? []).join('; ')}`,
            next: 'Both keys are configured, and nothing is lost. Run the command again.',
          });
        }
      }),
    done: () => note({ paths, settings }, 'seal-key'),
    progress: (text) => progress({ text }),
  });
  return 'done' as const;
}

async function installerCredentials({ layout }: CommandCall) {
  const paths = instancePaths(layout);
  const { vaultSocket: socketPath, credentialFile } = paths;
  await rotateInstallerCredentials({ socketPath, credentialFile });
  await note({ paths, settings: await getSettings(layout) }, 'installer-credentials');
  return 'done' as const;
}

function note(at: Parameters<typeof withEngine>[0], name: NotedSecret): Promise<void> {
  return withEngine(at, (operator) => writeNote(operator, name, new Date()));
}
