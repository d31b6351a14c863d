import { refuseHalfRestored } from '../backup/restore/restore-journal.ts';
import { getSettings } from '../instance/settings.ts';
import { getRuntime } from '../runtime/get-runtime.ts';
import type { Command } from './command.ts';
import { formatStatus } from './format-status.ts';

export const restart: Command = {
  name: 'restart',
  summary: 'stop and start the instance, or some of its components',
  words: { value: '[COMPONENT…]', most: 10 },
  flags: {},
  run: async ({ words, layout, answer, reporter }) => {
    refuseHalfRestored(layout);
    await getSettings(layout);
    const runtime = getRuntime(layout);
    const step = reporter.step('Restart');
    const ids = words.length > 0 ? words : undefined;
    try {
      await runtime.restart({ ids, progress: (text) => step.progress({ text }) });
    } catch (error) {
      step.failed();
      throw error;
    }
    step.done();
    const state = await runtime.status();
    answer(formatStatus(state), state);
    return 'ok';
  },
};
