import type { ObjectKind } from '../requests/fixtures.ts';
import type { CanaryTenant } from './canary.ts';

/** What of a tenant may be in an answer: nothing, or what the platform's people see of every tenant. */
export type Sight = 'nothing' | 'metadata';

/**
 * Names what of a tenant stands in a text: its canary in any notation, its label, or an id of its
 * objects that the request did not itself bring.
 */
export function findSecrets(
  text: string,
  tenant: CanaryTenant,
  { sent = [], sight = 'nothing' }: { sent?: readonly string[]; sight?: Sight } = {},
): string[] {
  const low = text.toLowerCase();
  const found = notationsOf(tenant.secret).some((form) => low.includes(form.toLowerCase()))
    ? ['its canary']
    : [];
  const metadata: [string, string][] = [
    ['its label', tenant.label],
    ['the tenant id', tenant.id],
    ...[tenant.admin, tenant.member, tenant.reviewer].map(({ accountId }): [string, string] => [
      'an account id',
      accountId,
    ]),
  ];
  // Whoever runs the platform sees who is invited where, as it sees who is a member of what, and which
  // e-mail domains wait for its word, and of course what it itself asked for.
  const isMetadata = (kind: ObjectKind): boolean =>
    ['spareAccount', 'invitation', 'emailDomain', 'spareEmailDomain'].includes(kind) ||
    ['visit', 'spareVisit', 'platformVisit', 'endedVisit'].includes(kind);
  const objects = [...tenant.objects].filter(([kind]) => kind !== 'tenant' && kind !== 'account');
  const named = (kinds: typeof objects): [string, string][] =>
    kinds.map(([kind, id]) => [`the id of its ${kind}`, id]);
  const looked =
    sight === 'metadata'
      ? named(objects.filter(([kind]) => !isMetadata(kind)))
      : [...metadata, ...named(objects)];
  return [
    ...found,
    ...looked
      .filter(([, value]) => !sent.includes(value) && low.includes(value.toLowerCase()))
      .map(([what]) => what),
  ];
}

function notationsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    bytes.toString('hex'),
    bytes.toString('base64').replaceAll('=', '').slice(0, -2),
    bytes.toString('base64url').slice(0, -2),
  ];
}
