import { email as emailSchema } from '../../account-schema.ts';
import type { Shown } from '../shown.ts';
import type { Expected } from './check-envelope.ts';
import { SAML } from './names.ts';
import { childrenOf, onlyChild, plainText, readXml, type XmlElement } from './read-xml.ts';
import type { SamlSettings } from './saml-settings.ts';
import type { NameAtProvider } from './sign-out-at-provider.ts';

const MOST_GROUPS = 2_000;
const MOST_LENGTH = 300;
const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

type Asked = {
  settings: SamlSettings;
  expected: Expected;
  ownEntityId: string;
  now: Date;
  skewMs: number;
};

export type Asserted = Shown & {
  /** By which the assertion may be said once, and until when it could be. */
  readonly id: string;
  readonly expiresAt: Date;
};

/**
 * Reads whom a verified assertion speaks of, from the very text whose signature held (saml-core-2.0-os, 2;
 * saml-profiles-2.0-os, 4.1.4.3): issuer, a bearer confirmation for this address and this request, times.
 */
export function readAssertion(verified: string, asked: Asked): Asserted {
  const assertion = readXml(verified);
  const { settings, expected } = asked;
  if (assertion.name !== 'Assertion' || assertion.namespace !== SAML.assertion)
    throw new Error('what is signed is no assertion');
  const id = assertion.attributes['ID'] ?? '';
  if (id === '' || assertion.attributes['Version'] !== '2.0')
    throw new Error('it is no assertion of SAML 2.0');
  const issuer = need(assertion, 'Issuer');
  if (plainText(issuer) !== expected.entityId) throw new Error('it is of another issuer');
  const subject = need(assertion, 'Subject');
  const expiresAt = checkConfirmation(subject, asked);
  const { contexts, session, authenticatedAt } = readSession(assertion, asked);
  const attributes = readAttributes(assertion);
  const one = (name: string): string | null => {
    const values = attributes.get(name) ?? [];
    return values.length === 1 ? textOf(values[0]) : null;
  };
  // What is no address is none: others read it, and mails go there.
  const email = emailSchema.safeParse(one(settings.emailAttribute)).data ?? null;
  const person = {
    subject: subjectOf(subject, asked, one),
    email,
    emailVouched: email !== null && settings.mailVouched,
    name: one(settings.nameAttribute),
    groups: (attributes.get(settings.groupsAttribute) ?? [])
      .filter((group) => group !== '' && group.length <= MOST_LENGTH)
      .slice(0, MOST_GROUPS),
  };
  const factor = contexts.some((context) => settings.trustedContexts.includes(context));
  const claims = { subject: person.subject, contexts, ...Object.fromEntries(attributes) };
  const nameAtProvider = nameOf(subject, session);
  return {
    ...{ id, expiresAt, person, session, factor, authenticatedAt, claims },
    ...(nameAtProvider ? { nameAtProvider } : {}),
  };
}

/** As it is to be said again when its session shall end. */
function nameOf(subject: XmlElement, sessionIndex: string | null): NameAtProvider | undefined {
  const nameId = onlyChild(subject, { namespace: SAML.assertion, name: 'NameID' });
  if (!nameId || sessionIndex === null) return undefined;
  const { Format, NameQualifier, SPNameQualifier } = nameId.attributes;
  return {
    nameID: plainText(nameId),
    nameIDFormat: Format ?? SAML.unspecified,
    sessionIndex,
    ...(NameQualifier === undefined ? {} : { nameQualifier: NameQualifier }),
    ...(SPNameQualifier === undefined ? {} : { spNameQualifier: SPNameQualifier }),
  };
}

function need(element: XmlElement, name: string): XmlElement {
  const found = onlyChild(element, { namespace: SAML.assertion, name });
  if (!found) throw new Error(`it has no ${name}`);
  return found;
}

