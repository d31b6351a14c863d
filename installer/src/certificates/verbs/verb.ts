import type { CommandCall } from '../../commands/command.ts';
import { textFlag } from '../../commands/command.ts';
import type { ExitName } from '../../exit-codes.ts';
import { Fault } from '../../fault.ts';
import type { InstanceSettings } from '../../instance/settings.ts';

export type VerbCall = { call: CommandCall; settings: InstanceSettings };
export type Verb = (input: VerbCall) => Promise<ExitName>;

/** The value of a flag that the verb cannot do without. */
export function neededFlag(call: CommandCall, name: string): string {
  const value = textFlag(call, name);
  if (value !== undefined) return value;
  const verb = call.words[0] ?? '';
  throw new Fault(`casemate certificate ${verb} needs --${name} FILE`, {
    next: 'See `casemate certificate --help`.',
    code: 'usage',
  });
}
