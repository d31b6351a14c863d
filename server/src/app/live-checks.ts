import { accessChecks } from '../access/index.ts';
import { auditChecks } from '../audit/index.ts';
import { cryptoChecks } from '../crypto/index.ts';
import { identityChecks, type IdentityParts } from '../identity/index.ts';
import { isolationChecks } from '../isolation/index.ts';
import { knowledgeChecks } from '../knowledge/index.ts';
import type { Endpoint, LiveCheck } from '../platform/index.ts';
import { rotationChecks } from '../rotation/index.ts';
import { sealChecks } from '../tenancy/index.ts';
import { tenancyChecks } from '../tenancy/index.ts';
import { egressCheck, trustChecks } from '../trust/index.ts';
import { configurationCheck } from './configuration-check.ts';
import { monitoringCheck } from './monitoring-check.ts';
import { keyParts } from './key-parts.ts';
import { secrets } from './secrets.ts';
import { secretsCheck } from './secret-strength.ts';
import { sessionChecks } from './session-checks.ts';
import { judgeReport } from './sign-report.ts';
import { VERSION } from './version.ts';

/** What some checks examine: the parts that make sessions, and the route table of this program. */
export type CheckSubject = {
  readonly identity: IdentityParts;
  readonly allRoutes: () => readonly Endpoint[];
};

/** The live checks of every room, for room `trust`; a room adds its `…<room>Checks` here. */
export function liveChecks({ identity, allRoutes }: CheckSubject): readonly LiveCheck[] {
  return [
    ...accessChecks(allRoutes),
    ...auditChecks,
    ...cryptoChecks(keyParts),
    ...identityChecks,
    ...isolationChecks(VERSION, judgeReport),
    ...knowledgeChecks,
    ...trustChecks,
    ...tenancyChecks,
    ...rotationChecks(secrets),
    ...sealChecks,
    egressCheck(VERSION),
    monitoringCheck,
    configurationCheck,
    secretsCheck,
    // Last: their tenants are removed while nothing else looks at the catalogs.
    ...sessionChecks(identity),
  ];
}