/** Gives when it runs out. One that holds is enough, as the profile has it. */
function checkConfirmation(subject: XmlElement, { expected, now, skewMs }: Asked): Date {
  const faults: string[] = [];
  for (const one of childrenOf(subject, {
    namespace: SAML.assertion,
    name: 'SubjectConfirmation',
  })) {
    if (one.attributes['Method'] !== SAML.bearer) continue;
    const data = onlyChild(one, { namespace: SAML.assertion, name: 'SubjectConfirmationData' });
    const { Recipient, InResponseTo, NotOnOrAfter, NotBefore } = data?.attributes ?? {};
    const until = timeOf(NotOnOrAfter);
    if (Recipient !== expected.acsUrl) faults.push('it is meant for another address (Recipient)');
    else if (InResponseTo !== expected.requestId)
      faults.push('it answers another request (InResponseTo)');
    else if (!until || now.getTime() - skewMs >= until.getTime()) faults.push('it has run out');
    else if (NotBefore !== undefined && !isPast(NotBefore, { now, skewMs }))
      faults.push('it is of later');
    else return until;
  }
  throw new Error(faults[0] ?? 'it is confirmed for nobody who brings it (bearer)');
}

function readSession(
  assertion: XmlElement,
  { now, skewMs }: Asked,
): { contexts: string[]; session: string | null; authenticatedAt: Date | null } {
  const statement = need(assertion, 'AuthnStatement');
  const ends = statement.attributes['SessionNotOnOrAfter'];
  const end = timeOf(ends);
  if (ends !== undefined && (!end || now.getTime() - skewMs >= end.getTime()))
    throw new Error('the session at the directory has ended');
  const context = onlyChild(statement, { namespace: SAML.assertion, name: 'AuthnContext' });
  const contexts = context
    ? childrenOf(context, { namespace: SAML.assertion, name: 'AuthnContextClassRef' })
    : [];
  const session = statement.attributes['SessionIndex'] ?? '';
  return {
    contexts: contexts.map(plainText),
    session: session === '' ? null : session,
    authenticatedAt: timeOf(statement.attributes['AuthnInstant']),
  };
}

/** Names with their values. What is no plain text says nothing. */
function readAttributes(assertion: XmlElement): Map<string, string[]> {
  const named = (name: string) => ({ namespace: SAML.assertion, name });
  const found = new Map<string, string[]>();
  for (const statement of childrenOf(assertion, named('AttributeStatement')))
    for (const attribute of childrenOf(statement, named('Attribute'))) {
      const values = childrenOf(attribute, named('AttributeValue'));
      const texts = values.filter(({ children }) => children.length === 0).map(plainText);
      const name = attribute.attributes['Name'] ?? '';
      found.set(name, [...(found.get(name) ?? []), ...texts]);
    }
  return found;
}

/** By which the directory knows somebody for ever: never a name for this one session, nor an address. */
function subjectOf(
  subject: XmlElement,
  { settings, expected, ownEntityId }: Asked,
  one: (name: string) => string | null,
): string {
  const { subjectAttribute } = settings;
  if (subjectAttribute !== null) {
    const value = one(subjectAttribute);
    if (value === null) throw new Error(`it has not one value of ${subjectAttribute}`);
    return value;
  }
  const nameId = need(subject, 'NameID');
  const { Format, NameQualifier, SPNameQualifier } = nameId.attributes;
  if (Format !== SAML.persistent)
    throw new Error(
      'the format of its NameID is not persistent: let the directory send such a one, or name an attribute that never changes',
    );
  const foreign =
    (NameQualifier ?? expected.entityId) !== expected.entityId ||
    (SPNameQualifier ?? ownEntityId) !== ownEntityId;
  if (foreign) throw new Error('its NameID is of another directory, or for another service');
  const value = textOf(plainText(nameId));
  if (value === null) throw new Error('its NameID is empty or too long');
  return value;
}

function textOf(value: string | undefined): string | null {
  return value !== undefined && value !== '' && value.length <= MOST_LENGTH ? value : null;
}

function timeOf(text: string | undefined): Date | null {
  if (text === undefined || !UTC.test(text)) return null;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? null : time;
}

function isPast(text: string, { now, skewMs }: { now: Date; skewMs: number }): boolean {
  const time = timeOf(text);
  return time !== null && now.getTime() + skewMs >= time.getTime();
}
