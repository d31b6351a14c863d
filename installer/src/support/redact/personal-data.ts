import { isIP, isIPv6 } from 'node:net';
import type { PseudonymKind, Pseudonyms } from './pseudonyms.ts';

export type Personal = {
  pseudonyms: Pseudonyms;
  /** Ids of tenants in small letters, without hyphens. */
  tenants: ReadonlySet<string>;
  onHit: (rule: string) => void;
};

// RFC 5321 local parts (atext, and letters of any script), at most 64 characters; also as a URL writes it.
const EMAIL =
  /[\p{L}\p{N}.!#$&'*+=?^_`{|}~-]{1,64}(?:@|%40|\\u0040)[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,10}/gu;
/** How PostgreSQL writes who is connected: nobody's address. */
const DATABASE_ROLE = /^(?:postgres|casemate_[a-z]{1,20}(?:_\d{1,2})?)@(?:casemate|postgres)$/;
const UUID =
  /(tenant[_-])?(?<![0-9a-f])([0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12})(?![0-9a-f])/gi;
const MAC = /(?<![\w:])(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?![\w:])/gi;
const IPV4 = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/g;
const IPV6 = /(?<![\w:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,8}(?![\w:])/gi;
const PHONE = /(?<![\w-])\+\d[\d ()-]{6,30}\d/g;
const HOME = /((?<![\w.-])\/(?:home|Users)\/)([^/\s"'\\:]{1,64})/g;
const PSEUDONYM = /^user-[0-9a-f]{10}$/;

/** What names a person, a tenant or a place, whether it is known here or not. */
export function replacePersonal(text: string, personal: Personal): string {
  const { pseudonyms, tenants, onHit } = personal;
  const stand = (rule: string, kind: PseudonymKind, value: string): string => {
    onHit(rule);
    return pseudonyms(kind, value);
  };
  return text
    .replace(EMAIL, (found) => {
      if (DATABASE_ROLE.test(found)) return found;
      return stand('email', 'email', found.replace(/%40|\\u0040/, '@'));
    })
    .replace(UUID, (_all, prefix: string | undefined, id: string) => {
      const tenant = prefix !== undefined || tenants.has(id.replaceAll('-', '').toLowerCase());
      return stand('id', tenant ? 'tenant' : 'id', id);
    })
    .replace(MAC, () => {
      onHit('hardware-address');
      return '[hardware address]';
    })
    .replace(IPV4, (found) => (isOwn(found) ? found : stand('ip-address', 'ip', found)))
    .replace(IPV6, (found) =>
      isIPv6(found) && !isOwn(found) ? stand('ip-address', 'ip', found) : found,
    )
    .replace(PHONE, () => {
      onHit('phone');
      return '[phone]';
    })
    .replace(HOME, (all, dir: string, name: string) =>
      PSEUDONYM.test(name) ? all : `${dir}${stand('home-directory', 'user', name)}`,
    );
}

/** Loopback, "any" and what is no address at all: they name nobody. */
const isOwn = (text: string): boolean =>
  isIP(text) === 0 || /^(?:127\.|0\.0\.0\.0$|255\.)/.test(text) || /^::1?$/.test(text);
