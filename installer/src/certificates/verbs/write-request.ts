import { writeFile } from 'node:fs/promises';
import { Fault } from '../../fault.ts';
import { requestCertificate } from '../request-certificate.ts';
import { certificatePlan } from '../certificate-plan.ts';
import { neededFlag, type Verb } from './verb.ts';

export const writeRequest: Verb = async (input) => {
  const out = neededFlag(input.call, 'out');
  const request = await requestCertificate(certificatePlan(input.call.layout, input.settings));
  await writeFile(out, request, { flag: 'wx' }).catch((cause: unknown) => {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new Fault(`The request cannot be written to ${out}`, {
      why: code === 'EEXIST' ? 'The file exists already.' : message,
      next: 'Give another file with --out.',
      cause,
    });
  });
  const text = [
    `The request for ${input.settings.hostName} is in ${out}. Send it to your authority, then:`,
    '  casemate certificate import --cert FILE --chain FILE',
  ];
  input.call.answer(text.join('\n'), { file: out, hostName: input.settings.hostName });
  return 'ok';
};
