import { applianceProofs } from './appliance.ts';
import type { ControlProof } from './control-proof.ts';
import { dataProofs } from './data.ts';
import { edgeProofs } from './edges.ts';
import { factorProofs } from './factors.ts';
import { isolationProofs } from './isolation.ts';
import { keyProofs } from './keys.ts';
import { limitProofs } from './limits.ts';
import { directoryProofs } from './directories.ts';
import { scimProofs } from './scim.ts';
import { sessionProofs } from './sessions.ts';
import { supplyProofs } from './supply.ts';

/**
 * The reviewed list: what the proof of each control consists of. Whoever adds an entry has read what
 * each test and check shows, and says under `partly` what they do not.
 */
export const controlProofs: readonly ControlProof[] = [
  ...isolationProofs,
  ...keyProofs,
  ...dataProofs,
  ...edgeProofs,
  ...directoryProofs,
  ...scimProofs,
  ...sessionProofs,
  ...factorProofs,
  ...limitProofs,
  ...applianceProofs,
  ...supplyProofs,
];
