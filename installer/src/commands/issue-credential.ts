import { Fault } from '../fault.ts';
import { getAccounts } from '../host/get-accounts.ts';
import { deliverSecretId } from '../supervisor/secret-ids.ts';
import type { Command } from './command.ts';

const accounts = {
  server: 'casemate',
  provisioner: 'casemate-provisioner',
  migrator: 'casemate',
} as const;

/** Run by the units before each start of a program, and when it asks for a new secret-id. */
export const issueCredential: Command = {
  name: 'issue-credential',
  summary: 'lay out a fresh wrapped secret-id for a program',
  words: { value: 'ROLE', most: 1 },
  flags: {},
  internal: true,
  run: async ({ words, layout, answer }) => {
    const role = words[0];
    if (role !== 'server' && role !== 'provisioner' && role !== 'migrator') {
      throw new Fault('Name the role: server, provisioner or migrator', { code: 'usage' });
    }
    await deliverSecretId(layout, role, getAccounts(layout)[accounts[role]]);
    answer(`A secret-id for ${role} was laid out.`, { role });
    return 'ok';
  },
};
