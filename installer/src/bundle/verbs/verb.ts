import type { CommandCall } from '../../commands/command.ts';
import type { ExitName } from '../../exit-codes.ts';

export type Verb = (call: CommandCall) => Promise<ExitName>;
