import type { ExitName } from '../exit-codes.ts';
import { Fault } from '../fault.ts';
import type { CommandCall } from './command.ts';

export type Verbs = Readonly<Record<string, (call: CommandCall) => Promise<ExitName>>>;

/** Runs what the first word after a command's name asks for; without one, `byDefault`. */
export function runVerb(
  command: string,
  verbs: Verbs,
  byDefault: string,
): (call: CommandCall) => Promise<ExitName> {
  return async (call) => {
    const [verb = byDefault] = call.words;
    const run = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (run) return run(call);
    throw new Fault(`casemate ${command} does not know "${verb}"`, {
      next: `See \`casemate ${command} --help\`.`,
      code: 'usage',
    });
  };
}
