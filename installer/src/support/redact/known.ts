/** What this appliance knows of itself when the bundle is made; none of it may stand in the bundle. */
export type Known = {
  /** Passwords, tokens and keys as their bytes; see read-secrets.ts. */
  secrets: readonly Buffer[];
  tenants: readonly { id: string; name: string }[];
  people: readonly { email: string; name: string }[];
  /** Names of this host. */
  hosts: readonly string[];
  /** Looks drawn at random, and anybody may know it: checksums of the components. */
  checksums: readonly string[];
};

export const nothingKnown: Known = {
  secrets: [],
  tenants: [],
  people: [],
  hosts: [],
  checksums: [],
};

/** Fewer characters are found as whole words only; they would stand in every second line. */
export const shortest = 4;

/**
 * How a secret can stand in a text: as it is, in JSON, in a URL, in hexadecimal digits, and in both
 * alphabets of base64 from its first byte on. The last characters of base64, which depend on what
 * follows, are left out.
 */
export function notationsOf(secret: Buffer): string[] {
  const text = secret.toString('utf8');
  const hex = secret.toString('hex');
  // Four characters of base64 stand in any text.
  const encoded = [secret.toString('base64'), secret.toString('base64url')]
    .map((form) => form.replaceAll('=', '').slice(0, -2))
    .filter((form) => form.length >= 8);
  const plain = Buffer.from(text).equals(secret)
    ? [...escapedForms(text), encodeURIComponent(text.toWellFormed())]
    : [];
  const forms = [...plain, hex, hex.toUpperCase(), ...encoded];
  return [...new Set(forms)].filter((form) => form.length > 0);
}

/** As it is, as JSON writes it, and as JSON writes a text that holds JSON. */
export function escapedForms(text: string): string[] {
  const once = JSON.stringify(text).slice(1, -1);
  return [...new Set([text, once, JSON.stringify(once).slice(1, -1)])];
}
