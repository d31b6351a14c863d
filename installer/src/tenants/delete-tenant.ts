import { textFlag, type CommandCall } from '../commands/command.ts';
import type { ExitName } from '../exit-codes.ts';
import { Fault } from '../fault.ts';
import { askServer, tenantLine, visible, type Tenant } from './ask-server.ts';

export async function deleteTenant(
  call: CommandCall,
  [tenant, ...more]: readonly string[],
): Promise<ExitName> {
  if (tenant === undefined || more.length > 0)
    throw new Fault('Say which tenant to delete: its name or its id', { code: 'usage' });
  const confirm =
    textFlag(call, 'confirm') ??
    (await call.ask(
      `This destroys the key of ${visible(tenant)}: its data is lost for good. Type its name: `,
    ));
  if (confirm === null)
    throw new Fault('Nobody is there to type the name; give it with --confirm NAME', {
      code: 'usage',
    });
  const gone = await askServer<Tenant>(call, { verb: 'delete', tenant, confirm });
  call.answer(tenantLine(gone), gone);
  return 'ok';
}
