import { z } from 'zod';
import { factorSettings } from './factor-settings.ts';
import { identitySettings } from './identity-settings.ts';
import { keySettings } from './key-settings.ts';
import { limitSettings } from './limit-settings.ts';
import { mailSettings } from './mail-settings.ts';
import { networkList, originList } from './network-lists.ts';
import { resilienceSettings } from './resilience-settings.ts';
import { smsSettings } from './sms-settings.ts';
import { wholeNumber } from './whole-number.ts';

const port = wholeNumber(0, 65_535);
const MANY = Number.MAX_SAFE_INTEGER;
const path = z.string().min(1).startsWith('/', 'must be an absolute path');

/**
 * Every setting of the server. None of them is a secret: secrets come from the key service, and
 * what is needed to sign in there is named by path (`*_FILE`).
 */
export const configSchema = z.strictObject({
  CASEMATE_MODE: z.enum(['production', 'development', 'test']),
  CASEMATE_HOST_NAME: z
    .string()
    .regex(/^(?=.{1,253}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i, 'must be a host name'),
  CASEMATE_BIND_ADDRESS: z.union([z.ipv4(), z.ipv6()]),
  CASEMATE_HTTPS_PORT: port,
  CASEMATE_HTTP_PORT: port,
  CASEMATE_PUBLIC_PORT: port.optional(),
  /** Other origins whose pages may call the API (with a token of their own, never the cookie). */
  CASEMATE_CORS_ORIGINS: originList.default([]),
  /** Proxies whose X-Forwarded-For and -Proto are believed; nobody else's are. */
  CASEMATE_TRUSTED_PROXIES: networkList.default([]),
  CASEMATE_TLS_CERT_FILE: path,
  CASEMATE_TLS_KEY_FILE: path,
  CASEMATE_DATA_DIR: path,
  CASEMATE_WEB_DIR: path,
  CASEMATE_DATABASE_HOST: z.string().min(1),
  CASEMATE_DATABASE_PORT: port.default(5432),
  CASEMATE_DATABASE_NAME: z.string().min(1).default('casemate'),
  /** Across hosts: TLS, with the certificate verified against this authority. */
  CASEMATE_DATABASE_CA_FILE: path.optional(),
  CASEMATE_DATABASE_POOL: wholeNumber(2, 200).default(20),
  CASEMATE_VAULT_SOCKET: path.optional(),
  CASEMATE_VAULT_ADDR: z.url({ protocol: /^https$/ }).optional(),
  CASEMATE_VAULT_CA_FILE: path.optional(),
  /** INSECURE: keys in a directory instead of the key service; refused in production. */
  CASEMATE_DEVELOPMENT_KEYS_DIR: path.optional(),
  CASEMATE_VAULT_ROLE_ID_FILE: path.optional(),
  CASEMATE_VAULT_WRAPPED_SECRET_ID_FILE: path.optional(),
  CASEMATE_VAULT_REQUEST_FILE: path.optional(),
  /** On a cluster instead of the three: the role, and the token of the service account it is bound to. */
  CASEMATE_VAULT_KUBERNETES_ROLE: z.string().min(1).optional(),
  CASEMATE_VAULT_KUBERNETES_TOKEN_FILE: path.optional(),
  /** The local one over its socket (`unix:/path`), or a site's own over http(s). */
  CASEMATE_OLLAMA_URL: z.union(
    [z.url({ protocol: /^https?$/ }), z.string().regex(/^unix:\/[^\0]+$/)],
    'must be an http(s) URL or unix: and the path of a socket',
  ),
  /** Across hosts: the authority of the model server, and the certificate that it asks of us. */
  CASEMATE_OLLAMA_CA_FILE: path.optional(),
  CASEMATE_OLLAMA_CERT_FILE: path.optional(),
  CASEMATE_OLLAMA_KEY_FILE: path.optional(),
  /** A name whose addresses are all the model servers behind the URL, where it leads to several. */
  CASEMATE_OLLAMA_POOL: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i, 'must be a host name')
    .optional(),
  CASEMATE_CHAT_MODEL: z.string().min(1).default('casemate-chat'),
  CASEMATE_EMBED_MODEL: z.string().min(1).default('casemate-embed'),
  CASEMATE_STORAGE_QUOTA_BYTES: wholeNumber(1, MANY).default(10 * 1024 ** 3),
  CASEMATE_MAX_UPLOAD_BYTES: wholeNumber(1, MANY).default(100 * 1024 ** 2),
  ...factorSettings,
  ...identitySettings,
  ...smsSettings,
  ...keySettings,
  ...limitSettings,
  ...resilienceSettings,
  ...mailSettings,
  /** A session that nobody used for so long has ended, whatever its absolute end. */
  CASEMATE_SESSION_IDLE_HOURS: wholeNumber(1, 336).default(24),
  /** The list of leaked passwords, where another than the one beside the program shall be asked. */
  CASEMATE_LEAKED_PASSWORDS_FILE: path.optional(),
  /** Told to stop, it says that it is not ready and serves on for so long, until balancers know. */
  CASEMATE_DRAIN_SECONDS: wholeNumber(0, 600).default(0),
  CASEMATE_MAX_CONNECTIONS: wholeNumber(1, 60_000).default(10_000),
  CASEMATE_SECURITY_CONTACT: z.string().min(1).optional(),
  /** Where the installer lays the signed test report of this version. */
  CASEMATE_TRUST_DIR: path.optional(),
  /** The public key of the host's root, whose signature what the host says must bear. */
  CASEMATE_HOST_KEY_FILE: path.optional(),
  /** `host:port` of the server that the self-check asks, where it is not on this host. */
  CASEMATE_SELF_CHECK_ADDRESS: z
    .string()
    .regex(/^[^\s:]+:\d{1,5}$/, 'must be host:port')
    .optional(),
  /** Touched every ten seconds by the provisioner, which has no port to ask. */
  CASEMATE_HEARTBEAT_FILE: path.optional(),
  /** Holds the token that collectors of metrics show; without it the program draws one of its own. */
  CASEMATE_METRICS_TOKEN_FILE: path.optional(),
  /** Where the provisioner shows its own metrics, over TLS; 0: nowhere. */
  CASEMATE_METRICS_PORT: port.default(0),
  CASEMATE_LOG_LEVEL: z.enum(['error', 'warn', 'info', 'debug']).default('info'),
});

export type Config = z.infer<typeof configSchema>;
