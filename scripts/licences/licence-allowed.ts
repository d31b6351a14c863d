/**
 * Licences (SPDX names) under which a part may ship with Casemate, which is Apache-2.0. Weak
 * copyleft by file (MPL-2.0) is fine for parts that are shipped as they are; GPL and AGPL are not.
 */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'CC-BY-4.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'OFL-1.1',
  'PostgreSQL',
  'Python-2.0',
  'Unlicense',
  'Zlib',
]);

/** Whether an SPDX expression can be satisfied: one side of OR, both sides of AND. */
export function isLicenceAllowed(expression: string): boolean {
  const tokens = expression.match(/\(|\)|[^\s()]+/g) ?? [];
  let at = 0;
  const factor = (): boolean => {
    const token = tokens[at++];
    if (token !== '(') return token !== undefined && ALLOWED.has(token);
    const inner = either();
    at++;
    return inner;
  };
  const both = (): boolean => {
    let fine = factor();
    while (tokens[at] === 'AND') {
      at++;
      fine = factor() && fine;
    }
    return fine;
  };
  const either = (): boolean => {
    let fine = both();
    while (tokens[at] === 'OR') {
      at++;
      fine = both() || fine;
    }
    return fine;
  };
  return either() && at === tokens.length;
}
