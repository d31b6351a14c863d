import { z } from 'zod';
import { wholeNumber } from './whole-number.ts';

/** How long unwrapped data keys stay in memory, and where the ledger of deletions lies. */
export const keySettings = {
  /** From the call that unwrapped them, or their last use; 0: they end with their request (strict mode). */
  CASEMATE_DATA_KEY_SECONDS: wholeNumber(0, 600).default(60),
  /** However often keys in use are renewed; as long as the setting above, or shorter: never renewed. */
  CASEMATE_DATA_KEY_LONGEST_SECONDS: wholeNumber(0, 3_600).default(900),
  /** Fields encrypted or decrypted before they are unwrapped anew. */
  CASEMATE_DATA_KEY_USES: wholeNumber(1, 1_000_000_000).default(1_000_000),
  /** Rows without a seal that programs of before write beside this one: for so long after the first start. */
  CASEMATE_ADOPTION_MINUTES: wholeNumber(0, 60).default(0),
  /** Outside the database and the key service; its folder is the provisioner's to write. */
  CASEMATE_DELETION_LEDGER: z.string().startsWith('/', 'must be an absolute path').optional(),
} as const;
