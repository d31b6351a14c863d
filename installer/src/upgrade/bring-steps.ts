import { readLock, type ComponentName } from '../components/index.ts';
import { servesInstead } from '../components/serves-instead.ts';
import { fetchComponents } from '../steps/fetch-components.ts';
import { placeCommand } from '../steps/install-command.ts';
import { installServer } from '../steps/install-server.ts';
import type { Step } from '../steps/step.ts';

/** Beside the old ones: nothing that runs is touched, and no name points there yet. */
export const bringSteps: Step[] = [
  ...fetchComponents.map(asBundled),
  installServer,
  {
    id: 'place-command',
    title: 'Lay the new command beside the old one',
    isDone: () => false,
    apply: async (context) => {
      await placeCommand(context);
    },
  },
];

/** The same version may come in another build: what a bundle carries is known by its checksum. */
function asBundled(step: Step): Step {
  const name = step.id.replace(/^fetch-/, '') as ComponentName;
  return {
    ...step,
    isDone: async (context) => {
      const { version, bundle } = readLock()[name];
      const present = context.settings.components[name];
      const same = bundle === undefined || bundle.sha256 === present?.sha256;
      const later = present !== undefined && servesInstead(name, present.version, version);
      return (same || later) && (await step.isDone(context));
    },
  };
}
