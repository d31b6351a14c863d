import type { FieldEncryptor, RequestContext, TokenPepper } from '../../platform/index.ts';
import type { UserAttributes } from './user-schema.ts';

/** What a directory says of a person: ciphertext in the database, bound to its row. */
export type PersonFacts = {
  userName: string;
  externalId: string | null;
  attributes: UserAttributes;
};

/** Opened before a transaction begins: in it no key is asked for. */
export type DirectoryKeys = {
  readonly fields: FieldEncryptor;
  readonly pepper: TokenPepper;
};

export async function openDirectory(ctx: RequestContext): Promise<DirectoryKeys> {
  return { fields: await ctx.openPlatformFields(), pepper: ctx.platform.pepper };
}

/** As the columns have it. */
export type SealedPerson = {
  person: string;
  nameIndex: Buffer;
  externalIndex: Buffer | null;
};

export function sealPerson(
  keys: DirectoryKeys,
  {
    id,
    tenantId,
    userName,
    externalId,
    attributes,
  }: PersonFacts & { id: string; tenantId: string },
): SealedPerson {
  return {
    person: keys.fields.encrypt(placeOf(id), JSON.stringify({ userName, externalId, attributes })),
    nameIndex: nameIndex(keys, { tenantId, userName }),
    externalIndex: externalId === null ? null : externalIndex(keys, { tenantId, externalId }),
  };
}

/** Nothing where the ciphertext was changed, or moved from another row. */
export function openPerson(
  { fields }: DirectoryKeys,
  { id, person }: { id: string; person: string },
): PersonFacts | undefined {
  try {
    return JSON.parse(fields.decrypt(placeOf(id), person)) as PersonFacts;
  } catch {
    return undefined;
  }
}

/** Finds a user name, whatever its case, where the database can't read it. */
export function nameIndex(
  { pepper }: Pick<DirectoryKeys, 'pepper'>,
  { tenantId, userName }: { tenantId: string; userName: string },
): Buffer {
  return pepper.mac(
    'directory-index',
    JSON.stringify([tenantId, 'userName', userName.toLowerCase()]),
  );
}

export function externalIndex(
  { pepper }: Pick<DirectoryKeys, 'pepper'>,
  { tenantId, externalId }: { tenantId: string; externalId: string },
): Buffer {
  return pepper.mac('directory-index', JSON.stringify([tenantId, 'externalId', externalId]));
}

function placeOf(row: string): { table: string; row: string; field: string } {
  return { table: 'directory_users', row, field: 'person' };
}
