export interface PasswordRule {
  words: string;
  met: boolean;
}

/** bcrypt reads 72 bytes and no more. */
const mostBytes = 72;
const fewestCharacters = 12;

/** The rules of a password, each with whether it is met; the server has the last word. */
export function passwordRules(
  password: string,
  known: { email: string; name: string },
): PasswordRule[] {
  const lower = password.toLowerCase();
  const own = [known.email.split('@')[0] ?? '', ...known.name.split(/\s+/)].filter(
    (part) => part.length > 2,
  );
  return [
    {
      words: `At least ${fewestCharacters} characters; a few words are fine`,
      met: [...password].length >= fewestCharacters,
    },
    {
      words: 'More than one or two characters repeated',
      met: new Set(password).size >= 5,
    },
    {
      words: 'Without your own name or e-mail address',
      met: password !== '' && !own.some((part) => lower.includes(part.toLowerCase())),
    },
    {
      words: `Not longer than ${mostBytes} bytes`,
      met: password !== '' && new TextEncoder().encode(password).length <= mostBytes,
    },
  ];
}
