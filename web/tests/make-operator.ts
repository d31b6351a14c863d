import { randomBytes } from 'node:crypto';
import { askInstance } from '../../installer/tests/ask-instance.ts';
import type { Person } from './walk.ts';

type Instance = { address: string; setupLink: string; caFile: string };

/** Spends the set-up link of a new instance, as the page behind it would. */
export async function makeOperator({ address, setupLink, caFile }: Instance): Promise<Person> {
  const person = {
    name: 'Olga Operator',
    email: 'operator@example.test',
    password: `The ${randomBytes(6).toString('hex')} under the hill`,
  };
  const token = new URL(setupLink).pathname.split('/').at(-1);
  const ask = askInstance(address, caFile);
  const { status } = await ask('POST', '/api/setup', { json: { token, ...person } });
  if (status !== 201) throw new Error(`the operator was not made: ${status}`);
  return person;
}
