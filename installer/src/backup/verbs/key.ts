import { existsSync } from 'node:fs';
import path from 'node:path';
import { textFlag, type CommandCall } from '../../commands/command.ts';
import type { ExitName } from '../../exit-codes.ts';
import { Fault } from '../../fault.ts';
import { ensureDir, writeFileAtomically } from '../../host/write-file.ts';
import { getSettings } from '../../instance/settings.ts';
import { identityText, makeIdentity } from '../age.ts';
import { backupFiles, findRecipient, type Recipient } from '../plan.ts';
import { witnessOf } from '../recovery-record.ts';

/** Draws the recipient's key. The private half goes to a file of the operator's and stays nowhere here. */
export async function createKey(call: CommandCall): Promise<ExitName> {
  await getSettings(call.layout);
  const out = textFlag(call, 'out');
  if (out === undefined)
    throw new Fault('Say where the private key goes', {
      next: 'casemate backup key --out /media/stick/casemate-backup.key',
      code: 'usage',
    });
  const file = path.resolve(out);
  if (existsSync(file))
    throw new Fault(`${file} exists, and may be a key that opens backups`, {
      next: 'Give another name. Nothing was changed.',
      code: 'usage',
    });
  const present = await findRecipient(call.layout);
  if (present && !call.flags['replace'])
    throw new Fault('Backups are wrapped to a recipient’s key already', {
      why: present.recipient,
      next: 'With --replace later backups are wrapped to a new one; keep the old for those before.',
      code: 'usage',
    });
  const { layout } = call;
  for (const dir of [layout.dataDir, layout.configDir, layout.sealDir])
    if (file.startsWith(`${dir}/`))
      throw new Fault('The private key must not lie inside the instance', {
        why: 'Whoever loses the host would lose it, too.',
        next: 'Give a path on another medium.',
        code: 'usage',
      });
  const identity = makeIdentity();
  await writeFileAtomically(file, identityText(identity), { mode: 0o600 });
  const recipient: Recipient = { recipient: identity.recipient, witness: witnessOf(identity) };
  const { recipientFile } = backupFiles(layout);
  await ensureDir(path.dirname(recipientFile), { mode: 0o700 });
  await writeFileAtomically(recipientFile, `${JSON.stringify(recipient)}\n`, { mode: 0o600 });
  const lines = [
    `Recipient    ${identity.recipient}`,
    `Private key  ${file}`,
    '',
    'Take the private key off this host now, and keep two copies where no backup lies. Without it nobody',
    'restores a backup on another host: not you, not us. Whoever has it and the target reads everything.',
  ];
  call.answer(lines.join('\n'), { recipient: identity.recipient, file });
  return 'ok';
}
