import path from 'node:path';
import type { ExitName } from '../exit-codes.ts';
import { instancePaths } from '../instance/paths.ts';
import { runSteps, type InstallContext, type InstallOptions } from '../steps/step.ts';
import { bringSteps } from './bring-steps.ts';
import type { Plan } from './describe-plan.ts';
import { rehearse } from './rehearse.ts';
import { told } from './told.ts';
import { safetyCopy } from './safety-copy.ts';
import type { FromHere } from './upgrade-from-here.ts';

/**
 * Tries the migrations on a copy, which is removed again. The new programs stay beside the old ones,
 * where the upgrade finds them; nothing that runs learns of them.
 */
export async function dryRun(
  { call, settings, options }: FromHere & { options: InstallOptions },
  plan: Plan,
): Promise<ExitName> {
  const { layout, reporter } = call;
  const context: InstallContext = {
    layout,
    paths: instancePaths(layout),
    options,
    settings: structuredClone(settings),
    components: {},
    progress: () => undefined,
    save: () => Promise.resolve(),
  };
  await runSteps(bringSteps, context, reporter);
  const dir = path.join(layout.dataDir, 'upgrade', 'dry-run');
  let rehearsal = { tenants: 0, seconds: 0 };
  try {
    await told({ reporter }, 'Copy database, keys and settings', () =>
      safetyCopy.make({ layout, settings }, dir),
    );
    await told({ reporter }, 'Try the migrations on the copy', async () => {
      const clusterDir = safetyCopy.databaseDir(dir);
      rehearsal = await rehearse({
        layout,
        from: settings,
        settings: context.settings,
        clusterDir,
      });
    });
  } finally {
    await safetyCopy.remove(dir);
  }
  const { tenants, seconds } = rehearsal;
  const last = `The migrations ran on a copy (${tenants} tenants, ${seconds} s). Nothing was changed.`;
  call.answer([...plan.lines, last].join('\n'), { ...plan.value, rehearsal, changed: false });
  return 'ok';
}
