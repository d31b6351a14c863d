import type { InstanceLayout } from '../instance/layout.ts';
import type { InstallOptions } from '../steps/step.ts';
import type { Reporter } from '../terminal/reporter.ts';
import type { UpgradeJournal } from './journal.ts';

/** What every part of an upgrade works with. */
export type Upgrade = {
  layout: InstanceLayout;
  journal: UpgradeJournal;
  options: InstallOptions;
  reporter: Reporter;
};

/** One line on the terminal for one thing that is done. */
export async function told(
  { reporter }: Pick<Upgrade, 'reporter'>,
  title: string,
  doing: () => Promise<string | void>,
): Promise<void> {
  const step = reporter.step(title);
  try {
    step.done((await doing()) ?? undefined);
  } catch (error) {
    step.failed();
    throw error;
  }
}
