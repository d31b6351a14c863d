import { servesInstead } from '../components/serves-instead.ts';
import { getSettings, saveSettings } from '../instance/settings.ts';
import type { Upgrade } from './told.ts';

/**
 * The programs from before go on with the later key service once it ran: an earlier one refuses what it
 * wrote, and a copy from before lacks the keys that were made since. Its interface stays the same.
 */
export async function keepKeyService({ layout, journal }: Upgrade): Promise<string | undefined> {
  const [before, later] = [journal.from, journal.to].map((one) => one.components['openbao']);
  if (!journal.keyServiceRan || !before || !later) return undefined;
  if (!servesInstead('openbao', later.version, before.version)) return undefined;
  const settings = await getSettings(layout);
  settings.components['openbao'] = later;
  await saveSettings(layout, settings);
  return `OpenBao stays at ${later.version}`;
}
