import type { Bench } from '../figure.ts';
import { idle } from './idle.ts';
import { ingest } from './ingest.ts';
import { ingestSet } from './ingest-set.ts';
import { install } from './install.ts';
import { light } from './light.ts';
import { quality } from './quality.ts';
import { rate } from './rate.ts';
import { retrieve } from './retrieve.ts';
import { start } from './start.ts';
import { ttft } from './ttft.ts';

/** Every number of this release, in the order of docs/benchmarks.md. */
export const benches: readonly Bench[] = [
  start,
  idle,
  ttft,
  light,
  rate,
  ingest,
  ingestSet,
  retrieve,
  quality,
  install,
];
