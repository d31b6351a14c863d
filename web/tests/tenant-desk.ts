import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { enrolApp, signInWithCode, type Post } from '../../installer/src/egress/second-factor.ts';
import { askInstance, postOf, type Ask } from '../../installer/tests/ask-instance.ts';
import { address, operator } from './installed.ts';
import type { Person } from './walk.ts';

export interface TenantDesk {
  ask: Ask;
  post: Post;
  /** Of the operator, who is an administrator of the tenant. */
  token: string;
  tenantId: string;
  /** Of the tenant; no other has it. */
  name: string;
  /** Somebody who came by an invitation; with a role that needs one, also with an app. */
  join: (name: string, role: string, more?: { withoutFactor?: true }) => Promise<Person>;
  /** Another who runs the platform. */
  runToo: (name: string) => Promise<Person>;
}

/** A new tenant and people in it, made by the routes behind the pages. */
export async function openTenant(kind: string): Promise<TenantDesk> {
  const name = `${kind} ${randomBytes(2).toString('hex')}`;
  const ask = askInstance(address, process.env['CASEMATE_CA_FILE'] ?? '');
  const post = postOf(ask);
  const { accessToken: token } = await signInWithCode(post, operator);
  const wish = { name, language: 'en', joinAs: 'admin' };
  const { id: tenantId } = await post<{ id: string }>('/api/tenants', wish, token);
  await active(ask, { tenantId, token });
  const accept = async (called: string, link: string, email: string): Promise<Person> => {
    const password = `The ${randomBytes(6).toString('hex')} under the hill`;
    const invited = link.split('#')[1] ?? '';
    await post('/api/invitations/accept', { token: invited, name: called, password });
    return { name: called, email, password };
  };
  const withApp = async (person: Person): Promise<Person> => {
    const { accessToken } = await signInWithCode(post, person);
    return { ...person, secrets: [await enrolApp(post, accessToken)] };
  };
  return {
    ...{ ask, post, token, tenantId, name },
    join: async (called, role, { withoutFactor } = {}) => {
      const email = addressOf(called);
      const path = `/api/tenants/${tenantId}/invitations`;
      const { link } = await post<{ link: string }>(path, { email, role }, token);
      const person = await accept(called, link, email);
      return role === 'member' || withoutFactor ? person : withApp(person);
    },
    runToo: async (called) => {
      const email = addressOf(called);
      const body = { email, tenantId: null, role: 'admin' };
      const { link } = await post<{ link: string }>('/api/platform/invitations', body, token);
      return withApp(await accept(called, link, email));
    },
  };
}

const addressOf = (name: string): string =>
  `${name.toLowerCase().replaceAll(' ', '.')}.${randomBytes(3).toString('hex')}@example.test`;

async function active(ask: Ask, { tenantId, token }: Pick<TenantDesk, 'tenantId' | 'token'>) {
  for (let left = 600; left > 0; left -= 1) {
    const { state } = (await ask('GET', `/api/tenants/${tenantId}`, { token })).json() as {
      state: string;
    };
    if (state === 'active') return;
    await pause(100);
  }
  throw new Error('the tenant was not active within a minute');
}
