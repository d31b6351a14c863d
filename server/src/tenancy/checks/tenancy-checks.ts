import { setTimeout as pause } from 'node:timers/promises';
import {
  tenantName,
  type ControlTx,
  type LiveCheck,
  type LiveFinding,
} from '../../platform/index.ts';
import { listUnsafeTables } from '../seal-tenant-schema.ts';
import {
  countSchemas,
  listMisplaced,
  listOddNames,
  listRoleFaults,
  type Fault,
} from './catalog.ts';

/**
 * Columns of the control schema that stand beside a tenant's id and hold free text, each for a reason
 * that is not the tenant's content: names that the platform gave, codes, hashes, keys that are wrapped.
 */
const METADATA: readonly string[] = [
  'tenants.name',
  'tenants.error',
  'tenants.proof_hash',
  'jobs.kind',
  'jobs.error',
  'audit_events.action',
  'audit_events.before',
  'audit_events.after',
  'audit_events.resource_type',
  'audit_events.resource_id',
  'audit_events.user_agent',
  'audit_events.request_id',
  'migration_failures.error',
  'key_rotations.error',
  'deletion_ledger.hash',
  // An HMAC of 32 bytes, which a constraint says.
  'memberships.seal',
  'memberships.own_seal',
  // Of a group: its name and what a directory calls it, and HMACs.
  'groups.name',
  'groups.external_id',
  'groups.seal',
  'group_members.seal',
  // Of a visit why somebody of the platform asks, which the tenant reads, and HMACs.
  'visits.reason',
  'visits.seal',
  'visit_rules.seal',
  // Of a review of access: what its reviewer noted, a digest and an HMAC.
  'access_reviews.note',
  'access_reviews.digest',
  'access_reviews.seal',
  // Ids of custom roles; of these the name an administrator gave, names of permissions, an HMAC; of features
  // numbers under an HMAC.
  'memberships.custom_roles',
  'memberships.own_custom_roles',
  'groups.custom_roles',
  'custom_roles.name',
  'custom_roles.permissions',
  'custom_roles.seal',
  'feature_levels.minimum',
  'feature_levels.seal',
  'factor_rules.seal',
  // What a tenant's directory calls a person, by which it finds them again, and an HMAC.
  'directory_users.user_name',
  'directory_users.external_id',
  'directory_users.attributes',
  'directory_users.person',
  'directory_users.name_index',
  'directory_users.external_index',
  'directory_users.seal',
  // Of an API key: the name its owner gave it, its HMAC, what its seal binds.
  'api_keys.name',
  'api_keys.hash',
  'api_keys.hint',
  'api_keys.scopes',
  'api_keys.addresses',
  'api_keys.seal',
  // Of a mail the name of its text, and what became of it; of an invitation the one role there is, and an HMAC.
  'mails.template',
  'invitations.platform_role',
  'invitations.seal',
  // Of a connection to a directory: what its administrator set, without the secret; of a domain its name
  // and what the DNS must say of it.
  'connections.kind',
  'connections.name',
  'connections.state',
  'connections.settings',
  'connections.domains',
  'connections.mappings',
  'connections.default_role',
  'connections.seal',
  'email_domains.domain',
  'email_domains.challenge',
  'email_domains.proven_by',
  'email_domains.seal',
  'sign_in_rules.seal',
  'connection_consents.terms',
  'connection_consents.seal',
  'seal_ceremonies.public_key',
  'seal_ceremonies.sealed_shares',
];

const AGAIN_MS = 500;

const HOSTILE = [
  '',
  'public',
  'control',
  'tenant_x',
  '"; drop schema control cascade; --',
  "00000000-0000-0000-0000-000000000000'",
  '00000000-0000-0000-0000-00000000000G',
  '00000000-0000-0000-0000-000000000000"',
  '00000000-0000-0000-0000-00000000000A',
  '00000000000000000000000000000000',
];

/** The live checks of this room: catalogs of all tenants, looked at by the server's own role. */
export const tenancyChecks: readonly LiveCheck[] = [
  {
    control: 'ISO-01',
    examines:
      'The catalogs: one schema for each tenant, no table of theirs elsewhere, no foreign key that leaves, no column of the control schema that could hold their content.',
    run: (ctx) => ctx.inControl((tx) => judge(tx, (own) => listMisplaced(own, METADATA))),
  },
  {
    control: 'ISO-02',
    examines:
      'The catalogs: rights, memberships and owners of every tenant role, schema and table, and of the login roles.',
    run: (ctx) => ctx.inControl((tx) => judge(tx, listRoleFaults)),
  },
  {
    control: 'ISO-03',
    examines:
      'The catalogs: tenant id, constraint, forced row security and policy of every table of every tenant; the account too where a row is one person’s.',
    run: (ctx) => ctx.inControl((tx) => judge(tx, listUnsafeTables)),
  },
  {
    control: 'ISO-08',
    examines:
      'Names of schemas and roles against the allowlist; hostile ids against the one function that makes such a name.',
    run: (ctx) =>
      ctx.inControl((tx) =>
        judge(tx, async (own) => [...(await listOddNames(own)), ...acceptedNames()]),
      ),
  },
];

async function judge(
  tx: ControlTx,
  look: (tx: ControlTx) => Promise<readonly Fault[]>,
): Promise<LiveFinding> {
  const [faults, schemas] = [await confirmed(() => look(tx)), await countSchemas(tx)];
  // Nothing to look at proves nothing; the register then shows the control as missing.
  if (faults.length === 0 && schemas === 0)
    return { status: 'not_applicable', evidence: 'there is no tenant yet' };
  if (faults.length === 0)
    return { status: 'pass', evidence: `${schemas} tenants’ schemas, no fault` };
  const told = faults.slice(0, 5).map(nameOf);
  return { status: 'fail', evidence: told.join('; ') };
}

/**
 * What is found twice. A catalog is read in several glances even by one statement, and tenants come
 * and go meanwhile: one that is half there is found once.
 */
async function confirmed(look: () => Promise<readonly Fault[]>): Promise<readonly Fault[]> {
  const first = await look();
  if (first.length === 0) return first;
  await pause(AGAIN_MS);
  const known = new Set(first.map(nameOf));
  return (await look()).filter((fault) => known.has(nameOf(fault)));
}

function nameOf({ what, why }: Fault): string {
  return `${what}: ${why}`;
}

function acceptedNames(): Fault[] {
  return HOSTILE.filter((id) => {
    try {
      tenantName(id);
      return true;
    } catch {
      return false;
    }
  }).map((id) => ({ what: JSON.stringify(id), why: 'became a schema name' }));
}
