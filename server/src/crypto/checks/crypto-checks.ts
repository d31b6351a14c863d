import type { LiveCheck } from '../../platform/index.ts';
import type { InventoryParts } from '../inventory/key-inventory.ts';
import { noLocalKey } from './no-local-key.ts';
import { noPlainText } from './no-plain-text.ts';
import { ownKeys } from './own-keys.ts';
import { secretsApart } from './secrets-apart.ts';
import { versionsInUse } from './versions-in-use.ts';

/** The live checks of keys and fields; `parts` says how tenants are opened and which columns there are. */
export function cryptoChecks(parts: InventoryParts): readonly LiveCheck[] {
  return [
    noPlainText(parts),
    versionsInUse(parts),
    ownKeys(parts),
    secretsApart(parts),
    noLocalKey,
  ];
}
