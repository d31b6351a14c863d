import { expect } from '@jest/globals';
import { newId } from '../src/platform/index.ts';
import { signInPerson, type SignedIn } from './sign-in-person.ts';
import { startAppliance } from './test-appliance.ts';
import { startServer, type Answer } from './test-server.ts';

export type User = {
  id: string;
  userName: string;
  active: boolean;
  groups: { value: string }[];
  meta: { version: string; location: string };
};
export type Group = { id: string; displayName: string; members: { value: string }[] };
export type List = {
  totalResults: number;
  startIndex: number;
  itemsPerPage: number;
  Resources: User[];
};
export type Key = { id: string; key: string };

export type More = { addresses?: string[]; status?: number };
export type Sent = { json?: unknown; by?: string; of?: string; headers?: Record<string, string> };
export type Account = { id: string; state: string; name: string; role: string | null };

export const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
export const PASSWORD = 'Correct-horse-77';
/** As long as any process may go on believing what it knew of a session. */

/** A tenant with a directory that speaks SCIM, another beside it, and what a client of SCIM sends. */
export async function openScimDesk() {
  const appliance = await startAppliance({
    CASEMATE_ANONYMOUS_PER_MINUTE: 10_000,
    CASEMATE_ACCOUNT_PER_MINUTE: 10_000,
    CASEMATE_ROUTE_PER_MINUTE: 10_000,
    CASEMATE_TENANT_PER_MINUTE: 10_000,
    CASEMATE_REGISTRATION_PER_MINUTE: 1_000,
    CASEMATE_IDENTITY_HOSTS: ['idp.example'],
  });
  const server = await startServer(appliance.config);
  const [tenant, other] = [await appliance.makeTenant(), await appliance.makeTenant()];
  const admin = await signInPerson(appliance, { [tenant]: 'admin' });
  const otherAdmin = await signInPerson(appliance, { [other]: 'admin' });
  const token = (await makeToken(admin, tenant)).key;
  const otherToken = (await makeToken(otherAdmin, other)).key;
  async function makeToken(who: SignedIn, of: string, more: More = {}): Promise<Key> {
    const { addresses = [], status = 201 } = more;
    const json = { name: 'Directory', expiresInDays: 30, addresses };
    const made = await server.ask('POST', `/api/tenants/${of}/scim/tokens`, {
      token: who.token,
      json,
    });
    expect(made.status).toBe(status);
    return status === 201 ? made.json<Key>() : { id: '', key: '' };
  }
  const scim = (method: string, path: string, sent: Sent = {}): Promise<Answer> => {
    const { json, by = token, of = tenant, headers = {} } = sent;
    return server.ask(method, `/scim/v2/${of}${path}`, {
      token: by,
      ...(json === undefined ? {} : { raw: Buffer.from(JSON.stringify(json)) }),
      headers: {
        ...(json === undefined ? {} : { 'content-type': 'application/scim+json' }),
        ...headers,
      },
    });
  };
  const newAddress = (): string => `${newId()}@example.org`;
  const create = async (more: object = {}): Promise<User> => {
    const userName = newAddress();
    const json = {
      schemas: [USER],
      userName,
      name: { givenName: 'Ada', familyName: 'Lamb' },
      ...more,
    };
    const made = await scim('POST', '/Users', { json });
    expect([made.status, made.text]).toEqual([201, expect.anything()]);
    return made.json<User>();
  };
  const makeGroup = async (members: readonly User[] = []): Promise<Group> => {
    const json = {
      schemas: [GROUP],
      displayName: `Group ${newId()}`,
      members: members.map(({ id }) => ({ value: id })),
    };
    const made = await scim('POST', '/Groups', { json });
    expect(made.status).toBe(201);
    return made.json<Group>();
  };
  const patch = (path: string, operations: object[], sent: Sent = {}): Promise<Answer> =>
    scim('PATCH', path, { json: { schemas: [PATCH], Operations: operations }, ...sent });
  const list = async (filter: string, more = ''): Promise<List> =>
    (await scim('GET', `/Users?filter=${encodeURIComponent(filter)}${more}`)).json<List>();
  /** The invited person comes: an administrator hands the link over, where no mail is sent. */
  const accept = async (email: string, of = tenant, by = admin): Promise<void> => {
    const team = `/api/tenants/${of}`;
    const { invitations } = (await server.ask('GET', `${team}/team`, { token: by.token })).json<{
      invitations: { id: string; email: string }[];
    }>();
    const invitation = invitations.find((one) => one.email === email);
    const path = `${team}/invitations/${invitation?.id ?? ''}/resend`;
    const { link } = (await server.ask('POST', path, { token: by.token })).json<{ link: string }>();
    const json = {
      token: link.split('#')[1] ?? link.split('/').at(-1),
      name: 'Ada',
      password: PASSWORD,
    };
    const accepted = await server.ask('POST', '/api/invitations/accept', { json });
    expect([accepted.status, accepted.text]).toEqual([201, expect.anything()]);
  };
  const signIn = (email: string): Promise<Answer> =>
    server.ask('POST', '/api/session', { json: { email, password: PASSWORD } });
  const accountOf = async (email: string, of = tenant): Promise<Account | undefined> => {
    const { rows } = await appliance.superuser.query<Account>(
      `select account.id, account.state, account.name, membership.role from control.accounts account
       left join control.memberships membership
         on membership.account_id = account.id and membership.tenant_id = $2
       where account.email = $1`,
      [email, of],
    );
    return rows[0];
  };
  /** A person of the tenant who was there before any directory, linked to a user of it. */
  const linked = async (memberships: Record<string, 'member' | 'admin'>, role = null) => {
    const person = await signInPerson(appliance, memberships, role);
    const userName = `${person.accountId}@example.invalid`;
    const user = await create({ userName });
    return { person, user, email: userName };
  };
  const shapeOf = ({ status, headers, text }: Answer): unknown => [
    status,
    headers['content-type'],
    text.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID'),
  ];

  return {
    ...{ appliance, server, tenant, other, admin, otherAdmin, token, otherToken },
    ...{
      makeToken,
      scim,
      newAddress,
      create,
      makeGroup,
      patch,
      list,
      accept,
      signIn,
      accountOf,
      linked,
      shapeOf,
    },
    stop: async () => {
      await server.stop();
      await appliance.stop();
    },
  };
}
