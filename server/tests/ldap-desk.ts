import { partsInfo } from './parts-info.ts';
import { BASE, GROUPS, PEOPLE, SEEKER } from './real-directory.ts';
import { signInPerson, type SignedIn } from './sign-in-person.ts';
import { startAppliance, type TestAppliance } from './test-appliance.ts';
import { startServer, type Answer, type TestServer } from './test-server.ts';

export const HOUSE = 'house.example';

/** An appliance with a tenant that owns a domain, and that may speak to these ports of this host. */
export type LdapDesk = {
  readonly appliance: TestAppliance;
  readonly server: TestServer;
  readonly tenantId: string;
  readonly other: string;
  readonly admin: SignedIn;
  readonly operator: SignedIn;
  post(path: string, json: unknown, who?: SignedIn | null): Promise<Answer>;
  /** An active connection; gives its id. */
  connect(settings: object, more?: object): Promise<string>;
  signIn(connection: string, email: string, password: string, from?: string): Promise<Answer>;
  role(accountId: string): Promise<string | null>;
  sessionsOf(accountId: string): Promise<number>;
  stop(): Promise<void>;
};

export async function startLdapDesk(ports: readonly number[], limits = {}): Promise<LdapDesk> {
  const appliance = await startAppliance({
    CASEMATE_PUBLIC_PORT: 8443,
    CASEMATE_IDENTITY_HOSTS: ports.flatMap((port) => [`localhost:${port}`, `127.0.0.2:${port}`]),
    CASEMATE_IDENTITY_CA_FILE: partsInfo().caFile,
    CASEMATE_ANONYMOUS_PER_MINUTE: 100_000,
    CASEMATE_SIGN_IN_FAILURES_PER_ADDRESS: 10_000,
    ...limits,
  });
  const server = await startServer(appliance.config);
  const [tenantId, other] = await Promise.all([appliance.makeTenant(), appliance.makeTenant()]);
  const admin = await signInPerson(appliance, { [tenantId]: 'admin' });
  const operator = await signInPerson(appliance, {}, 'super_admin');
  const post = (path: string, json: unknown, who: SignedIn | null = admin): Promise<Answer> =>
    server.ask('POST', path, { json, ...(who ? { token: who.token } : {}) });
  const idOf = (answer: Answer): string => answer.json<{ id: string }>().id;
  const claimed = await post(`/api/tenants/${tenantId}/email-domains`, { domain: HOUSE });
  const confirming = `/api/platform/email-domain-claims/${idOf(claimed)}/confirm`;
  await post(confirming, { tenantId, domain: HOUSE }, operator);
  return {
    ...{ appliance, server, tenantId, other, admin, operator, post },
    connect: async (settings, more = {}) => {
      const path = `/api/tenants/${tenantId}/connections`;
      const made = await post(path, { ...wish(settings), ...more });
      if (made.status !== 201) throw new Error(made.text);
      const on = await post(`${path}/${idOf(made)}/state`, { state: 'active' });
      if (on.status !== 204) throw new Error(on.text);
      return idOf(made);
    },
    signIn: (connection, email, password, from) =>
      server.ask('POST', '/api/session/directory', {
        json: { connection, email, password },
        ...(from === undefined ? {} : { from }),
      }),
    role: async (accountId) => {
      const { rows } = await appliance.superuser.query<{ role: string }>(
        'select role from control.memberships where account_id = $1 and tenant_id = $2',
        [accountId, tenantId],
      );
      return rows[0]?.role ?? null;
    },
    sessionsOf: async (accountId) => {
      const { rowCount } = await appliance.superuser.query(
        'select from control.sessions where account_id = $1 and ended_at is null',
        [accountId],
      );
      return rowCount ?? 0;
    },
    stop: async () => {
      await server.stop();
      await appliance.stop();
    },
  };
}

/** What an administrator writes for a directory on this host, with settings of its own. */
export function wish(settings: object): object {
  return {
    ...{ kind: 'ldap', name: 'House', domains: [HOUSE], justInTime: true, defaultRole: 'member' },
    ...{ mappings: [], secret: 'seeker of this test' },
    settings: {
      ...{ directory: 'standard', host: 'localhost', security: 'ldaps' },
      ...{ bindDn: SEEKER, base: PEOPLE, personFilter: '(mail={email})', mailVouched: true },
      ...{ groups: 'member_of', groupBase: GROUPS },
      ...settings,
    },
  };
}

export { BASE };
