import { z } from 'zod';
import { wholeNumber } from './whole-number.ts';

const path = z.string().min(1).startsWith('/', 'must be an absolute path');

/** How codes reach phones: not at all, unless a site names a gateway; docs/sms.md. */
export const smsSettings = {
  /** `file` is for tests, and refused in production. */
  CASEMATE_SMS_DRIVER: z.enum(['http', 'modem', 'file']).optional(),
  /** http: gets `{ "to", "text" }` as JSON. Outside this host it must be https. */
  CASEMATE_SMS_URL: z.url({ protocol: /^https?$/ }).optional(),
  CASEMATE_SMS_CA_FILE: path.optional(),
  /** http: sent as `Authorization: Bearer …`. */
  CASEMATE_SMS_PASSWORD_FILE: path.optional(),
  /** modem: `/dev/ttyUSB0`. */
  CASEMATE_SMS_DEVICE: path.optional(),
  CASEMATE_SMS_FILE: path.optional(),
  /** Countries whose numbers are taken, as `NO,DE` (ISO 3166-1); every one when absent. */
  CASEMATE_SMS_COUNTRIES: z
    .string()
    .transform((text) => text.split(',').map((entry) => entry.trim().toUpperCase()))
    .pipe(z.array(z.string().regex(/^[A-Z]{2}$/, 'must be codes of countries, as NO,DE')).max(250))
    .optional(),
  /** Of the whole installation: what a thief of accounts can spend at most. */
  CASEMATE_SMS_PER_DAY: wholeNumber(1, 100_000).default(500),
  /** `alone`: a phone is enough for those whose role demands a factor (NIST SP 800-63B, 5.1.3.3 advises against). */
  CASEMATE_SMS_FACTOR: z.enum(['beside', 'alone']).default('beside'),
} as const;

type Given = Readonly<Record<string, unknown>>;

/** What the driver that is named needs. */
export function smsFaults(given: Given): string[] {
  const driver = given['CASEMATE_SMS_DRIVER'];
  if (driver === 'file' && given['CASEMATE_MODE'] === 'production')
    return ['CASEMATE_SMS_DRIVER: `file` writes codes down in clear and is refused in production'];
  const needs = {
    http: 'CASEMATE_SMS_URL',
    modem: 'CASEMATE_SMS_DEVICE',
    file: 'CASEMATE_SMS_FILE',
  };
  const needed = needs[driver as keyof typeof needs] as string | undefined;
  if (needed !== undefined && !given[needed]) return [`${needed}: is missing`];
  const url = given['CASEMATE_SMS_URL'];
  if (driver !== 'http' || typeof url !== 'string' || !URL.canParse(url)) return [];
  const { protocol, hostname } = new URL(url);
  const here = /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
  if (protocol === 'https:' || here) return [];
  return ['CASEMATE_SMS_URL: must be https, since it leaves this host'];
}
