import { refuseHalfRestored } from '../backup/restore/restore-journal.ts';
import { getSettings } from '../instance/settings.ts';
import { getRuntime } from '../runtime/get-runtime.ts';
import { runSupervisor } from '../supervisor/run-supervisor.ts';
import type { Command } from './command.ts';
import { formatStatus } from './format-status.ts';

export const up: Command = {
  name: 'up',
  summary: 'start the instance, or some of its components',
  words: { value: '[COMPONENT…]', most: 10 },
  flags: {
    foreground: { type: 'boolean', help: 'stay, and stop everything on Ctrl-C or SIGTERM' },
  },
  run: async ({ flags, words, layout, answer, reporter }) => {
    const ids = words.length > 0 ? words : undefined;
    if (flags['foreground']) {
      await runSupervisor(layout, ids, (line) => reporter.info(line));
      return 'ok';
    }
    refuseHalfRestored(layout);
    await getSettings(layout);
    const runtime = getRuntime(layout);
    const step = reporter.step('Start');
    try {
      await runtime.start({ ids, progress: (text) => step.progress({ text }) });
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
