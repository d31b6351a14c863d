import { z } from 'zod';
import {
  AppError,
  endpoint,
  tenantPermission,
  written,
  type Endpoint,
} from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { send } from './answer.ts';
import { resourceTypes, schemas, serviceProviderConfig } from './discovery.ts';
import { groupRoutes } from './group-routes.ts';
import type { Json } from './match-filter.ts';
import { baseUrl } from './present.ts';
import { userRoutes } from './user-routes.ts';

const ofTenant = z.strictObject({ tenantId: z.uuid() });
const ofName = z.strictObject({ tenantId: z.uuid(), name: z.string().max(200) });
const guard = tenantPermission('directory.provision');
const limit = 'account';
const output = written('application/scim+json', 'RFC 7643 and RFC 7644');

/** SCIM 2.0: a tenant's directory says who its people and groups are. */
export function scimRoutes(parts: IdentityParts): readonly Endpoint[] {
  return [...discoveryRoutes(), ...userRoutes(parts), ...groupRoutes(parts)];
}

function discoveryRoutes(): readonly Endpoint[] {
  const list = (
    kind: 'Schemas' | 'ResourceTypes',
    all: (base: string) => Json[],
  ): readonly Endpoint[] => [
    endpoint({
      method: 'get',
      path: `/scim/v2/:tenantId/${kind}`,
      summary: `SCIM: ${kind} (RFC 7644, 4)`,
      guard,
      limit,
      input: { params: ofTenant },
      output,
      audit: null,
      run: (ctx, { params }, io) => {
        const Resources = all(baseUrl(ctx, params.tenantId));
        const count = Resources.length;
        send(io, {
          body: {
            schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
            ...{ totalResults: count, startIndex: 1, itemsPerPage: count, Resources },
          },
        });
        return Promise.resolve();
      },
    }),
    endpoint({
      method: 'get',
      path: `/scim/v2/:tenantId/${kind}/:name`,
      summary: `SCIM: one of ${kind}`,
      guard,
      limit,
      input: { params: ofName },
      output,
      audit: null,
      run: (ctx, { params: { tenantId, name } }, io) => {
        const found = all(baseUrl(ctx, tenantId)).find(({ id }) => id === name);
        if (!found) throw new AppError('not_found', `There is no ${name}`);
        send(io, { body: found });
        return Promise.resolve();
      },
    }),
  ];
  return [
    endpoint({
      method: 'get',
      path: '/scim/v2/:tenantId/ServiceProviderConfig',
      summary: 'SCIM: what this server can do',
      guard,
      limit,
      input: { params: ofTenant },
      output,
      audit: null,
      run: (ctx, { params }, io) => {
        send(io, { body: serviceProviderConfig(baseUrl(ctx, params.tenantId)) });
        return Promise.resolve();
      },
    }),
    ...list('ResourceTypes', resourceTypes),
    ...list('Schemas', schemas),
  ];
}
