import { z } from 'zod';
import { wholeNumber } from './whole-number.ts';

const HOST = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?(:[1-9]\d{0,4})?$/;

/** Directories and providers of sign-in; see docs/single-sign-on.md. */
export const identitySettings = {
  /** `host` or `host:port`, apart by commas: the only ones that a connection may name. Whoever runs the host says them. */
  CASEMATE_IDENTITY_HOSTS: z
    .string()
    .transform((text) => text.split(',').map((entry) => entry.trim().toLowerCase()))
    .pipe(z.array(z.string().regex(HOST, 'must be host names, apart by commas')).max(50))
    .default([]),
  /** Authorities that are believed besides the public ones, in one PEM file. */
  CASEMATE_IDENTITY_CA_FILE: z.string().startsWith('/', 'must be an absolute path').optional(),
  /** How often an LDAP directory is asked whether the people who are signed in are there still. */
  CASEMATE_IDENTITY_RECHECK_MINUTES: wholeNumber(1, 1_440).default(15),
  /** Resolvers that are asked for the proof of a domain, as `address` or `address:port`; else the host's own. */
  CASEMATE_DNS_SERVERS: z
    .string()
    .transform((text) => text.split(',').map((entry) => entry.trim()))
    .pipe(
      z
        .array(z.string().regex(/^[0-9a-f.:[\]]{3,60}$/i, 'must be addresses, apart by commas'))
        .max(5),
    )
    .optional(),
} as const;
