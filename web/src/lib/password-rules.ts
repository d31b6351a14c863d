export interface PasswordRule {
  words: string;
  met: boolean;
}

/** bcrypt reads 72 bytes and no more. */
const mostBytes = 72;
const fewestCharacters = 12;

const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u];
const fewestKinds = 3;

/**
 * The rules of a password, each with whether it is met; the server checks the same ones again, and that
 * it is on no list of leaked ones.
 */
export function passwordRules(password: string): PasswordRule[] {
  const used = kinds.filter((kind) => kind.test(password)).length;
  return [
    {
      words: `At least ${fewestCharacters} characters; a sentence is fine`,
      met: [...password].length >= fewestCharacters,
    },
    {
      words: 'Three of these: small letters, capital letters, digits, other signs such as a space',
      met: used >= fewestKinds,
    },
    {
      words: `At most ${mostBytes} bytes, which is ${mostBytes} plain letters`,
      met: password !== '' && new TextEncoder().encode(password).length <= mostBytes,
    },
  ];
}
