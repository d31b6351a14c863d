import { z } from 'zod';
import {
  empty,
  endpoint,
  json,
  platformPermission,
  tenantPermission,
  type Endpoint,
  type Guard,
  type RequestContext,
} from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { foresee } from './admit-from-directory.ts';
import { beginSignIn } from './begin-sign-in.ts';
import {
  createConnection,
  findOwn,
  listOwnConnections,
  removeOwnConnection,
  setConnectionState,
  updateOwnConnection,
  type ConnectionWish,
  type Owner,
} from './change-connections.ts';
import {
  claimView,
  connectionsView,
  connectionView,
  decisionView,
  domainView,
  dryRun,
  platformWish,
  rulesView,
  tenantWish,
} from './connection-schema.ts';
import {
  checkDomain,
  claimDomain,
  confirmDomain,
  listOpenClaims,
  listOwnDomains,
  releaseDomain,
} from './domains.ts';
import { holdBrowser } from './flows.ts';
import { letInRoutes } from './let-in-routes.ts';
import { isListedHost } from './listed-host.ts';
import { backChannelUri, redirectUri } from './own-addresses.ts';
import { placesOf } from './places-of.ts';
import type { ConnectionRow } from './repo.ts';
import { describedView, presentSaml } from './saml/present-saml.ts';
import { readMetadata } from './saml/read-metadata.ts';
import { emailDomain } from './settings.ts';
import { changeSignInRules, readSignInRules } from './sign-in-rules.ts';

const ofTenant = z.strictObject({ tenantId: z.uuid() });
const connectionId = z.uuid();
const domainId = z.uuid();
const limit = 'account';
const changing = { limit, stepUp: true } as const;
const stateWish = z.strictObject({ state: z.enum(['active', 'off']) });

