import type { ControlTx } from '../../platform/index.ts';
import {
  externalIndex,
  nameIndex,
  openPerson,
  sealPerson,
  type DirectoryKeys,
  type PersonFacts,
  type SealedPerson,
} from './directory-people.ts';

/** Which account a person of the directory stands for, and what the directory may do to it. */
export type DirectoryFacts = {
  readonly id: string;
  readonly tenantId: string;
  readonly accountId: string | null;
  readonly owned: boolean;
  readonly ended: 'account' | 'membership' | null;
};

export type DirectoryUser = DirectoryFacts & PersonFacts & { active: boolean };
export type DirectoryRow = DirectoryUser & {
  seal: Buffer;
  createdAt: Date;
  updatedAt: Date;
  version: number;
};

/** As the database has it: `person` is ciphertext, and null of a row that a version before wrote in clear. */
type StoredRow = Omit<DirectoryRow, keyof PersonFacts> & { person: string | null } & {
  former: PersonFacts | null;
};

const LINK = `directory.id, directory.tenant_id as "tenantId", directory.account_id as "accountId",
  directory.owned, directory.ended, directory.active, directory.seal,
  directory.created_at as "createdAt", directory.updated_at as "updatedAt",
  directory.version::float8 as version`;
const FORMER = `case when directory.user_name <> directory.id::text then jsonb_build_object(
  'userName', directory.user_name, 'externalId', directory.external_id,
  'attributes', directory.attributes) end`;
const USER = `${LINK}, directory.person, ${FORMER} as former`;

function openRow(
  keys: DirectoryKeys,
  { person, former, ...row }: StoredRow,
): DirectoryRow | undefined {
  const facts = former ?? (person === null ? undefined : openPerson(keys, { id: row.id, person }));
  return facts && { ...row, ...facts };
}

type Chosen = { tenantId: string; userName?: string | null; externalId?: string | null };

/** In the order in which they came; by a name or a directory's id where one is asked for. */
export async function listUserRows(
  tx: ControlTx,
  keys: DirectoryKeys,
  { tenantId, userName = null, externalId = null }: Chosen,
): Promise<DirectoryRow[]> {
  const rows = await tx.query<StoredRow>(
    `select ${USER} from control.directory_users directory
     where directory.tenant_id = $1 and directory.deleted_at is null
       and ($2::text is null or directory.name_index = $4 or lower(directory.user_name) = lower($2))
       and ($3::text is null or directory.external_index = $5 or directory.external_id = $3)
     order by directory.created_at, directory.id limit 50001`,
    [
      ...[tenantId, userName, externalId],
      userName === null ? null : nameIndex(keys, { tenantId, userName }),
      externalId === null ? null : externalIndex(keys, { tenantId, externalId }),
    ],
  );
  return rows.flatMap((row) => openRow(keys, row) ?? []);
}

export type LinkRow = DirectoryFacts & { seal: Buffer };

/** Whose accounts they are, without who they are. */
export function listLinkRows(tx: ControlTx, tenantId: string): Promise<LinkRow[]> {
  return tx.query<LinkRow>(
    `select ${LINK} from control.directory_users directory
     where directory.tenant_id = $1 and directory.deleted_at is null
     order by directory.created_at, directory.id limit 50001`,
    [tenantId],
  );
}

/** Locked for whoever changes it. */
export async function lockUserRow(
  tx: ControlTx,
  keys: DirectoryKeys,
  { tenantId, id }: { tenantId: string; id: string },
): Promise<DirectoryRow | undefined> {
  const rows = await tx.query<StoredRow>(
    `select ${USER} from control.directory_users directory
     where directory.tenant_id = $1 and directory.id = $2 and directory.deleted_at is null
     for update`,
    [tenantId, id],
  );
  return rows[0] && openRow(keys, rows[0]);
}

/** Of all directories that name an account, or did; locked. */
export function lockRowsOf(tx: ControlTx, accountId: string): Promise<LinkRow[]> {
  return tx.query<LinkRow>(
    `select ${LINK} from control.directory_users directory
     where directory.account_id = $1 order by directory.id for update`,
    [accountId],
  );
}

export async function updateStanding(
  tx: ControlTx,
  one: Pick<DirectoryFacts, 'id' | 'owned' | 'ended'> & Sealed,
): Promise<void> {
  await tx.execute(
    'update control.directory_users set owned = $2, ended = $3, seal = $4 where id = $1',
    [one.id, one.owned, one.ended, one.seal],
  );
}

/** What the directory of this tenant had of an account before it let the person go. */
export async function findDeleted(
  tx: ControlTx,
  { tenantId, accountId }: { tenantId: string; accountId: string },
): Promise<LinkRow | undefined> {
  const rows = await tx.query<LinkRow>(
    `select ${LINK} from control.directory_users directory
     where directory.tenant_id = $1 and directory.account_id = $2
       and directory.deleted_at is not null
     order by directory.deleted_at desc limit 1`,
    [tenantId, accountId],
  );
  return rows[0];
}

export async function isLinked(
  tx: ControlTx,
  { tenantId, accountId }: { tenantId: string; accountId: string },
): Promise<boolean> {
  const rows = await tx.query(
    `select from control.directory_users directory
     where directory.tenant_id = $1 and directory.account_id = $2 and directory.deleted_at is null`,
    [tenantId, accountId],
  );
  return rows.length > 0;
}

type Sealed = { readonly seal: Buffer };

