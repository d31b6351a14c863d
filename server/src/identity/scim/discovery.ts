import type { Json } from './match-filter.ts';
import { MOST_RESULTS } from './query-resources.ts';
import { GROUP_SCHEMA, USER_SCHEMA } from './user-schema.ts';

type Attribute = {
  name: string;
  type: 'string' | 'boolean' | 'complex' | 'reference';
  multiValued: boolean;
  description: string;
  required: boolean;
  caseExact: boolean;
  mutability: 'readOnly' | 'readWrite' | 'immutable';
  returned: 'default' | 'always';
  uniqueness: 'none' | 'server';
  subAttributes?: Attribute[];
};

function attribute(
  name: string,
  description: string,
  more: Partial<Omit<Attribute, 'name' | 'description'>> = {},
): Attribute {
  return {
    name,
    type: 'string',
    multiValued: false,
    description,
    required: false,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...more,
  };
}

const readOnly = { mutability: 'readOnly' } as const;
const list = { type: 'complex', multiValued: true } as const;
const reference = attribute('$ref', 'Where it is', {
  ...readOnly,
  type: 'reference',
  caseExact: true,
});

const userAttributes = [
  attribute('userName', 'How the directory calls the person', {
    required: true,
    uniqueness: 'server',
  }),
  attribute('name', 'The parts of the name', {
    type: 'complex',
    subAttributes: [
      attribute('formatted', 'The whole name'),
      attribute('familyName', 'The family name'),
      attribute('givenName', 'The given name'),
    ],
  }),
  attribute('displayName', 'The name that is shown'),
  attribute('emails', 'Addresses; the primary one is that of the account', {
    ...list,
    subAttributes: [
      attribute('value', 'The address'),
      attribute('type', 'As work'),
      attribute('primary', 'Whether it is the first', { type: 'boolean' }),
    ],
  }),
  attribute('active', 'Whether the person may come in', { type: 'boolean' }),
  attribute('groups', 'The groups that the person is in', {
    ...list,
    ...readOnly,
    subAttributes: [
      attribute('value', 'The id of the group', readOnly),
      reference,
      attribute('display', 'Its name', readOnly),
      attribute('type', 'direct', readOnly),
    ],
  }),
];

const groupAttributes = [
  attribute('displayName', 'The name of the group', { required: true, uniqueness: 'server' }),
  attribute('members', 'The people in it', {
    ...list,
    subAttributes: [
      attribute('value', 'The id of the user', { mutability: 'immutable' }),
      reference,
      attribute('type', 'User', { mutability: 'immutable' }),
      attribute('display', 'The name of the user', readOnly),
    ],
  }),
];

const SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Schema';

export function schemas(base: string): Json[] {
  const made = (id: string, name: string, attributes: readonly Attribute[]): Json => ({
    schemas: [SCHEMA],
    id,
    name,
    description: name,
    attributes,
    meta: { resourceType: 'Schema', location: `${base}/Schemas/${id}` },
  });
  return [made(USER_SCHEMA, 'User', userAttributes), made(GROUP_SCHEMA, 'Group', groupAttributes)];
}

export function resourceTypes(base: string): Json[] {
  const made = (name: string, schema: string): Json => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id: name,
    name,
    endpoint: `/${name}s`,
    description: name,
    schema,
    schemaExtensions: [],
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${name}` },
  });
  return [made('User', USER_SCHEMA), made('Group', GROUP_SCHEMA)];
}

export function serviceProviderConfig(base: string): Json {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: MOST_RESULTS },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'A token of the tenant, made on the page Directory',
        primary: true,
      },
    ],
    meta: {
      resourceType: 'ServiceProviderConfig',
      location: `${base}/ServiceProviderConfig`,
    },
  };
}
