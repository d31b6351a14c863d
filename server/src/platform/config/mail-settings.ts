import { z } from 'zod';
import { wholeNumber } from './whole-number.ts';

const path = z.string().min(1).startsWith('/', 'must be an absolute path');

/** Where alerts are sent, and where traces and logs may go: nowhere, unless a site names a place. */
export const mailSettings = {
  CASEMATE_SMTP_HOST: z.string().min(1).max(253).optional(),
  CASEMATE_SMTP_PORT: wholeNumber(1, 65_535).default(587),
  /** `starttls` is demanded where it is set; `none` is for a relay on this host. */
  CASEMATE_SMTP_SECURITY: z.enum(['tls', 'starttls', 'none']).default('starttls'),
  CASEMATE_SMTP_CA_FILE: path.optional(),
  CASEMATE_SMTP_USER: z.string().min(1).max(200).optional(),
  CASEMATE_SMTP_PASSWORD_FILE: path.optional(),
  CASEMATE_ALERT_FROM: z.email().optional(),
  CASEMATE_ALERT_TO: z
    .string()
    .transform((text) => text.split(',').map((entry) => entry.trim()))
    .pipe(z.array(z.email()).max(20))
    .optional(),
  /** An OpenTelemetry collector: `http://127.0.0.1:4318/v1/traces`. */
  CASEMATE_OTLP_TRACES_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Of a hundred requests, so many are traced. */
  CASEMATE_TRACE_PERCENT: wholeNumber(0, 100).default(10),
  /** Where each line of the log goes, too (RFC 5424): `tcp://192.0.2.7:601`, `udp://127.0.0.1:514`. */
  CASEMATE_SYSLOG_URL: z.url({ protocol: /^(?:tcp|udp)$/ }).optional(),
  /** The installer writes here when the last backup succeeded. */
  CASEMATE_BACKUP_STATUS_FILE: path.optional(),
  /** Whose disk is watched: the key service stops when it can not write its audit files there. */
  CASEMATE_LOG_DIR: path.optional(),
} as const;
