import { verifyForInstall } from '../bundle/verify-for-install.ts';
import { textFlag, type CommandCall } from './command.ts';

/** Nothing of a bundle is used before all of it was verified, and no flag skips that. */
export async function verifyGiven(call: CommandCall, bundleDir: string | undefined) {
  if (bundleDir === undefined) return undefined;
  const step = call.reporter.step('Verify the bundle');
  const signer = textFlag(call, 'signer');
  const { layout } = call;
  const verified = await verifyForInstall({ layout, bundleDir, signer }).catch((error: unknown) => {
    step.failed();
    throw error;
  });
  step.done(`signed by ${verified.fingerprint.slice(0, 16)}…`);
  return verified;
}
