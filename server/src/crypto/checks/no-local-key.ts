import { refusesDevelopmentKeys, type LiveCheck } from '../../platform/index.ts';

/** ENC-08: which keys this very process uses, and what it would do with the insecure ones. */
export const noLocalKey: LiveCheck = {
  control: 'ENC-08',
  examines:
    'Which backend of keys runs, and whether these settings with a development key added would be refused in production.',
  run: ({ platform: { config, keys } }) => {
    const { CASEMATE_MODE: mode } = config;
    const faults: string[] = [];
    if (mode === 'production' && keys.insecure) faults.push(`${keys.label} runs in production`);
    if (keys.insecure && !keys.label.includes('INSECURE')) faults.push('it is not labelled');
    if (!refusesDevelopmentKeys(config)) faults.push('production would take a development key');
    if (faults.length > 0)
      return Promise.resolve({ status: 'fail', evidence: `${faults.join('; ')}.` });
    return Promise.resolve({
      status: 'pass',
      evidence: `Keys come from the ${keys.label} in ${mode} mode; a development key would be refused in production.`,
    });
  },
};
