import { installAppliance } from '../bench-appliance.ts';
import { rounded, type Bench } from '../figure.ts';

/** `casemate install` with the components in the cache, until it printed the first answer. */
export const install: Bench = {
  name: 'install',
  title: 'components at hand, until the first answered question',
  run: async ({ report }) => {
    const appliance = await installAppliance(report);
    appliance.remove();
    return {
      figures: [
        {
          id: 'install',
          value: rounded(appliance.installSeconds, 1),
          unit: 's',
          target: 90,
          better: 'lower',
          reference: null,
        },
      ],
      deviations: [],
    };
  },
};
