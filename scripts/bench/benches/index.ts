import type { Bench } from '../figure.ts';
import { audit } from './audit.ts';
import { backend } from './backend.ts';
import { egress } from './egress.ts';
import { faults } from './faults.ts';
import { enumeration } from './enumeration.ts';
import { fields } from './fields.ts';
import { growth } from './growth.ts';
import { idle } from './idle.ts';
import { ingest } from './ingest.ts';
import { ingestSet } from './ingest-set.ts';
import { install } from './install.ts';
import { keycalls } from './keycalls.ts';
import { light } from './light.ts';
import { login } from './login.ts';
import { migrate } from './migrate.ts';
import { migrateNoop } from './migrate-noop.ts';
import { provision } from './provision.ts';
import { quality } from './quality.ts';
import { rate } from './rate.ts';
import { refreshRace } from './refresh-race.ts';
import { restore } from './restore.ts';
import { retrieve } from './retrieve.ts';
import { start } from './start.ts';
import { tenancy } from './tenancy.ts';
import { ttft } from './ttft.ts';
import { upgrade, upgradeSchemas } from './upgrade.ts';

/** Every number of this release, in the order of docs/benchmarks.md. */
export const benches: readonly Bench[] = [
  start,
  idle,
  ttft,
  light,
  rate,
  login,
  enumeration,
  refreshRace,
  audit,
  tenancy,
  provision,
  migrateNoop,
  migrate,
  backend,
  growth,
  fields,
  keycalls,
  ingest,
  ingestSet,
  retrieve,
  quality,
  install,
  upgrade,
  upgradeSchemas,
  restore,
  faults,
  egress,
];
