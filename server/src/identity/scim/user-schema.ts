import { z } from 'zod';
import { isObject, type Json } from './match-filter.ts';
import type { Shape } from './patch.ts';
import { scimError } from './scim-error.ts';

const text = z.string().trim().max(254);
/** Entra writes "True" and "False". */
const truth = z.union([
  z.boolean(),
  z
    .string()
    .toLowerCase()
    .pipe(z.enum(['true', 'false']))
    .transform((word) => word === 'true'),
]);
const nothing = z.null().transform(() => undefined);

const nameSchema = z.object({
  formatted: text.optional().or(nothing),
  familyName: text.optional().or(nothing),
  givenName: text.optional().or(nothing),
});
const emailSchema = z.object({
  value: z.email('must be an e-mail address').max(254),
  type: z.string().max(40).optional().or(nothing),
  primary: truth.optional().or(nothing),
});
const attributesSchema = z.object({
  displayName: text.optional().or(nothing),
  name: nameSchema.optional().or(nothing),
  emails: z.array(emailSchema).max(10).optional().or(nothing),
});
const userSchema = attributesSchema.extend({
  userName: z.string().trim().min(1).max(254),
  externalId: z.string().trim().min(1).max(254).optional().or(nothing),
  active: truth.default(true),
});

/** What is kept of a person beside userName, externalId and active. */
export type UserAttributes = z.output<typeof attributesSchema>;
export type UserInput = {
  userName: string;
  externalId: string | null;
  active: boolean;
  attributes: UserAttributes;
};

const groupSchema = z.object({
  displayName: z.string().trim().min(1).max(256),
  externalId: z.string().trim().min(1).max(1_024).optional().or(nothing),
  members: z
    .array(z.object({ value: z.uuid('is the id of no user'), type: z.string().optional() }))
    .max(10_000)
    .optional()
    .or(nothing),
});
export type GroupInput = { displayName: string; externalId: string | null; members: string[] };

export const USER_SHAPE: Shape = {
  plain: ['userName', 'externalId', 'displayName', 'active'],
  objects: ['name'],
  lists: ['emails'],
  required: ['userName', 'active'],
};
export const GROUP_SHAPE: Shape = {
  plain: ['displayName', 'externalId'],
  objects: [],
  lists: ['members'],
  required: ['displayName'],
};

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** What a directory sent of a person; what is not kept is left out. Throws invalidValue. */
export function readUser(sent: Json): UserInput {
  const { userName, externalId, active, ...attributes } = parse(userSchema, sent, NAMES);
  return { userName, externalId: externalId ?? null, active, attributes: withoutHoles(attributes) };
}

export function readGroup(sent: Json): GroupInput {
  const { displayName, externalId, members } = parse(groupSchema, sent, NAMES);
  const people = (members ?? []).filter(({ type }) => type?.toLowerCase() !== 'group');
  if (people.length < (members ?? []).length)
    throw scimError('invalidValue', 'Groups in groups are not supported: send the people');
  const ids = [...new Set(people.map(({ value }) => value.toLowerCase()))];
  return { displayName, externalId: externalId ?? null, members: ids };
}

/** The address under which a person signs in: the first of several, else the name, where it is one. */
export function emailOf({ userName, attributes: { emails = [] } }: UserInput): string {
  const chosen =
    emails.find(({ primary }) => primary === true) ??
    emails.find(({ type }) => type?.toLowerCase() === 'work') ??
    emails[0];
  const address = chosen?.value ?? userName;
  if (!z.email().max(254).safeParse(address).success)
    throw scimError('invalidValue', 'A person needs an e-mail address: in emails, or as userName');
  if (address.toLowerCase().endsWith('@casemate.invalid'))
    throw scimError('invalidValue', 'Nobody has an address of this domain');
  return address;
}

/** As people are shown. */
export function shownName({ userName, attributes }: UserInput): string {
  const { displayName, name } = attributes;
  const whole = [name?.givenName, name?.familyName].filter(Boolean).join(' ');
  const [local = userName] = userName.split('@');
  return ([displayName, name?.formatted, whole, local].find(Boolean) ?? userName).slice(0, 120);
}

const NAMES = [
  ...['userName', 'externalId', 'active', 'displayName', 'name', 'emails', 'members'],
  ...['formatted', 'familyName', 'givenName', 'value', 'type', 'primary'],
];

function parse<S extends z.ZodType>(schema: S, sent: Json, names: readonly string[]): z.output<S> {
  const result = schema.safeParse(inCanonicalCase(sent, names));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue?.path.join('.') ?? '';
  throw scimError('invalidValue', `${place}: ${issue?.message ?? 'is not as it should be'}`);
}

/** Names of attributes have no case (RFC 7643, 2.1). */
function inCanonicalCase(value: unknown, names: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((one) => inCanonicalCase(one, names));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      names.find((one) => one.toLowerCase() === name.toLowerCase()) ?? name,
      inCanonicalCase(inner, names),
    ]),
  );
}

function withoutHoles(attributes: UserAttributes): UserAttributes {
  return JSON.parse(JSON.stringify(attributes)) as UserAttributes;
}
