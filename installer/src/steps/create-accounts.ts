import { Fault } from '../fault.ts';
import { findAccount, serviceAccounts, serviceGroup } from '../host/accounts.ts';
import { runProgram } from '../host/run-program.ts';
import type { Step } from './step.ts';

/** Under root: one account without login or home per component, all in the group of the sockets. */
export const createAccounts: Step = {
  id: 'create-accounts',
  title: 'Create the service accounts',
  isDone: ({ layout }) =>
    !layout.asRoot || Object.values(serviceAccounts).every((name) => findAccount(name)),
  apply: async () => {
    await runAsRoot('groupadd', ['--system', '--force', serviceGroup]);
    for (const name of Object.values(serviceAccounts)) {
      if (findAccount(name)) continue;
      await runAsRoot('useradd', [
        '--system',
        '--gid',
        serviceGroup,
        '--no-create-home',
        '--home-dir',
        '/nonexistent',
        '--shell',
        '/usr/sbin/nologin',
        '--comment',
        'Casemate',
        name,
      ]);
    }
  },
};

async function runAsRoot(program: string, args: readonly string[]): Promise<void> {
  const { code, stderr } = await runProgram(program, args);
  if (code === 0) return;
  throw new Fault(`The service accounts could not be created`, {
    why: `${program}: ${stderr.trim()}`,
    next: 'Create them yourself as the documentation lists them, or install as an ordinary user.',
  });
}
