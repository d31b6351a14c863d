import type { ExitName } from '../exit-codes.ts';
import { Fault } from '../fault.ts';
import { createTenants } from '../tenants/create-tenants.ts';
import { deleteTenant } from '../tenants/delete-tenant.ts';
import { listDeleted, showCertificate } from '../tenants/deleted-tenants.ts';
import { listTenants } from '../tenants/list-tenants.ts';
import { askServer, tenantLine, type Tenant } from '../tenants/ask-server.ts';
import type { Command, CommandCall } from './command.ts';

const VERBS = 'list|create|suspend|resume|retry|rename|delete|deleted|certificate';

type Verb = (call: CommandCall, words: readonly string[]) => Promise<ExitName>;

const verbs: Readonly<Record<string, Verb>> = {
  list: listTenants,
  create: createTenants,
  delete: deleteTenant,
  deleted: listDeleted,
  certificate: showCertificate,
  suspend: (call, words) => change(call, 'suspend', words),
  resume: (call, words) => change(call, 'resume', words),
  retry: (call, words) => change(call, 'retry', words),
  rename: async (call, [tenant, name, ...more]) => {
    if (tenant === undefined || name === undefined || more.length > 0)
      throw new Fault('Say which tenant and its new name', { code: 'usage' });
    return show(call, await askServer<Tenant>(call, { verb: 'rename', tenant, name }));
  },
};

export const tenants: Command = {
  name: 'tenants',
  summary: 'list, create, suspend, resume, rename and delete tenants',
  description: [
    'A tenant is named by its name or its id.',
    '',
    'list [SEARCH]        by name; --state suspended narrows it, --after gives the next page',
    'create NAME          waits until the tenant is built; --from FILE makes one for each line',
    '                     (a name, or a name, a tab and a language), and skips those that exist',
    'suspend TENANT       its people are shut out at once, its jobs wait; nothing is deleted',
    'resume TENANT        opens it again',
    'retry TENANT         builds one more time what could not be built',
    'rename TENANT NAME   the schema, the role and the key keep their names',
    'delete TENANT        destroys the key, then the schema; asks for the name, or takes --confirm',
    'deleted              the deleted ones, and when their last copy in the backups dies',
    'certificate TENANT   the signed certificate of a deletion (--json: as it is signed)',
  ].join('\n'),
  words: { value: `${VERBS} [TENANT] [NAME]`, most: 3 },
  flags: {
    state: { type: 'string', value: 'STATE', help: 'list: only those in this state' },
    limit: { type: 'string', value: 'N', help: 'list: at most so many (default: 100)' },
    after: { type: 'string', value: 'PLACE', help: 'list: go on at the place that a page gave' },
    from: { type: 'string', value: 'FILE', help: 'create: one tenant for each line' },
    language: { type: 'string', value: 'CODE', help: 'create: en, de, no, es, fr or simple' },
    'no-wait': { type: 'boolean', help: 'create: do not wait until they are built' },
    confirm: { type: 'string', value: 'NAME', help: 'delete: the name of the tenant' },
  },
  run: async (call) => {
    const [verb = 'list', ...words] = call.words;
    const run = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (!run) throw new Fault(`There is no \`tenants ${verb}\`; use ${VERBS}`, { code: 'usage' });
    return run(call, words);
  },
};

async function change(
  call: CommandCall,
  verb: string,
  [tenant, ...more]: readonly string[],
): Promise<ExitName> {
  if (tenant === undefined || more.length > 0)
    throw new Fault(`Say which tenant to ${verb}: its name or its id`, { code: 'usage' });
  return show(call, await askServer<Tenant>(call, { verb, tenant }));
}

function show(call: CommandCall, tenant: Tenant): ExitName {
  call.answer(tenantLine(tenant), tenant);
  return 'ok';
}
