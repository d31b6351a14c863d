import { readFile } from 'node:fs/promises';
import { textFlag } from '../../commands/command.ts';
import { Fault } from '../../fault.ts';
import { getSettings } from '../../instance/settings.ts';
import { fingerprintOf } from '../signing.ts';
import { parseFingerprint, pinSigner } from '../trusted-signers.ts';
import type { Verb } from './verb.ts';

/** Takes another release key into the list of an instance, after its fingerprint was typed. */
export const trust: Verb = async (call) => {
  await getSettings(call.layout);
  const [, file] = call.words;
  const typed = textFlag(call, 'signer');
  if (file === undefined || typed === undefined)
    throw new Fault('Name the public key, and its fingerprint as it was announced', {
      next: 'casemate bundle trust release.pub --signer FINGERPRINT',
      code: 'usage',
    });
  const pem = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new Fault(`${file} can't be read`, { why: (cause as Error).message, code: 'usage' });
  });
  const fingerprint = fingerprintOf(pem);
  if (fingerprint !== parseFingerprint(typed))
    throw new Fault('The key has another fingerprint than the announced one', {
      why: `It is ${fingerprint}.`,
      code: 'signature',
    });
  await pinSigner(call.layout, pem);
  call.answer(`Bundles signed by ${fingerprint} are taken from now on.`, { fingerprint });
  return 'ok';
};
