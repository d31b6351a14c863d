import { api } from '../../lib/api/client.ts';
import type {
  Connection,
  Connections,
  Decision,
  EmailDomain,
  Examined,
  SamlMetadata,
} from '../../lib/api/types.ts';
import { unwrap } from '../../lib/api/unwrap.ts';
import type { Kind, KindSettings } from './kinds.ts';

export type Role = 'member' | 'reviewer' | 'admin';
/** A tenant's id; null for the platform. */
export type Owner = string | null;

export interface ConnectionWish {
  kind: Kind;
  name: string;
  secret?: string;
  domains: string[];
  justInTime: boolean;
  defaultRole: Role | null;
  mappings: { group: string; role: Role; tenantId: string }[];
  settings: KindSettings[Kind];
}
export interface DryRunWish {
  email: string;
  emailVouched: boolean;
  groups: string[];
}

export function listConnections(owner: Owner): Promise<Connections> {
  return owner === null
    ? unwrap(api.GET('/api/platform/connections'))
    : unwrap(
        api.GET('/api/tenants/{tenantId}/connections', { params: { path: { tenantId: owner } } }),
      );
}

/** A new one where `id` is null. */
export function saveConnection(
  owner: Owner,
  { id, wish }: { id: string | null; wish: ConnectionWish },
): Promise<Connection> {
  if (owner === null) {
    const { defaultRole: _none, ...body } = wish;
    return id === null
      ? unwrap(api.POST('/api/platform/connections', { body }))
      : unwrap(
          api.PUT('/api/platform/connections/{connectionId}', {
            params: { path: { connectionId: id } },
            body,
          }),
        );
  }
  const body = { ...wish, mappings: wish.mappings.map(({ group, role }) => ({ group, role })) };
  return id === null
    ? unwrap(
        api.POST('/api/tenants/{tenantId}/connections', {
          params: { path: { tenantId: owner } },
          body,
        }),
      )
    : unwrap(
        api.PUT('/api/tenants/{tenantId}/connections/{connectionId}', {
          params: { path: { tenantId: owner, connectionId: id } },
          body,
        }),
      );
}

export async function switchConnection(
  owner: Owner,
  { id, state }: { id: string; state: 'active' | 'off' },
): Promise<void> {
  const body = { state };
  if (owner === null)
    await unwrap(
      api.POST('/api/platform/connections/{connectionId}/state', {
        params: { path: { connectionId: id } },
        body,
      }),
    );
  else
    await unwrap(
      api.POST('/api/tenants/{tenantId}/connections/{connectionId}/state', {
        params: { path: { tenantId: owner, connectionId: id } },
        body,
      }),
    );
}

export async function removeConnection(owner: Owner, id: string): Promise<void> {
  if (owner === null)
    await unwrap(
      api.DELETE('/api/platform/connections/{connectionId}', {
        params: { path: { connectionId: id } },
      }),
    );
  else
    await unwrap(
      api.DELETE('/api/tenants/{tenantId}/connections/{connectionId}', {
        params: { path: { tenantId: owner, connectionId: id } },
      }),
    );
}

export function testConnection(owner: Owner, id: string): Promise<{ url: string }> {
  return owner === null
    ? unwrap(
        api.POST('/api/platform/connections/{connectionId}/test', {
          params: { path: { connectionId: id } },
        }),
      )
    : unwrap(
        api.POST('/api/tenants/{tenantId}/connections/{connectionId}/test', {
          params: { path: { tenantId: owner, connectionId: id } },
        }),
      );
}

/** What the description of a SAML provider says of it. */
export function readMetadata(owner: Owner, metadata: string): Promise<SamlMetadata> {
  const body = { metadata };
  return owner === null
    ? unwrap(api.POST('/api/platform/connections/saml-metadata', { body }))
    : unwrap(
        api.POST('/api/tenants/{tenantId}/connections/saml-metadata', {
          params: { path: { tenantId: owner } },
          body,
        }),
      );
}

export function dryRun(
  owner: Owner,
  { id, body }: { id: string; body: DryRunWish },
): Promise<Decision> {
  return owner === null
    ? unwrap(
        api.POST('/api/platform/connections/{connectionId}/dry-run', {
          params: { path: { connectionId: id } },
          body,
        }),
      )
    : unwrap(
        api.POST('/api/tenants/{tenantId}/connections/{connectionId}/dry-run', {
          params: { path: { tenantId: owner, connectionId: id } },
          body,
        }),
      );
}

export function examine(
  owner: Owner,
  { id, body }: { id: string; body: { email: string; password: string | null } },
): Promise<Examined> {
  return owner === null
    ? unwrap(
        api.POST('/api/platform/connections/{connectionId}/examine', {
          params: { path: { connectionId: id } },
          body,
        }),
      )
    : unwrap(
        api.POST('/api/tenants/{tenantId}/connections/{connectionId}/examine', {
          params: { path: { tenantId: owner, connectionId: id } },
          body,
        }),
      );
}

export function listDomains(owner: Owner): Promise<{ domains: EmailDomain[] }> {
  return owner === null
    ? unwrap(api.GET('/api/platform/email-domains'))
    : unwrap(
        api.GET('/api/tenants/{tenantId}/email-domains', { params: { path: { tenantId: owner } } }),
      );
}

export function claimDomain(owner: Owner, domain: string): Promise<EmailDomain> {
  return owner === null
    ? unwrap(api.POST('/api/platform/email-domains', { body: { domain } }))
    : unwrap(
        api.POST('/api/tenants/{tenantId}/email-domains', {
          params: { path: { tenantId: owner } },
          body: { domain },
        }),
      );
}

export async function changeDomain(
  owner: Owner,
  { id, verb }: { id: string; verb: 'check' | 'release' },
): Promise<void> {
  if (owner === null) {
    const params = { path: { domainId: id } };
    if (verb === 'check')
      await unwrap(api.POST('/api/platform/email-domains/{domainId}/check', { params }));
    else await unwrap(api.DELETE('/api/platform/email-domains/{domainId}', { params }));
    return;
  }
  const params = { path: { tenantId: owner, domainId: id } };
  if (verb === 'check')
    await unwrap(api.POST('/api/tenants/{tenantId}/email-domains/{domainId}/check', { params }));
  else await unwrap(api.DELETE('/api/tenants/{tenantId}/email-domains/{domainId}', { params }));
}
