import { runServerProgram } from './run-server-program.ts';
import type { Step } from './step.ts';

export const migrateDatabase: Step = {
  id: 'migrate-database',
  title: 'Bring the database up to date',
  isDone: async (context) => {
    const output = await runServerProgram(context, 'migrator', ['migrate', '--check']);
    // Control migrations by name, and how many tenants lack one.
    const pending = JSON.parse(output) as { control: string[]; tenants: number };
    return pending.control.length === 0 && pending.tenants === 0;
  },
  apply: async (context) => {
    await runServerProgram(context, 'migrator', ['migrate']);
  },
};
