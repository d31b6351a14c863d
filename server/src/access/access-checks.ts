import type { Endpoint, LiveCheck, LiveFinding } from '../platform/index.ts';
import { listDefinerFunctions } from './audit/list-definer-functions.ts';
import { listGuards } from './audit/list-guards.ts';

type Examined = { fault: string | null };

/** The live checks of guards, over the route table of this program and the catalog of its database. */
export function accessChecks(allRoutes: () => readonly Endpoint[]): readonly LiveCheck[] {
  return [
    {
      control: 'ISO-04',
      examines:
        'Every route of the table is put before its own guard as each kind of caller; one without a guard, open without a reason, or asking for what no role has, fails.',
      run: () => {
        const routes = listGuards(allRoutes());
        const open = routes.filter(({ passes }) => passes.includes('anybody')).length;
        const named = routes.map((one) => ({ ...one, name: `${one.method} ${one.path}` }));
        return Promise.resolve(
          judge(named, `${routes.length} routes, of which ${open} are open to anybody on record.`),
        );
      },
    },
    {
      control: 'ISO-11',
      examines:
        'Every function in the database that runs with its owner’s rights: pinned search_path, closed to PUBLIC, and the reviewed check in its body as it is now.',
      run: async (ctx) => {
        const functions = await ctx.platform.db.readControl(listDefinerFunctions);
        return judge(functions, `${functions.length} definer functions, each guarded.`);
      },
    },
  ];
}

function judge(found: readonly (Examined & { name: string })[], good: string): LiveFinding {
  const faulty = found.filter(({ fault }) => fault !== null);
  if (found.length === 0) return { status: 'fail', evidence: 'Nothing was found to examine.' };
  if (faulty.length === 0) return { status: 'pass', evidence: good };
  const list = faulty.slice(0, 5).map(({ name, fault }) => `${name}: ${fault ?? ''}`);
  const more = faulty.length > 5 ? ` and ${faulty.length - 5} more` : '';
  return { status: 'fail', evidence: `${list.join('; ')}${more}.` };
}
