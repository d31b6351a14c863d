import { accessRoutes } from '../access/index.ts';
import type { Chat } from '../chat/index.ts';
import { keyRoutes, platformColumns } from '../crypto/index.ts';
import {
  apiKeyRoutes,
  findNames,
  findPerson,
  accountRoutes,
  connectionRoutes,
  identityRoutes,
  isMember,
  joinTenant,
  linkRoutes,
  singleSignOnRoutes,
  ownRoutes,
  groupRoutes,
  standingRoutes,
  reviewRoutes,
  visitRoutes,
  scimRoutes,
  scimSetUpRoutes,
  teamRoutes,
  type IdentityParts,
} from '../identity/index.ts';
import { isolationRoutes, type StartTest } from '../isolation/index.ts';
import { knowledgeJobs, knowledgeRoutes, readInChild } from '../knowledge/index.ts';
import { AppError, type Endpoint, type TenantJob } from '../platform/index.ts';
import { observabilityRoutes, type Watch } from '../observability/index.ts';
import { rotationRoutes } from '../rotation/index.ts';
import { deletionRoutes, sealRoutes, tenancyRoutes } from '../tenancy/index.ts';
import { trustRoutes } from '../trust/index.ts';
import { builtProgram } from './child-program.ts';
import { encryptedColumns } from './encrypted-columns.ts';
import { keyParts } from './key-parts.ts';
import { limitRoutes } from './limits/limit-routes.ts';
import { secrets } from './secrets.ts';
import { judgeReport, signDeletion } from './sign-report.ts';
import { systemRoutes } from './system-routes.ts';
import { trustParts } from './trust-parts.ts';

/** Every kind of work that tenants can have in the queue. */
export const jobHandlers: Readonly<Record<string, TenantJob>> = {
  ...knowledgeJobs(readInChild(builtProgram('parse-child'))),
};

/** The rooms whose routes need parts of the process. */
export type Rooms = {
  readonly identity: IdentityParts;
  readonly chat: Chat;
  /** The running server's own; a table that is only described starts nothing. */
  readonly startIsolation?: StartTest;
  /** Of the running server; nobody watches where the table is only described. */
  readonly watch?: () => Shown | null;
};

type Shown = Pick<Watch, 'latest' | 'minutes'> & { readonly mailed: boolean };

/** The whole route table: the router, the API description and the isolation tests come from it. */
export function routeTable({
  identity,
  chat,
  startIsolation = notHere,
  watch = () => null,
}: Rooms): readonly Endpoint[] {
  const routes: Endpoint[] = [];
  routes.push(
    ...systemRoutes({ identity, allRoutes: () => routes }),
    ...accessRoutes(() => routes),
    ...identityRoutes(identity),
    ...apiKeyRoutes(identity),
    ...linkRoutes(identity),
    ...ownRoutes(identity),
    ...teamRoutes(identity),
    ...groupRoutes(identity),
    ...standingRoutes(identity),
    ...reviewRoutes(identity),
    ...visitRoutes(),
    ...scimRoutes(identity),
    ...scimSetUpRoutes(identity),
    ...accountRoutes(identity),
    ...connectionRoutes(identity),
    ...singleSignOnRoutes(identity),
    ...tenancyRoutes({
      join: (ctx, membership) => joinTenant(ctx, identity, membership),
      sees: (ctx, tenantId) => isMember(ctx, identity, tenantId),
      find: (ctx, email) => findPerson(ctx, identity, { email }),
    }),
    ...deletionRoutes(signDeletion),
    ...keyRoutes(keyParts, [...encryptedColumns, ...platformColumns]),
    ...sealRoutes((ctx, accountId) => findPerson(ctx, identity, { accountId })),
    ...knowledgeRoutes({ names: findNames }),
    ...chat.routes,
    ...limitRoutes(),
    ...isolationRoutes(startIsolation, judgeReport),
    ...rotationRoutes(secrets),
    ...observabilityRoutes(watch),
    ...trustRoutes(({ platform }) =>
      trustParts(platform.config, { identity, allRoutes: () => routes }),
    ),
  );
  return routes;
}

const notHere: StartTest = () =>
  Promise.reject(new AppError('unavailable', 'Only the running server tests itself'));
