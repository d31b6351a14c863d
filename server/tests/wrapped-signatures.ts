import type { LyingSamlProvider, Said } from './lying-saml-provider.ts';

/** Builds a response in which a signature holds for what was said, and something else is there to be read. */
type Wrap = (liar: LyingSamlProvider, said: Said, evil: Said) => string;

type Parts = {
  /** The signed assertion, its signature alone, and it without. */
  signed: string;
  signature: string;
  bare: string;
  evil: string;
};

function partsOf(liar: LyingSamlProvider, said: Said, evil: Said): Parts {
  const bare = liar.assertion(said);
  const signature = liar.signatureOf(bare);
  const signed = bare.replace('</saml:Issuer>', `</saml:Issuer>${signature}`);
  return { signed, signature, bare, evil: liar.assertion(evil) };
}

const behindIssuer = (element: string, more: string): string =>
  element.replace('</saml:Issuer>', `</saml:Issuer>${more}`);
const atEnd = (element: string, more: string): string =>
  element.replace(/<\/[^<]+>$/, (end) => more + end);
const inObject = (signature: string, more: string): string =>
  atEnd(signature, `<ds:Object>${more}</ds:Object>`);
const withId = (element: string, id: string): string =>
  element.replace(/\bID="[^"]*"/, `ID="${id}"`);

/** XSW 1 to 8 (Somorovsky and others, On Breaking SAML, USENIX Security 2012), and two that came after. */
export const wrapped: Readonly<Record<string, Wrap>> = {
  'XSW1, the signed response in the signature of another': (liar, said, evil) => {
    const whole = liar.response(said, liar.assertion(said));
    const outer = withId(liar.response(evil, liar.assertion(evil)), '_evil');
    return behindIssuer(outer, inObject(liar.signatureOf(whole), whole));
  },
  'XSW2, the signed response before its signature in another': (liar, said, evil) => {
    const whole = liar.response(said, liar.assertion(said));
    const outer = withId(liar.response(evil, liar.assertion(evil)), '_evil');
    return behindIssuer(outer, whole + liar.signatureOf(whole));
  },
  'XSW3, another assertion before the signed one': (liar, said, evil) => {
    const parts = partsOf(liar, said, evil);
    return liar.response(said, withId(parts.evil, '_evil') + parts.signed);
  },
  'XSW4, the signed assertion in another': (liar, said, evil) => {
    const parts = partsOf(liar, said, evil);
    return liar.response(said, atEnd(withId(parts.evil, '_evil'), parts.signed));
  },
  'XSW5, the signature moved to another assertion': (liar, said, evil) => {
    const parts = partsOf(liar, said, evil);
    const moved = behindIssuer(withId(parts.evil, '_evil'), parts.signature);
    return liar.response(said, moved + parts.bare);
  },
  'XSW6, the signed assertion in a moved signature': (liar, said, evil) => {
    const parts = partsOf(liar, said, evil);
    const signature = inObject(parts.signature, parts.bare);
    return liar.response(said, behindIssuer(withId(parts.evil, '_evil'), signature));
  },
  'XSW7, another assertion in an extension': (liar, said, evil) => {
    const parts = partsOf(liar, said, evil);
    const extension = `<samlp:Extensions>${parts.evil}</samlp:Extensions>`;
    return liar.response(said, extension + parts.signed);
  },
  'XSW8, the assertion in an object of its signature, another around it': (liar, said, evil) => {
    const parts = partsOf(liar, said, evil);
    const id = /\bID="([^"]*)"/.exec(parts.bare)?.[1] ?? '';
    const outer = withId(parts.evil, id);
    return liar.response(said, behindIssuer(outer, inObject(parts.signature, parts.bare)));
  },
  'two lists of what is signed in one signature': (liar, said, evil) => {
    const parts = partsOf(liar, said, evil);
    const [list = ''] =
      /<ds:SignedInfo>.*<\/ds:SignedInfo>/.exec(liar.signatureOf(parts.evil)) ?? [];
    const both = parts.signature.replace('<ds:SignedInfo>', `${list}<ds:SignedInfo>`);
    return liar.response(said, behindIssuer(parts.evil, both));
  },
  'another assertion of the same ID': (liar, said, evil) => {
    const parts = partsOf(liar, { ...said }, { ...evil, id: said.id });
    return liar.response(said, parts.evil + parts.signed);
  },
  'an assertion under another root': (liar, said, evil) => {
    const parts = partsOf(liar, said, evil);
    const whole = liar.response(said, parts.signed);
    return whole.replaceAll('samlp:Response', 'samlp:ArtifactResponse');
  },
  'another assertion under the signature of the response': (liar, said, evil) => {
    const { bare, evil: other } = partsOf(liar, said, evil);
    return liar.sign(liar.response(said, bare)).replace(bare, other);
  },
};
