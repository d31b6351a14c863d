import { closeRolledBack, takeBackLast } from '../upgrade/take-back-last.ts';
import type { Command } from './command.ts';

export const rollback: Command = {
  name: 'rollback',
  summary: 'take the last upgrade back: the programs, and the data only where it must be',
  description: [
    'After an upgrade whose migrations serve both versions only programs change, and nothing is lost.',
    'Where a migration took away what the old version needs, the data is as it was before the upgrade:',
    'this says what would be lost, and wants --lose-data as well.',
  ].join('\n'),
  flags: {
    yes: { type: 'boolean', short: 'y', help: 'do not ask' },
    'lose-data': { type: 'boolean', help: 'what was written since the upgrade may be lost' },
  },
  run: async (call) => {
    const taken = await takeBackLast(call);
    await closeRolledBack(call.layout, taken);
    call.answer(`${taken.fromVersion} runs again. ${taken.data}`, {
      version: taken.fromVersion,
      data: taken.data,
      lost: taken.lost,
    });
    return 'ok';
  },
};
