import winston from 'winston';
import { createSyslog } from './syslog.ts';

/** One line of JSON per event. error: someone must act; warn: it healed itself; info: a business event. */
export type Log = {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
  child(fields: LogFields): Log;
};

export type LogFields = Record<string, unknown>;

const SECRET_KEY =
  /pass(word)?|secret|token|authorization|cookie|proof|api[-_]?key|private|wrapped/i;
// RFC 5321 local parts (atext, and letters of any script), at most 64 characters. All runs are
// bounded: what a stranger sends must cost time in proportion to its length.
const EMAIL = /[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}@[\p{L}\p{N}.-]{1,253}/gu;
const PHONE = /(?<![\w-])\+\d[\d ()-]{6,30}\d/g;
const TOKEN =
  /(?<![\w-])(?:eyJ[\w-]{8,2000}(?:\.[\w-]{1,2000}){0,2}|(?:hv[sbr]|[sbr])\.[\w-]{20,200})/g;

/** Longer strings are cut before the expressions see them. */
const MAX_TEXT = 2_000;
const MAX_ITEMS = 100;
const CUT = '… (cut)';

/** Masks personal data and secrets in one value, whatever its depth. Exported for its tests. */
export function redact(value: unknown, key = '', depth = 0): unknown {
  if (key !== '' && SECRET_KEY.test(key) && value !== null && typeof value !== 'boolean')
    return '[redacted]';
  if (typeof value === 'string') return redactText(value);
  if (value instanceof Error) return describeError(value, depth);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 5) return '[deep]';
  if (Array.isArray(value)) {
    const items = value.slice(0, MAX_ITEMS).map((item) => redact(item, '', depth + 1));
    return value.length > MAX_ITEMS ? [...items, CUT] : items;
  }
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MAX_ITEMS)
      .map(([name, inner]) => [redactText(name), redact(inner, name.slice(0, 200), depth + 1)]),
  );
}

function redactText(text: string): string {
  const masked = cut(text)
    .replace(EMAIL, '[email]')
    .replace(TOKEN, '[token]')
    .replace(PHONE, '[phone]');
  return text.length > MAX_TEXT ? masked + CUT : masked;
}

/** What may be the start of an address goes too: the expressions know one only by its whole. */
function cut(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  const start = MAX_TEXT - 64;
  return text.slice(0, start) + text.slice(start, MAX_TEXT).replace(/[^\s"<>:;,]{1,64}$/, '');
}

function describeError(error: Error, depth: number): unknown {
  const { code } = error as { code?: unknown };
  return {
    name: error.name,
    message: redact(error.message),
    ...(typeof code === 'string' ? { code } : {}),
    stack: redact(error.stack?.split('\n').slice(1, 8).join('\n')),
    ...(error.cause === undefined || depth > 4
      ? {}
      : { cause: redact(error.cause, '', depth + 1) }),
  };
}

export function createLog(options: {
  level: string;
  fields: LogFields;
  silent?: boolean;
  stream?: NodeJS.WritableStream;
  /** Where each line goes, too. */
  syslog?: string | undefined;
}): Log {
  const streams = [
    options.stream ?? process.stdout,
    ...(options.syslog ? [createSyslog(options.syslog)] : []),
  ];
  const logger = winston.createLogger({
    level: options.level,
    silent: options.silent ?? false,
    defaultMeta: options.fields,
    format: winston.format.combine(
      winston.format.timestamp(),
      winston.format((info) => {
        for (const key of Object.keys(info)) info[key] = redact(info[key], key);
        return info;
      })(),
      winston.format.json(),
    ),
    // winston's own stream transport; its typing knows the class it derives from by another name.
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- as said
    transports: streams.map((stream) => new winston.transports.Stream({ stream })),
  });
  return wrap(logger);
}

function wrap(logger: winston.Logger): Log {
  return {
    error: (message, fields) => void logger.error(message, fields),
    warn: (message, fields) => void logger.warn(message, fields),
    info: (message, fields) => void logger.info(message, fields),
    debug: (message, fields) => void logger.debug(message, fields),
    child: (fields) => wrap(logger.child(fields)),
  };
}
