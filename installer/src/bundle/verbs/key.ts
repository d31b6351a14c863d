import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { textFlag } from '../../commands/command.ts';
import { Fault } from '../../fault.ts';
import { writeFileAtomically } from '../../host/write-file.ts';
import { fingerprintOf, makeReleaseKey } from '../signing.ts';
import type { Verb } from './verb.ts';

/** Makes the pair that signs releases. It replaces none. */
export const makeKey: Verb = async (call) => {
  const dir = textFlag(call, 'out');
  if (dir === undefined) throw new Fault('Say where to: --out DIR', { code: 'usage' });
  const files = {
    private: path.resolve(dir, 'release.key'),
    public: path.resolve(dir, 'release.pub'),
  };
  if (await stat(files.private).catch(() => undefined))
    throw new Fault(`${files.private} exists already`, {
      next: 'Keep it, or choose another folder: who loses a release key must announce a new one.',
      code: 'usage',
    });
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const { privatePem, publicPem } = makeReleaseKey();
  await writeFileAtomically(files.private, privatePem, { mode: 0o600 });
  await writeFileAtomically(files.public, publicPem, { mode: 0o644 });
  const fingerprint = fingerprintOf(publicPem);
  const lines = [
    `Signs releases (keep it off line, and out of every bundle): ${files.private}`,
    `Checks them: ${files.public}`,
    `Announce its fingerprint apart from the bundles: ${fingerprint}`,
  ];
  call.answer(lines.join('\n'), { ...files, fingerprint });
  return 'ok';
};
