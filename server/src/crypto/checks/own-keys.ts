import {
  VaultError,
  wrappingVersion,
  type KeyPlace,
  type LiveCheck,
  type RequestContext,
} from '../../platform/index.ts';
import { readKeys, type InventoryParts } from '../inventory/key-inventory.ts';
import { platformKeyPlace, tenantKeyPlace } from '../key-places.ts';
import { examineOwners, findingOf } from './examine-owners.ts';

/** Control ENC-04 names a minute as the default; a site may shorten it. */
const LONGEST_SECONDS = 60;
/** However much they are used (decision 29). */
const LONGEST_IN_USE_SECONDS = 900;

/** ENC-04: each owner has a key of its own, which opens its own data keys and nobody else's. */
export function ownKeys(parts: InventoryParts): LiveCheck {
  return {
    control: 'ENC-04',
    examines:
      "Each owner's wrapping key: that it is there, can't be exported, opens its own data keys of 256 bits and not its neighbour's; and how long unwrapped keys stay.",
    run: async (ctx) => {
      let refused = 0;
      let before: { place: KeyPlace; wrapped: string } | undefined;
      const examined = await examineOwners(ctx, async ({ tenantId }) => {
        const place = tenantId === null ? platformKeyPlace : tenantKeyPlace(tenantId);
        const found = await ctx.platform.keys.find(place.key);
        if (!found) return ['the wrapping key is missing'];
        const faults = found.exportable ? ['the wrapping key can be exported'] : [];
        const kept = (await readKeys(parts, ctx, tenantId)).filter(({ wrapped }) => wrapped !== '');
        for (const { wrapped } of kept)
          if (wrappingVersion(wrapped) < found.oldestOpening)
            faults.push('a data key is under a version that opens no longer');
        const wrapped = kept.at(-1)?.wrapped ?? '';
        if ((await bitsOf(ctx, place, wrapped)) !== 256) faults.push('its data key does not open');
        if (before && (await bitsOf(ctx, place, before.wrapped)) !== null)
          faults.push("it opens its neighbour's data key");
        else if (before) refused += 1;
        before = { place, wrapped };
        return faults;
      });
      const {
        CASEMATE_DATA_KEY_SECONDS: seconds,
        CASEMATE_DATA_KEY_LONGEST_SECONDS: longest,
        CASEMATE_DATA_KEY_USES: uses,
      } = ctx.platform.config;
      if (seconds > LONGEST_SECONDS) examined.faults.push(`unwrapped keys stay for ${seconds} s`);
      if (longest > LONGEST_IN_USE_SECONDS)
        examined.faults.push(`unwrapped keys in use stay for ${longest} s`);
      if (ctx.platform.keys.insecure) examined.faults.push(ctx.platform.keys.label);
      const memory =
        seconds === 0
          ? 'with the request'
          : `${seconds} s after their last use, after ${Math.max(seconds, longest)} s or ${uses} uses at the latest`;
      return findingOf(
        examined,
        `A key of its own for each, none exportable, ${refused} foreign data keys refused, erased ${memory},`,
      );
    },
  };
}

/** Length of the data key in bits; null when the wrapping key refuses it. */
async function bitsOf(
  { platform }: RequestContext,
  place: KeyPlace,
  wrapped: string,
): Promise<number | null> {
  try {
    const [bytes] = await platform.keys.unwrap(place, [wrapped]);
    const bits = (bytes?.length ?? 0) * 8;
    bytes?.fill(0);
    return bits;
  } catch (error) {
    if (error instanceof VaultError) return null;
    throw error;
  }
}
