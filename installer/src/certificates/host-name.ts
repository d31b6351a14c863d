import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';

const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

/**
 * Brings a host name to the form that a certificate holds: lower case, ASCII (RFC 5890), without a
 * final dot. An IP address stays as it is. Gives null for what is not a name by RFC 1123.
 */
export function normalHostName(name: string): string | null {
  const trimmed = name.trim().replace(/\.$/, '');
  if (isIP(trimmed) !== 0) return trimmed;
  // Digits and dots alone are a mistyped address: browsers would read them as one.
  if (/^[\d.]*$/.test(trimmed)) return null;
  // domainToASCII lets characters through that RFC 1123 has not, such as '_': the labels decide.
  const ascii = /^[\x20-\x7e]*$/.test(trimmed) ? trimmed.toLowerCase() : domainToASCII(trimmed);
  const valid =
    ascii !== '' && ascii.length <= 253 && ascii.split('.').every((part) => label.test(part));
  return valid ? ascii : null;
}
