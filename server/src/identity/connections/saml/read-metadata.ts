import { z } from 'zod';
import { AppError } from '../../../platform/index.ts';
import { normalCertificate } from './certificates.ts';
import { SAML } from './names.ts';
import { childrenOf, everyElement, plainText, readXml, type XmlElement } from './read-xml.ts';
import { wholeSamlSettings } from './saml-settings.ts';

/** What a description of a provider says of it, for the settings of a connection. */
const described = wholeSamlSettings
  .pick({
    entity: true,
    signOnUrl: true,
    signOutUrl: true,
    certificates: true,
    signRequests: true,
  })
  .refine(({ certificates }) => certificates.length > 0, { path: ['certificates'] });
export type Described = z.output<typeof described>;

/**
 * Reads the description of one provider (saml-metadata-2.0-os) that somebody pasted. Its signature is not
 * asked for: whoever pastes it says what they believe. Nothing is fetched.
 *
 * @throws AppError invalid_input with the fault
 */
export function readMetadata(text: string): Described {
  try {
    const root = readXml(text, { comments: true });
    if (root.namespace !== SAML.metadata || root.name !== 'EntityDescriptor')
      throw new Error('it is not the description of one provider (EntityDescriptor)');
    const [provider, ...more] = childrenOf(root, of('IDPSSODescriptor'));
    if (!provider || more.length > 0) throw new Error('it describes no identity provider');
    return described.parse({
      entity: root.attributes['entityID'] ?? '',
      signOnUrl: locationOf(provider, 'SingleSignOnService'),
      signOutUrl: locationOf(provider, 'SingleLogoutService') ?? null,
      certificates: certificatesOf(provider),
      signRequests: ['true', '1'].includes(provider.attributes['WantAuthnRequestsSigned'] ?? ''),
    });
  } catch (error) {
    throw new AppError('invalid_input', `This metadata can not be used: ${wordsOf(error)}`, {
      cause: error,
    });
  }
}

function of(name: string): { namespace: string; name: string } {
  return { namespace: SAML.metadata, name };
}

/** By redirect, since that is how browsers are sent there. */
function locationOf(provider: XmlElement, service: string): string | undefined {
  const places = childrenOf(provider, of(service));
  return places.find(({ attributes }) => attributes['Binding'] === SAML.redirect)?.attributes[
    'Location'
  ];
}

/** Of all keys that sign, or of which it is not said what they are for. Those that no signature could use are left out. */
function certificatesOf(provider: XmlElement): string[] {
  const keys = childrenOf(provider, of('KeyDescriptor')).filter(
    ({ attributes }) => attributes['use'] !== 'encryption',
  );
  const texts = keys
    .flatMap(everyElement)
    .filter(({ name, namespace }) => name === 'X509Certificate' && namespace === SAML.signature)
    .map(plainText);
  const usable = texts.filter(isUsable);
  const [first] = texts;
  // Where none is, it is said why.
  return usable.length > 0 || first === undefined ? usable : [normalCertificate(first)];
}

function isUsable(text: string): boolean {
  try {
    return normalCertificate(text) !== '';
  } catch {
    return false;
  }
}

const WORDS: Readonly<Record<string, string>> = {
  entity: 'it does not say who it is (entityID)',
  signOnUrl: 'it has no place to sign on by redirect, at an https address',
  signOutUrl: 'its place to sign out is no https address',
  certificates: 'it has no certificate for signatures, or too many',
};

function wordsOf(error: unknown): string {
  if (error instanceof z.ZodError)
    return WORDS[String(error.issues[0]?.path[0])] ?? 'it is not understood';
  return (error as Error).message;
}
