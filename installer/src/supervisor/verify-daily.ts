import path from 'node:path';
import { messageOf } from '../fault.ts';
import { runProgram } from '../host/run-program.ts';
import type { InstanceLayout } from '../instance/layout.ts';

const DAY_MS = 24 * 3_600_000;
/** After the start, so that what is examined serves. */
const FIRST_MS = 10 * 60_000;
const LIMIT_MS = 10 * 60_000;

/**
 * Has the controls verified ten minutes after the start and then once a day, as the timer of systemd
 * does elsewhere. What was found stands on the trust page; a failure is also said in the log.
 */
export function verifyDaily(
  layout: InstanceLayout,
  say: (text: string) => void,
  verify: (layout: InstanceLayout) => Promise<number | null> = runVerify,
): () => void {
  const again = (): void => {
    verify(layout)
      .then((code) => {
        if (code !== 0) say(`the verification of the controls ended with ${code ?? 'a signal'}`);
      })
      .catch((error: unknown) => say(`the controls could not be verified: ${messageOf(error)}`));
  };
  const first = setTimeout(again, FIRST_MS);
  const daily = setInterval(again, DAY_MS);
  return () => {
    clearTimeout(first);
    clearInterval(daily);
  };
}

async function runVerify({ instance, root, sealDir }: InstanceLayout): Promise<number | null> {
  const place = root ? ['--data-dir', root, '--seal-dir', sealDir] : [];
  const main = path.resolve(import.meta.dirname, '../main.ts');
  const words = ['--disable-warning=ExperimentalWarning', main, 'verify', '--instance', instance];
  // The instance of an account is found by its home directory.
  const options = { inherit: true, timeoutMs: LIMIT_MS };
  const { code } = await runProgram(process.execPath, [...words, ...place], options);
  return code;
}
