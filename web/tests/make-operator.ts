import { randomBytes } from 'node:crypto';
import { enrolApp } from '../../installer/src/egress/second-factor.ts';
import { askInstance, postOf } from '../../installer/tests/ask-instance.ts';
import type { Person } from './walk.ts';

const APPS = ['Phone', 'Tablet', 'Old phone', 'Safe'];

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
  const post = postOf(ask);
  const { accessToken } = await post<{ accessToken: string }>('/api/setup', { token, ...person });
  // Each gives a code in 30 seconds; the walks sign in faster than that.
  const secrets: string[] = [];
  for (const name of APPS) secrets.push(await enrolApp(post, accessToken, name));
  return { ...person, secrets };
}
