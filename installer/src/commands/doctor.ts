import { doctorTable } from '../doctor/doctor-table.ts';
import { examine } from '../doctor/examine.ts';
import { realPatient } from '../doctor/real-patient.ts';
import type { Command } from './command.ts';

export const doctor: Command = {
  name: 'doctor',
  summary: 'look for what is wrong and say how to mend it (exit code 8 when something is)',
  description: [
    'Asks every component, looks at keys, certificates, files, ports, processes and the storage.',
    'It changes nothing. `unknown` means that something could not be seen, not that it is good.',
  ].join('\n'),
  flags: {},
  run: async ({ layout, answer, paint }) => {
    const report = await examine(await realPatient(layout));
    answer(doctorTable(report, paint), report);
    return report.summary.fail > 0 ? 'unhealthy' : 'ok';
  },
};
