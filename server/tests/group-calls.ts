import { expect } from '@jest/globals';
import { newId } from '../src/platform/index.ts';
import type { SignedIn } from './sign-in-person.ts';
import type { TestAppliance } from './test-appliance.ts';
import type { Answer, TestServer } from './test-server.ts';

export type Group = {
  id: string;
  name: string;
  role: string | null;
  members: number;
  trusted: boolean;
};
type Access = { role: string; level: number | null; customRoles: string[] };
type Member = Access & { accountId: string; own: Access; groups: object[] };
type Who = { token: string };
type Sent = { json?: object; who?: Who; of?: string };
type World = { appliance: TestAppliance; server: TestServer; tenant: string; admin: SignedIn };

/** What tests ask of groups and of what they give, as an administrator of a tenant unless said otherwise. */
export function groupCalls(world: () => World) {
  const ask = (
    method: string,
    path = '',
    { json, who = world().admin, of = world().tenant }: Sent = {},
  ) =>
    world().server.ask(method, `/api/tenants/${of}/groups${path}`, {
      token: who.token,
      ...(json ? { json } : {}),
    });
  const make = async (
    role: string | null,
    members: readonly SignedIn[] = [],
    more: Partial<Access> = {},
  ): Promise<Group> => {
    const made = await ask('POST', '', { json: { name: `Group ${newId()}`, role, ...more } });
    expect(made.status).toBe(201);
    const group = made.json<Group>();
    for (const { accountId } of members)
      expect((await ask('PUT', `/${group.id}/members/${accountId}`)).status).toBe(204);
    return group;
  };
  const roleOf = async (one: SignedIn, of = world().tenant): Promise<string | undefined> => {
    const { rows } = await world().appliance.superuser.query<{ role: string }>(
      'select role from control.memberships where account_id = $1 and tenant_id = $2',
      [one.accountId, of],
    );
    return rows[0]?.role;
  };
  const teamOf = (who: Who): Promise<Answer> =>
    world().server.ask('GET', `/api/tenants/${world().tenant}/team`, { token: who.token });
  const memberOf = async ({ accountId }: SignedIn): Promise<Member> => {
    const { members } = (await teamOf(world().admin)).json<{ members: Member[] }>();
    const found = members.find((one) => one.accountId === accountId);
    if (!found) throw new Error('no such member');
    return found;
  };
  const give = async ({ accountId }: SignedIn, json: object): Promise<number> => {
    const path = `/api/tenants/${world().tenant}/team/${accountId}`;
    return (await world().server.ask('PATCH', path, { token: world().admin.token, json })).status;
  };
  const compose = async (of = world().tenant, who: Who = world().admin): Promise<string> => {
    const json = { name: `Role ${newId()}`, permissions: ['documents.write'] };
    const made = await world().server.ask('POST', `/api/tenants/${of}/roles`, {
      token: who.token,
      json,
    });
    expect(made.status).toBe(201);
    return made.json<{ id: string }>().id;
  };
  const upload = (who: Who): Promise<Answer> =>
    world().server.ask('POST', `/api/tenants/${world().tenant}/documents?name=a.md`, {
      token: who.token,
      raw: Buffer.from(`# ${newId()}`),
    });

  return { ask, make, roleOf, teamOf, memberOf, give, compose, upload };
}