/** False when the name is taken. */
export async function insertUser(
  tx: ControlTx,
  keys: DirectoryKeys,
  one: DirectoryUser & Sealed,
): Promise<boolean> {
  const count = await tx.execute(
    `insert into control.directory_users
       (id, tenant_id, account_id, user_name, attributes, person, name_index, external_index,
        active, owned, ended, seal)
     values ($1, $2, $3, $1::uuid::text, '{}', $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
    valuesOf(keys, one),
  );
  return count === 1;
}

/** False when another has the name. */
export async function updateUser(
  tx: ControlTx,
  keys: DirectoryKeys,
  one: DirectoryUser & Sealed,
): Promise<boolean> {
  const count = await tx.execute(
    `update control.directory_users directory
     set account_id = $3, user_name = id::text, external_id = null, attributes = '{}', person = $4,
       name_index = $5, external_index = $6, active = $7, owned = $8, ended = $9, seal = $10, updated_at = now(), version = version + 1
     where directory.id = $1 and not exists (
       select from control.directory_users other
       where other.tenant_id = $2 and other.id <> $1 and other.deleted_at is null
         and (other.name_index = $5 or lower(other.user_name) = lower($11) or other.account_id = $3))`,
    [...valuesOf(keys, one), one.userName],
  );
  return count === 1;
}

function valuesOf(keys: DirectoryKeys, one: DirectoryUser & Sealed): unknown[] {
  const { person, nameIndex: name, externalIndex: external } = sealPerson(keys, one);
  return [
    ...[one.id, one.tenantId, one.accountId, person, name, external],
    ...[one.active, one.owned, one.ended, one.seal],
  ];
}

type InClear = PersonFacts & { id: string; tenantId: string };

/** Held for whoever encrypts them. */
export function listInClear(tx: ControlTx, limit: number): Promise<InClear[]> {
  return tx.query<InClear>(
    `select directory.id, directory.tenant_id as "tenantId", directory.user_name as "userName",
       directory.external_id as "externalId", directory.attributes
     from control.directory_users directory where directory.user_name <> directory.id::text
     order by directory.id limit $1 for update skip locked`,
    [limit],
  );
}

export async function encryptRow(
  tx: ControlTx,
  { id, person, ...index }: SealedPerson & { id: string },
): Promise<void> {
  await tx.execute(
    `update control.directory_users set user_name = id::text, external_id = null,
       attributes = '{}', person = $2, name_index = $3, external_index = $4 where id = $1`,
    [id, person, index.nameIndex, index.externalIndex],
  );
}

/** What names the person goes; whose account it was stays. */
export async function markDeleted(tx: ControlTx, id: string): Promise<void> {
  await tx.execute(
    `update control.directory_users set deleted_at = now(), user_name = id::text,
       external_id = null, attributes = '{}', person = null, name_index = null, external_index = null
     where id = $1`,
    [id],
  );
}

/** The role that a tenant's other tenants give the account; none: it is of this tenant alone. */
export async function countOtherTenants(
  tx: ControlTx,
  { tenantId, accountId }: { tenantId: string; accountId: string },
): Promise<number> {
  const rows = await tx.query<{ count: string }>(
    `select (select count(*) from control.memberships membership
             where membership.account_id = $2 and membership.tenant_id <> $1)
          + (select count(*) from control.invitations invitation
             where invitation.account_id = $2 and invitation.tenant_id is distinct from $1
               and invitation.accepted_at is null and invitation.withdrawn_at is null) as count`,
    [tenantId, accountId],
  );
  return Number(rows[0]?.count ?? 0);
}

/** The membership alone goes: which groups of its directory a person is in stays for their return. */
export async function endMembership(
  tx: ControlTx,
  { tenantId, accountId }: { tenantId: string; accountId: string },
): Promise<void> {
  await tx.execute('delete from control.memberships where account_id = $1 and tenant_id = $2', [
    accountId,
    tenantId,
  ]);
}

export type ArrivalRow = {
  /** Empty where it does not open. */
  userName: string;
  active: boolean;
  state: string | null;
  member: boolean;
  updatedAt: Date;
};

/** What came last, with what became of it. */
export async function listArrivals(
  tx: ControlTx,
  keys: DirectoryKeys,
  tenantId: string,
): Promise<ArrivalRow[]> {
  const rows = await tx.query<Omit<ArrivalRow, 'userName'> & StoredRow>(
    `select directory.id, directory.person, ${FORMER} as former, directory.active, account.state,
       directory.updated_at as "updatedAt",
       exists (select from control.memberships membership
               where membership.account_id = directory.account_id
                 and membership.tenant_id = directory.tenant_id) as member
     from control.directory_users directory
     left join control.accounts account on account.id = directory.account_id
     where directory.tenant_id = $1 and directory.deleted_at is null
     order by directory.updated_at desc, directory.id limit 20`,
    [tenantId],
  );
  return rows.map((row) => ({ ...row, userName: openRow(keys, row)?.userName ?? '' }));
}

export async function countDirectory(
  tx: ControlTx,
  tenantId: string,
): Promise<{ users: number; active: number; groups: number }> {
  const rows = await tx.query<{ users: number; active: number; groups: number }>(
    `select count(*)::int as users, (count(*) filter (where directory.active))::int as active,
       (select count(*)::int from control.groups
        where groups.tenant_id = $1 and groups.source = 'scim') as groups
     from control.directory_users directory
     where directory.tenant_id = $1 and directory.deleted_at is null`,
    [tenantId],
  );
  return rows[0] ?? { users: 0, active: 0, groups: 0 };
}
