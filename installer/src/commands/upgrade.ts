import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { trustedSigners } from '../bundle/trusted-signers.ts';
import { ownBundle } from '../bundle/verify-for-install.ts';
import { verifyFolder } from '../bundle/verify-folder.ts';
import { Fault } from '../fault.ts';
import { getSettings } from '../instance/settings.ts';
import { findJournal, journalFile } from '../upgrade/journal.ts';
import { handOver, unpackBundle } from '../upgrade/open-for-upgrade.ts';
import { refuseWrongVersion } from '../upgrade/preflight-upgrade.ts';
import { upgradeFromHere } from '../upgrade/upgrade-from-here.ts';
import { textFlag, type Command } from './command.ts';

const rootDir = path.resolve(import.meta.dirname, '../../..');

export const upgrade: Command = {
  name: 'upgrade',
  summary: 'upgrade this instance from a bundle; a version that does not hold is taken back',
  description: [
    'Verifies the bundle, looks whether host and instance fit, copies database, keys and settings, tries',
    'the migrations on the copy, migrates, switches the programs and asks the new version a question. A',
    'fault before the switch leaves everything as it was; one after it brings the old version back.',
    '',
    'BUNDLE is the archive, its first part, or the folder that it was unpacked to.',
  ].join('\n'),
  words: { value: '[BUNDLE]', most: 1 },
  flags: {
    yes: { type: 'boolean', short: 'y', help: 'do not ask' },
    'dry-run': {
      type: 'boolean',
      help: 'only say what would happen, after trying the migrations on a copy',
    },
    resume: { type: 'boolean', help: 'take up an upgrade that was interrupted' },
    signer: {
      type: 'string',
      value: 'FINGERPRINT',
      help: 'of the release key, where the instance was not installed from a bundle',
    },
  },
  run: async (call) => {
    const settings = await getSettings(call.layout);
    const journal = await findJournal(journalFile(call.layout));
    if (call.flags['resume'] && !journal)
      throw new Fault('There is no upgrade to take up', { code: 'usage' });
    if (journal && !call.flags['resume'])
      throw new Fault(`An upgrade to ${journal.toVersion} was interrupted`, {
        next: 'Take it up with `casemate upgrade --resume`, or take it back with `casemate rollback`.',
        code: 'path',
      });
    const own = ownBundle(rootDir);
    const named = path.resolve(journal?.bundleDir ?? call.words[0] ?? own ?? '');
    const place = await realpath(named).catch(() => named);
    if (!journal && call.words[0] === undefined && own === undefined)
      throw new Fault('Name the bundle', { next: 'casemate upgrade BUNDLE', code: 'usage' });
    const signers = await trustedSigners(call.layout, textFlag(call, 'signer'));
    if (own !== undefined && place === own)
      return upgradeFromHere({ call, settings, signers, bundleDir: own, journal });
    const isFolder = (await stat(place).catch(() => undefined))?.isDirectory() ?? false;
    if (!isFolder) return handOver(await unpackBundle(place, { call, settings, signers }), call);
    // Nothing of the folder runs before the version that is trusted here has verified it.
    const { manifest } = await verifyFolder(place, signers);
    if (!journal) refuseWrongVersion(settings, manifest);
    return handOver(place, call);
  },
};
