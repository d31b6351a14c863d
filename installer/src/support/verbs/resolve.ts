import type { CommandCall } from '../../commands/command.ts';
import { realPatient } from '../../doctor/real-patient.ts';
import type { ExitName } from '../../exit-codes.ts';
import { Fault } from '../../fault.ts';
import { formatTable } from '../../terminal/terminal.ts';
import { getPseudonymKey } from '../pseudonym-key.ts';
import { readKnown } from '../read-known.ts';
import { createPseudonyms } from '../redact/pseudonyms.ts';

/** Whom a pseudonym of a bundle stands for: asked here, where the key is, and nowhere else. */
export async function resolve({ layout, words, answer }: CommandCall): Promise<ExitName> {
  const wanted = words.slice(1);
  if (wanted.length === 0)
    throw new Fault('Which pseudonym?', { next: 'casemate support resolve NAME…', code: 'usage' });
  const patient = await realPatient(layout);
  const { tenants, people, hosts } = await readKnown(patient, false);
  const stand = createPseudonyms(await getPseudonymKey(layout));
  const all = new Map<string, string>([
    ...tenants.map(({ id, name }) => [stand('tenant', id), `${name} (${id})`] as const),
    ...people.flatMap(({ email, name }) => [
      [stand('email', email), email] as const,
      [stand('person', email), `${name} <${email}>`] as const,
    ]),
    ...hosts.map((host) => [stand('host', host), host] as const),
  ]);
  const found = wanted.map((name) => ({ name, is: all.get(name) ?? null }));
  answer(formatTable(found.map(({ name, is }) => [name, is ?? 'not known here'])), found);
  return found.every(({ is }) => is !== null) ? 'ok' : 'failed';
}
