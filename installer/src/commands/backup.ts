import { createKey } from '../backup/verbs/key.ts';
import { create } from '../backup/verbs/create.ts';
import { drilled, holdDrill, tick } from '../backup/verbs/drill.ts';
import { list } from '../backup/verbs/list.ts';
import { restore } from '../backup/verbs/restore.ts';
import { schedule } from '../backup/verbs/schedule.ts';
import { status } from '../backup/verbs/status.ts';
import { verify } from '../backup/verbs/verify.ts';
import type { Command } from './command.ts';
import { installFlags } from './install-options.ts';
import { runVerb, type Verbs } from './run-verb.ts';

// A restore is refused for what stands in its way, and asks the host for nothing else.
const { 'skip-preflight': _preflight, ...ofInstall } = installFlags;

const verbs: Verbs = {
  key: createKey,
  schedule,
  create,
  list,
  verify: { run: verify, words: 1 },
  restore: { run: restore, words: 1 },
  status,
  drill: holdDrill,
  tick,
  drilled: { run: drilled, words: 1 },
};

export const backup: Command = {
  name: 'backup',
  summary: 'back this instance up, and restore one from its backups',
  description: [
    'key        draws the recipient’s key: its private half opens every backup, and is kept elsewhere',
    'schedule   where backups go, how often, and how long they stay; alone it shows the plan',
    'create     one backup now, while everything runs',
    'status     when each part was done last, and what failed (exit code 8 when something is amiss)',
    'list       the backups, and what a restore would bring back',
    'verify     reads a backup from the target and examines every part; --identity: the escrow, too',
    'restore    an instance on this host, from a target and the private key alone;',
    '           with --tenant one tenant of the running instance, from its own backups',
    'drill      restores the newest where the originals are not, and asks it a question',
    '',
    'TARGET is /a/directory, s3:https://host/bucket/prefix, or sftp://login@host/path.',
  ].join('\n'),
  words: { value: 'VERB [ID]', most: 2 },
  flags: {
    out: { type: 'string', value: 'FILE', help: 'key: the new file for the private key' },
    replace: { type: 'boolean', help: 'key: wrap to a new key from the next backup on' },
    to: { type: 'string', value: 'TARGET', help: 'schedule: where backups go' },
    credentials: {
      type: 'string',
      value: 'FILE',
      help: 'schedule, restore: S3: an AWS credentials file; SFTP: a private key of OpenSSH',
    },
    trust: {
      type: 'string',
      value: 'FILE',
      help: 'schedule, restore: SFTP: known_hosts; S3: the authority of its certificate',
    },
    every: { type: 'string', value: 'HOURS', help: 'schedule: between two backups (default: 24)' },
    'log-every': {
      type: 'string',
      value: 'MINUTES',
      help: 'schedule: between two pushes of the database’s log (default: 15)',
    },
    'log-limit': {
      type: 'string',
      value: 'GIB',
      help: 'schedule: so much of the log may wait for a target that is away (default: 16)',
    },
    keep: { type: 'string', value: 'DAYS', help: 'schedule: backups stay so long (default: 35)' },
    'keep-keys': {
      type: 'string',
      value: 'DAYS',
      help: 'schedule: snapshots of the key service stay so long (default: 7)',
    },
    'drill-every': {
      type: 'string',
      value: 'DAYS',
      help: 'schedule: between two drills (default: 7)',
    },
    from: { type: 'string', value: 'TARGET', help: 'restore: where the backups are' },
    identity: {
      type: 'string',
      value: 'FILE',
      help: 'restore, verify: the recipient’s private key',
    },
    at: { type: 'string', value: 'TIME', help: 'restore: as it was then (2026-11-22T17:00:00Z)' },
    tenant: {
      type: 'string',
      value: 'TENANT',
      help: 'restore: this tenant alone, into the running instance',
    },
    as: { type: 'string', value: 'NAME', help: 'restore: as a new tenant beside it' },
    confirm: {
      type: 'string',
      value: 'NAME',
      help: 'restore: the name of the tenant that is replaced',
    },
    ...ofInstall,
  },
  run: runVerb('backup', verbs, 'list'),
};
