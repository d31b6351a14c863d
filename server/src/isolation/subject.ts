import type { TenantKeys } from '../crypto/index.ts';
import type { IdentityParts } from '../identity/index.ts';
import type {
  Database,
  EncryptedColumn,
  Endpoint,
  RequestContext,
  TenantJob,
} from '../platform/index.ts';
import type { OpenTenant } from '../tenancy/index.ts';

/** What is attacked: the running system and its catalogs, handed over by `app`, which knows all. */
export type Subject = {
  /** The system's own context, outside any tenant. */
  readonly ctx: RequestContext;
  readonly identity: IdentityParts;
  readonly openTenant: OpenTenant;
  /** A door to the database of the test's own, whose few connections tenants share. */
  readonly db: Database;
  /** A key ring that has opened nothing yet. */
  readonly newKeys: () => TenantKeys;
  readonly routes: readonly Endpoint[];
  readonly jobs: Readonly<Record<string, TenantJob>>;
  readonly columns: readonly EncryptedColumn[];
  readonly channels: readonly string[];
  /** Where the original of a document waits. */
  readonly uploadPath: (tenantId: string, documentId: string) => string;
  /** Where the server listens. */
  readonly listener: { host: string; port: number; serverName: string; ca: Buffer };
  /** Of the program that collects metrics. */
  readonly metricsToken: () => string;
  readonly version: string;
};
