import * as samlify from 'samlify';
import { makeOwnKey } from '../src/identity/connections/saml/own-key.ts';
import { PERSISTENT, randomId } from './lying-saml-provider.ts';

/** A SAML provider of another hand (npm `samlify`), which reads our description and our requests. */
export type RealSamlProvider = {
  readonly entityId: string;
  /** Its own description, as an administrator would paste it. */
  readonly metadata: string;
  /** Answers a request that came by redirect; gives the fields that its page would post. */
  signIn(
    request: { url: string; ownMetadata: string },
    person: { nameId: string; email: string; name: string; groups: string },
  ): Promise<{ SAMLResponse: string; RelayState: string; acsUrl: string }>;
};

const SIGN_ON = 'https://directory.example/sign-on';

export async function startRealSamlProvider(): Promise<RealSamlProvider> {
  // The schema of a request is not what is tried here; its signature and its fields are.
  samlify.setSchemaValidator({ validate: () => Promise.resolve('not asked') });
  const entityId = 'https://directory.example/metadata';
  const { key, certificate } = await makeOwnKey(new Date());
  const binding = (name: string, location: string) => ({
    Binding: `urn:oasis:names:tc:SAML:2.0:bindings:HTTP-${name}`,
    Location: location,
  });
  const attribute = (name: string, valueTag: string) => ({
    ...{ name, valueTag, nameFormat: 'urn:oasis:names:tc:SAML:2.0:attrname-format:basic' },
    valueXsiType: 'xs:string',
  });
  const make = (wantAuthnRequestsSigned: boolean) =>
    samlify.IdentityProvider({
      ...{ entityID: entityId, privateKey: key, signingCert: certificate },
      wantAuthnRequestsSigned,
      requestSignatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
      nameIDFormat: [PERSISTENT],
      singleSignOnService: [binding('Redirect', SIGN_ON), binding('POST', SIGN_ON)],
      singleLogoutService: [binding('Redirect', 'https://directory.example/sign-out')],
      loginResponseTemplate: {
        context: samlify.SamlLib.defaultLoginResponseTemplate.context,
        attributes: [
          attribute('email', 'user.email'),
          attribute('displayName', 'user.name'),
          attribute('groups', 'user.groups'),
        ],
      },
    });
  return {
    entityId,
    metadata: make(false).getMetadata(),
    signIn: async ({ url, ownMetadata }, person) => {
      const sp = samlify.ServiceProvider({ metadata: ownMetadata });
      const { searchParams, search } = new URL(url);
      const query = Object.fromEntries(searchParams);
      const idp = make('Signature' in query);
      // What is signed is the text of the address before its signature.
      const octetString = search.slice(1).replace(/&Signature=.*$/, '');
      const { extract } = await idp.parseLoginRequest(sp, 'redirect', { query, octetString });
      const request = extract as { request: { id: string } };
      const now = new Date();
      const soon = new Date(now.getTime() + 300_000).toISOString();
      const acsUrl = sp.entityMeta.getAssertionConsumerService('post') as string;
      const values: Record<string, string> = {
        ID: randomId(),
        AssertionID: randomId(),
        Destination: acsUrl,
        Audience: sp.entityMeta.getEntityID(),
        EntityID: sp.entityMeta.getEntityID(),
        SubjectRecipient: acsUrl,
        AssertionConsumerServiceURL: acsUrl,
        Issuer: entityId,
        IssueInstant: now.toISOString(),
        StatusCode: 'urn:oasis:names:tc:SAML:2.0:status:Success',
        ConditionsNotBefore: now.toISOString(),
        ConditionsNotOnOrAfter: soon,
        SubjectConfirmationDataNotOnOrAfter: soon,
        InResponseTo: request.request.id,
        NameIDFormat: PERSISTENT,
        NameID: person.nameId,
        AuthnStatement: `<saml:AuthnStatement AuthnInstant="${now.toISOString()}" SessionIndex="one"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`,
        attrUserEmail: person.email,
        attrUserName: person.name,
        attrUserGroups: person.groups,
      };
      const { context } = await idp.createLoginResponse(
        sp,
        extract as never,
        'post',
        {},
        (template) => {
          const raw = template
            .replace('{AuthnStatement}', values['AuthnStatement'] ?? '')
            .replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
          return { id: values['ID'] ?? '', context: raw };
        },
      );
      return { SAMLResponse: context, RelayState: query['RelayState'] ?? '', acsUrl };
    },
  };
}
