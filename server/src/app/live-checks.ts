import { auditChecks } from '../audit/index.ts';
import { cryptoChecks } from '../crypto/index.ts';
import { identityChecks, type IdentityParts } from '../identity/index.ts';
import { isolationChecks } from '../isolation/index.ts';
import { knowledgeChecks } from '../knowledge/index.ts';
import type { LiveCheck } from '../platform/index.ts';
import { rotationChecks } from '../rotation/index.ts';
import { tenancyChecks } from '../tenancy/index.ts';
import { trustChecks } from '../trust/index.ts';
import { configurationCheck } from './configuration-check.ts';
import { keyParts } from './key-parts.ts';
import { secretsCheck } from './secret-strength.ts';
import { secrets } from './secrets.ts';
import { sessionChecks } from './session-checks.ts';
import { VERSION } from './version.ts';

/** The live checks of every room, for room `trust`; a room adds its `…<room>Checks` here. */
export function liveChecks(identity: IdentityParts): readonly LiveCheck[] {
  return [
    ...auditChecks,
    ...cryptoChecks(keyParts),
    ...identityChecks,
    ...isolationChecks(VERSION),
    ...knowledgeChecks,
    ...trustChecks,
    ...sessionChecks(identity),
    ...tenancyChecks,
    ...rotationChecks(secrets),
    configurationCheck,
    secretsCheck,
  ];
}
