import { z } from 'zod';
import {
  endpoint,
  tenantPermission,
  written,
  type Endpoint,
  type Io,
  type RequestContext,
} from '../../platform/index.ts';
import type { IdentityParts } from '../parts.ts';
import { readBody, send, sendResource } from './answer.ts';
import { changeUser, createUser, deleteUser, getUser } from './change-users.ts';
import { openDirectory } from './directory-people.ts';
import { groupsByAccount, inputOf, listUsers } from './list-resources.ts';
import { applyPatch, readPatch } from './patch.ts';
import { presentUser } from './present.ts';
import { listQuery, oneQuery } from './query-resources.ts';
import type { DirectoryRow } from './repo.ts';
import { readUser, USER_SHAPE, type UserInput } from './user-schema.ts';

const ofTenant = z.strictObject({ tenantId: z.uuid() });
const ofUser = z.strictObject({ tenantId: z.uuid(), directoryUserId: z.uuid() });
const guard = tenantPermission('directory.provision');
const limit = 'account';
const output = written('application/scim+json', 'A user (RFC 7643, 4.1)');
type Choice = z.output<typeof oneQuery>;
type Of = z.output<typeof ofUser>;

/** SCIM: /Users. */
export function userRoutes(parts: IdentityParts): readonly Endpoint[] {
  const change = async (
    { ctx, of, io, query }: Changing,
    to: (row: DirectoryRow) => UserInput,
  ): Promise<void> => {
    const ifMatch = io.request.headers['if-match'] ?? null;
    const { tenantId, directoryUserId: id } = of;
    const row = await changeUser(ctx, { parts, tenantId, id, ifMatch, to });
    await answer({ ctx, io, query }, row);
  };
  return [
    endpoint({
      method: 'get',
      path: '/scim/v2/:tenantId/Users',
      summary: 'SCIM: the people of the directory',
      guard,
      limit,
      input: { params: ofTenant, query: listQuery },
      output,
      audit: null,
      run: async (ctx, { params: { tenantId }, query }, io) =>
        send(io, { body: await listUsers(ctx, tenantId, query) }),
    }),
    endpoint({
      method: 'post',
      path: '/scim/v2/:tenantId/Users',
      summary: 'SCIM: a person comes; whoever is not in the tenant is invited',
      guard,
      limit,
      stepUp: true,
      input: { params: ofTenant, query: oneQuery },
      body: 'raw',
      output,
      audit: ['directory_user.create', 'invitation.create'],
      run: async (ctx, { params: { tenantId }, query }, io) => {
        const sent = readUser(await readBody(io));
        const row = await createUser(ctx, parts, { tenantId, sent });
        await answer({ ctx, io, query }, row, 201);
      },
    }),
    endpoint({
      method: 'get',
      path: '/scim/v2/:tenantId/Users/:directoryUserId',
      summary: 'SCIM: a person of the directory',
      guard,
      limit,
      input: { params: ofUser, query: oneQuery },
      output,
      audit: null,
      run: async (ctx, { params: { tenantId, directoryUserId: id }, query }, io) => {
        const keys = await openDirectory(ctx);
        const row = await ctx.inControl((tx) => getUser(tx, ctx, { tenantId, id, keys }));
        await answer({ ctx, io, query }, row);
      },
    }),
    endpoint({
      method: 'put',
      path: '/scim/v2/:tenantId/Users/:directoryUserId',
      summary: 'SCIM: a person as the directory has them now',
      guard,
      limit,
      stepUp: true,
      input: { params: ofUser, query: oneQuery },
      body: 'raw',
      output,
      audit: ['directory_user.update', 'membership.remove', 'account.deactivate'],
      run: async (ctx, { params: of, query }, io) => {
        const sent = readUser(await readBody(io));
        await change({ ctx, of, io, query }, () => sent);
      },
    }),
    endpoint({
      method: 'patch',
      path: '/scim/v2/:tenantId/Users/:directoryUserId',
      summary: 'SCIM: some of what the directory has of a person',
      guard,
      limit,
      stepUp: true,
      input: { params: ofUser, query: oneQuery },
      body: 'raw',
      output,
      audit: ['directory_user.update', 'membership.remove', 'account.deactivate'],
      run: async (ctx, { params: of, query }, io) => {
        const operations = readPatch(await readBody(io));
        await change({ ctx, of, io, query }, (row) => {
          const { attributes, ...plain } = inputOf(row);
          return readUser(applyPatch({ ...plain, ...attributes }, operations, USER_SHAPE));
        });
      },
    }),
    endpoint({
      method: 'delete',
      path: '/scim/v2/:tenantId/Users/:directoryUserId',
      summary: 'SCIM: a person is gone; what the directory gave ends at once',
      guard,
      limit,
      stepUp: true,
      input: { params: ofUser },
      output,
      audit: ['directory_user.remove', 'membership.remove', 'account.deactivate'],
      run: async (ctx, { params: { tenantId, directoryUserId: id } }, io) => {
        const ifMatch = io.request.headers['if-match'] ?? null;
        await deleteUser(ctx, { parts, tenantId, id, ifMatch });
        send(io, { status: 204 });
      },
    }),
  ];
}

type Asked = { ctx: RequestContext; io: Io; query: Choice };
type Changing = Asked & { of: Of };

async function answer(
  { ctx, io, query }: Asked,
  row: DirectoryRow,
  status: 200 | 201 = 200,
): Promise<void> {
  const groups = await ctx.inControl((tx) => groupsByAccount(tx, ctx, row.tenantId));
  const body = presentUser(ctx, row, groups.get(row.accountId ?? '') ?? []);
  sendResource(io, { body, version: row.version, query, status });
}
