import type { ExitName } from '../exit-codes.ts';
import { Fault } from '../fault.ts';
import { hostRotations } from '../rotation/host-rotations.ts';
import { rotationTable, type ListedSecret } from '../rotation/rotation-table.ts';
import { askServerCommand } from './ask-server-command.ts';
import type { Command, CommandCall } from './command.ts';
import { runVerb } from './run-verb.ts';

type Done = { name: string; rotation: { state: string; reason: string } };

export const rotation: Command = {
  name: 'rotation',
  summary: 'show the age of each secret, or rotate one',
  description: [
    'list              each secret: age, period, next date, state (exit code 8 when one is overdue)',
    'run NAME          rotate it now; signing keys and passwords without any interruption',
    '',
    'seal-key starts the key service twice: requests wait for some seconds, and tenants that hold',
    'their own seal are sealed again until they open it. Keep a copy of the new key apart from the',
    'backups, as you did with the old one.',
  ].join('\n'),
  words: { value: 'list|run [NAME]', most: 2 },
  flags: {
    compromised: {
      type: 'boolean',
      help: 'run: others may know the present one; it is refused at once',
    },
  },
  run: runVerb('rotation', { list, run: { run, words: 1 } }, 'list'),
};

async function list(call: CommandCall): Promise<ExitName> {
  const answer = (await ask(call, { do: 'list' })) as { secrets: ListedSecret[] };
  call.answer(rotationTable(answer.secrets, call.paint), answer);
  return answer.secrets.some(({ state }) => state === 'overdue') ? 'unhealthy' : 'ok';
}

async function run(call: CommandCall): Promise<ExitName> {
  const name = call.words[1];
  if (name === undefined) {
    throw new Fault('Name the secret', {
      next: '`casemate rotation list` shows the names.',
      code: 'usage',
    });
  }
  const step = call.reporter.step(`Rotate ${name}`);
  try {
    const onHost = hostRotations[name];
    const compromised = call.flags['compromised'] === true;
    const done = onHost
      ? await onHost(call, step.progress)
      : ((await ask(call, { do: 'run', name, compromised })) as Done).rotation.state;
    if (done === 'failed') {
      throw new Fault(`${name} was not rotated`, {
        why: 'It was tried five times; the present one goes on working.',
        next: 'See `casemate logs provisioner`.',
      });
    }
    step.done();
    call.answer(`${name} is rotated.`, { name, state: 'done' });
    return 'ok';
  } catch (error) {
    step.failed();
    throw error;
  }
}

const ask = (call: CommandCall, wish: object): Promise<unknown> =>
  askServerCommand(call, 'rotation', wish);
