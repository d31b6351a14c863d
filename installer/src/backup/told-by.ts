import type { Reporter } from '../terminal/reporter.ts';
import type { Told } from './create-backup.ts';

/** One line on the terminal for one part of the work. */
export function toldBy(reporter: Reporter): Told {
  return async (title, work) => {
    const step = reporter.step(title);
    try {
      const result = await work();
      step.done();
      return result;
    } catch (error) {
      step.failed();
      throw error;
    }
  };
}
