import type { ExitName } from '../exit-codes.ts';
import { Fault } from '../fault.ts';
import type { CommandCall } from './command.ts';

type Run = (call: CommandCall) => Promise<ExitName>;

/** A verb alone takes no more words; others say how many may follow. */
export type Verbs = Readonly<Record<string, Run | { run: Run; words: number }>>;

/** Runs what the first word after a command's name asks for; without one, `byDefault`. */
export function runVerb(command: string, verbs: Verbs, byDefault: string): Run {
  return async (call) => {
    const [verb = byDefault, ...words] = call.words;
    const found = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    const help = { next: `See \`casemate ${command} --help\`.`, code: 'usage' } as const;
    if (!found) throw new Fault(`casemate ${command} does not know "${verb}"`, help);
    const { run, words: most } = typeof found === 'function' ? { run: found, words: 0 } : found;
    const surplus = words[most];
    if (surplus === undefined) return run(call);
    throw new Fault(`casemate ${command} ${verb} does not take "${surplus}"`, help);
  };
}
