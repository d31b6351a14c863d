import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { notationsOf, type Known } from './known.ts';

/** Made up for one test: how it is planted, and what of it must not be found again. */
export type Canary = { kind: string; plant: string; needles: readonly string[] };
export type Canaries = { list: readonly Canary[]; known: Known };

const letters = (count: number): string =>
  Array.from({ length: count }, () => String.fromCharCode(97 + randomInt(26))).join('');
const words = (): string => `${letters(7)}-${letters(5)}-${letters(6)}`;
/** Long texts also by their halves: a part that stays is a leak too. */
const halves = (text: string): string[] => [
  text,
  text.slice(0, text.length / 2),
  text.slice(text.length / 2),
];

/**
 * One of each kind that a bundle could carry, drawn anew: what the appliance knows (planted in several
 * notations) and what can only be recognised by its looks or its name.
 */
export function makeCanaries(): Canaries {
  const secret = Buffer.from(words());
  const binary = randomBytes(32);
  const tenant = { id: randomUUID(), name: `Ærlig ${letters(6)} & "Sønner" ${letters(4)}` };
  const person = { email: `${letters(9)}@${letters(8)}.example`, name: `Åse ${letters(9)}` };
  const host = `${letters(10)}.example`;
  const known: Known = {
    ...{ secrets: [secret, binary], tenants: [tenant], people: [person], hosts: [host] },
    checksums: [],
  };
  const forms = (kind: string, value: Buffer): Canary[] =>
    notationsOf(value).map((form) => ({ kind, plant: form, needles: [form] }));
  const plain = (kind: string, value: string, around = '*'): Canary => ({
    kind,
    plant: around.replace('*', () => value),
    needles: [value],
  });
  const id = tenant.id.replaceAll('-', '');
  return {
    known,
    list: [
      ...forms('a known secret', secret),
      ...forms('a known key', binary),
      ...looks(),
      plain("a tenant's id", tenant.id),
      plain("a tenant's schema", `tenant_${id}`),
      plain("a tenant's name", tenant.name),
      plain("a tenant's name in capitals", tenant.name.toUpperCase()),
      plain("a person's name", person.name),
      plain('a known e-mail', person.email.toUpperCase()),
      plain('a host', host, 'https://*:8443/'),
    ],
  };
}

/** What nobody here knows. */
function looks(): Canary[] {
  const password = words();
  const jwt = `eyJ${letters(20)}.eyJ${letters(30)}.${randomBytes(32).toString('base64url')}`;
  const token = `hvs.${randomBytes(24).toString('base64url')}`;
  const body =
    randomBytes(96)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  const pem = ['-----BEGIN PRIVATE KEY-----', ...body, '-----END PRIVATE KEY-----'].join('\n');
  const email = `${letters(8)}@${letters(6)}.example`;
  const ip = `198.18.${randomInt(1, 255)}.${randomInt(1, 255)}`;
  const ipv6 = `2001:db8:${randomBytes(2).toString('hex')}::${randomInt(1, 10)}f`;
  const hash = `$2b$12$${randomBytes(60).toString('hex').slice(0, 53)}`;
  const scram = `SCRAM-SHA-256$4096:${randomBytes(16).toString('base64')}$${randomBytes(32).toString('base64')}:${randomBytes(32).toString('base64')}`;
  const phone = `+47 ${randomInt(100, 999)} ${randomInt(10, 99)} ${randomInt(100, 999)}`;
  const base64 = randomBytes(48).toString('base64');
  const hex = randomBytes(32).toString('hex');
  return [
    { kind: 'a password by its name', plant: `password="${password}"`, needles: [password] },
    { kind: 'a password in a URL', plant: `smtp://u:${password}@h/`, needles: [password] },
    { kind: 'a header', plant: `Authorization: Basic ${password}`, needles: [password] },
    { kind: 'a JSON Web Token', plant: jwt, needles: halves(jwt) },
    { kind: 'a token of the key service', plant: token, needles: halves(token) },
    { kind: 'a private key', plant: pem, needles: body },
    { kind: 'an unknown e-mail', plant: email, needles: [email] },
    { kind: 'an address', plant: ip, needles: [ip] },
    { kind: 'an address of IPv6', plant: ipv6, needles: [ipv6] },
    { kind: 'a hash of a password', plant: hash, needles: [hash.slice(7)] },
    { kind: 'a verifier of a password', plant: scram, needles: halves(scram.slice(20)) },
    { kind: 'a phone number', plant: phone, needles: [phone] },
    { kind: 'random base64', plant: base64, needles: halves(base64) },
    { kind: 'random digits', plant: hex, needles: halves(hex) },
    { kind: 'an unknown id', plant: randomUUID(), needles: [] },
  ].map((one) => ({ ...one, needles: one.needles.length > 0 ? one.needles : [one.plant] }));
}
