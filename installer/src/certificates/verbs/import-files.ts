import { readFile } from 'node:fs/promises';
import { Fault } from '../../fault.ts';
import { textFlag } from '../../commands/command.ts';
import { certificatePaths, findText } from '../certificate-files.ts';
import { importCertificate } from '../import-certificate.ts';
import { daysLeft } from '../renewal-reason.ts';
import { certificatePlan } from '../certificate-plan.ts';
import { neededFlag, type Verb } from './verb.ts';

export const importFiles: Verb = async (input) => {
  const { directory, hostName, now, owner } = certificatePlan(input.call.layout, input.settings);
  const certPem = await readNamed('cert', neededFlag(input.call, 'cert'));
  // The issuers may stand in the file of the certificate itself.
  const chainFile = textFlag(input.call, 'chain');
  const chainPem = chainFile === undefined ? '' : await readNamed('chain', chainFile);
  const keyFile = textFlag(input.call, 'key');
  const keyPem =
    keyFile === undefined ? await requestedKey(directory) : await readNamed('key', keyFile);
  const leaf = await importCertificate(
    directory,
    { certPem, chainPem, keyPem, hostName, now },
    owner,
  );
  const left = daysLeft(leaf, now);
  const text = `Your certificate for ${hostName} is in use. It ends in ${left} days; doctor warns in time.`;
  input.call.answer(text, { hostName, daysLeft: left, fingerprint: leaf.fingerprint256 });
  return 'ok';
};

function readNamed(flag: string, file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    const next = `Give a PEM file with --${flag}. Nothing was changed.`;
    throw new Fault(`${file} cannot be read`, { why: (cause as Error).message, next, cause });
  });
}

async function requestedKey(directory: string): Promise<string> {
  const found = await findText(certificatePaths(directory).requestKey);
  if (found !== null) return found;
  throw new Fault('The key of the certificate is not here', {
    why: 'No signing request of this instance waits for an answer.',
    next: 'Give the key with --key FILE. Nothing was changed.',
  });
}