/** Connections to directories, e-mail domains and the rules of sign-in: of a tenant, and of the platform. */
export function connectionRoutes(parts: IdentityParts): readonly Endpoint[] {
  const tenant = tenantPermission('sign-in.manage');
  return [
    ...ownedRoutes(parts, {
      prefix: '/api/tenants/:tenantId',
      whose: 'the tenant',
      guard: tenant,
      params: { tenantId: z.uuid() },
    }),
    ...ownedRoutes(parts, {
      prefix: '/api/platform',
      whose: 'the platform',
      guard: platformPermission('sign-in.manage'),
      params: {},
    }),
    endpoint({
      method: 'post',
      path: '/api/tenants/:tenantId/connections',
      summary: 'Draft a connection to the tenant’s directory',
      guard: tenant,
      ...changing,
      input: { params: ofTenant, body: tenantWish },
      output: json(connectionView, 201),
      audit: ['connection.create'],
      run: async (ctx, { params: { tenantId }, body }) =>
        present(ctx, await createConnection(ctx, { tenantId }, inTenant(tenantId, body))),
    }),
    endpoint({
      method: 'put',
      path: '/api/tenants/:tenantId/connections/:connectionId',
      summary: 'Change a connection of the tenant',
      guard: tenant,
      ...changing,
      input: { params: ofTenant.extend({ connectionId }), body: tenantWish },
      output: json(connectionView),
      audit: ['connection.update'],
      run: async (ctx, { params, body }) => {
        const { tenantId, connectionId: id } = params;
        const wish = { ...inTenant(tenantId, body), id };
        return present(ctx, await updateOwnConnection(ctx, { tenantId }, wish));
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/tenants/:tenantId/sign-in',
      summary: 'How the people of a tenant may sign in',
      guard: tenant,
      limit,
      input: { params: ofTenant },
      output: json(rulesView),
      audit: null,
      run: (ctx, { params: { tenantId } }) => readSignInRules(ctx, parts, tenantId),
    }),
    endpoint({
      method: 'put',
      path: '/api/tenants/:tenantId/sign-in',
      summary: 'Let people in by single sign-on alone, but for one account',
      guard: tenant,
      ...changing,
      input: {
        params: ofTenant,
        body: z.strictObject({ ssoOnly: z.boolean(), breakGlass: z.uuid().nullable() }),
      },
      output: empty,
      audit: ['sign_in.change_rules'],
      run: (ctx, { params: { tenantId }, body }) =>
        changeSignInRules(ctx, parts, { tenantId, ...body }),
    }),
    ...letInRoutes(parts),
    ...platformRoutes(),
  ];
}

function platformRoutes(): readonly Endpoint[] {
  const guard = platformPermission('sign-in.manage');
  return [
    endpoint({
      method: 'post',
      path: '/api/platform/connections',
      summary: 'Draft a connection for the whole platform',
      guard,
      ...changing,
      input: { body: platformWish },
      output: json(connectionView, 201),
      audit: ['connection.create'],
      run: async (ctx, { body }) =>
        present(ctx, await createConnection(ctx, platform, { ...body, defaultRole: null })),
    }),
    endpoint({
      method: 'put',
      path: '/api/platform/connections/:connectionId',
      summary: 'Change a connection of the platform',
      guard,
      ...changing,
      input: { params: z.strictObject({ connectionId }), body: platformWish },
      output: json(connectionView),
      audit: ['connection.update'],
      run: async (ctx, { params, body }) => {
        const wish = { ...body, defaultRole: null, id: params.connectionId };
        return present(ctx, await updateOwnConnection(ctx, platform, wish));
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/platform/email-domain-claims',
      summary: 'E-mail domains that tenants have claimed and not shown to be theirs',
      guard,
      limit,
      input: {},
      output: json(z.object({ claims: z.array(claimView) })),
      audit: null,
      run: async (ctx) => ({ claims: await listOpenClaims(ctx) }),
    }),
    endpoint({
      method: 'post',
      path: '/api/platform/email-domain-claims/:domainId/confirm',
      summary: 'Confirm that a domain is the tenant’s, where there is no DNS to show it',
      guard,
      ...changing,
      input: {
        params: z.strictObject({ domainId }),
        body: z.strictObject({ tenantId: z.uuid(), domain: emailDomain }),
      },
      output: empty,
      audit: ['email_domain.prove'],
      run: (ctx, { params, body }) => confirmDomain(ctx, { id: params.domainId, ...body }),
    }),
  ];
}

const platform: Owner = { tenantId: null };

type Owned = {
  prefix: '/api/tenants/:tenantId' | '/api/platform';
  whose: string;
  guard: Guard;
  params: { tenantId?: z.ZodUUID };
};

/** What a tenant and the platform have alike. */
function ownedRoutes(
  parts: IdentityParts,
  { prefix, whose, guard, params: of }: Owned,
): readonly Endpoint[] {
  const ofOwner = z.strictObject(of);
  const ofConnection = z.strictObject({ ...of, connectionId });
  const ofDomain = z.strictObject({ ...of, domainId });
  const ownerOf = ({ tenantId }: { tenantId?: unknown }): Owner => ({
    tenantId: typeof tenantId === 'string' ? tenantId : null,
  });
  return [
    endpoint({
      method: 'get',
      path: `${prefix}/connections`,
      summary: `The connections of ${whose} to directories`,
      guard,
      limit,
      input: { params: ofOwner },
      output: json(connectionsView),
      audit: null,
      run: async (ctx, { params }) => {
        const { config } = ctx.platform;
        const rows = await listOwnConnections(ctx, ownerOf(params));
        return {
          connections: rows.map((row) => present(ctx, row)),
          redirectUri: redirectUri(config),
          backChannelUri: backChannelUri(config),
        };
      },
    }),
    endpoint({
      method: 'post',
      path: `${prefix}/connections/:connectionId/state`,
      summary: `Switch a connection of ${whose} on or off`,
      guard,
      ...changing,
      input: { params: ofConnection, body: stateWish },
      output: empty,
      audit: ['connection.activate', 'connection.stop'],
      run: (ctx, { params, body }) =>
        setConnectionState(ctx, parts, {
          ...{ owner: ownerOf(params), id: params.connectionId },
          ...body,
        }),
    }),
    endpoint({
      method: 'delete',
      path: `${prefix}/connections/:connectionId`,
      summary: `Remove a connection of ${whose}, with the links of the accounts that came by it`,
      guard,
      ...changing,
      input: { params: ofConnection },
      output: empty,
      audit: ['connection.remove'],
      run: (ctx, { params }) =>
        removeOwnConnection(ctx, parts, { owner: ownerOf(params), id: params.connectionId }),
    }),
    endpoint({
      method: 'post',
      path: `${prefix}/connections/:connectionId/dry-run`,
      summary: 'What somebody would get by this connection, and why; changes nothing',
      guard,
      limit,
      input: { params: ofConnection, body: dryRun },
      output: json(decisionView),
      audit: null,
      run: async (ctx, { params, body: person }) => {
        const connection = await ctx.inControl((tx) =>
          findOwn(tx, ownerOf(params), params.connectionId),
        );
        return foresee(ctx, parts, { connection, person });
      },
    }),
    endpoint({
      method: 'post',
      path: `${prefix}/connections/:connectionId/test`,
      summary: 'Begin a sign-in that changes nothing and shows what the directory says',
      guard,
      limit,
      input: { params: ofConnection },
      output: json(z.object({ url: z.string() }), 201),
      audit: null,
      run: (ctx, { params }, { request, response }) =>
        beginSignIn(ctx, {
          connectionId: params.connectionId,
          browser: holdBrowser(request, response),
          purpose: 'test',
          owner: ownerOf(params),
        }),
    }),
    endpoint({
      method: 'post',
      path: `${prefix}/connections/saml-metadata`,
      summary:
        'Read what the description of a SAML provider says of it; changes and fetches nothing',
      guard,
      limit,
      input: {
        params: ofOwner,
        body: z.strictObject({ metadata: z.string().min(1).max(200_000) }),
      },
      output: json(describedView),
      audit: null,
      run: (_ctx, { body }) => Promise.resolve(readMetadata(body.metadata)),
    }),
    endpoint({
      method: 'get',
      path: `${prefix}/email-domains`,
      summary: `The e-mail domains of ${whose}`,
      guard,
      limit,
      input: { params: ofOwner },
      output: json(z.object({ domains: z.array(domainView) })),
      audit: null,
      run: async (ctx, { params }) => ({ domains: await listOwnDomains(ctx, ownerOf(params)) }),
    }),
    endpoint({
      method: 'post',
      path: `${prefix}/email-domains`,
      summary: `Claim an e-mail domain for ${whose}`,
      guard,
      ...changing,
      input: { params: ofOwner, body: z.strictObject({ domain: emailDomain }) },
      output: json(domainView, 201),
      audit: ['email_domain.claim', 'email_domain.prove'],
      run: (ctx, { params, body }) => claimDomain(ctx, ownerOf(params), body.domain),
    }),
    endpoint({
      method: 'post',
      path: `${prefix}/email-domains/:domainId/check`,
      summary: 'Look in the DNS for the record that shows whose the domain is',
      guard,
      limit,
      input: { params: ofDomain },
      output: json(domainView),
      audit: ['email_domain.prove'],
      run: (ctx, { params }) => checkDomain(ctx, ownerOf(params), params.domainId),
    }),
    endpoint({
      method: 'delete',
      path: `${prefix}/email-domains/:domainId`,
      summary: 'Release an e-mail domain: nobody new comes in by its addresses',
      guard,
      ...changing,
      input: { params: ofDomain },
      output: empty,
      audit: ['email_domain.release'],
      run: (ctx, { params }) => releaseDomain(ctx, ownerOf(params), params.domainId),
    }),
  ];
}

function inTenant(tenantId: string, body: z.output<typeof tenantWish>): ConnectionWish {
  return { ...body, mappings: body.mappings.map((one) => ({ ...one, tenantId })) };
}

function present(
  { platform: { config } }: RequestContext,
  row: ConnectionRow & { sound?: boolean },
): z.input<typeof connectionView> {
  const unlisted = placesOf(row).filter((place) => !isListedHost(config, place));
  return {
    ...row,
    sound: row.sound ?? true,
    saml: presentSaml(config, row),
    unlisted: unlisted.map(({ host, port }) => `${host}:${port}`),
  };
}
