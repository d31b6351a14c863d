import { create } from '../bundle/verbs/create.ts';
import { makeKey } from '../bundle/verbs/key.ts';
import { trust } from '../bundle/verbs/trust.ts';
import { show, verify } from '../bundle/verbs/verify.ts';
import type { Command } from './command.ts';
import { runVerb, type Verbs } from './run-verb.ts';

const verbs: Verbs = {
  create,
  verify: { run: verify, words: 1 },
  show: { run: show, words: 1 },
  key: makeKey,
  trust: { run: trust, words: 1 },
};

export const bundle: Command = {
  name: 'bundle',
  summary: 'make, verify and show the one signed bundle for a closed network',
  description: [
    'create --key F [--out DIR]   everything that an appliance is made of, as one signed archive',
    'verify BUNDLE                every byte of it against the signature; changes nothing',
    'show BUNDLE                  the same, and what is in it',
    'key --out DIR                a key pair that signs releases; the private half stays off line',
    'trust KEY --signer F         take another release key into the list of this instance',
    '',
    'BUNDLE is the archive, its first part, or the folder that it was unpacked to. Whose signature',
    'counts is what the instance was installed with, else --signer. Nothing skips the verification.',
  ].join('\n'),
  words: { value: 'create|verify|show|key|trust [BUNDLE|KEY]', most: 2 },
  flags: {
    out: { type: 'string', value: 'DIR', help: 'create, key: where to (create: this folder)' },
    key: { type: 'string', value: 'FILE', help: 'create: the private key that signs' },
    split: { type: 'string', value: 'SIZE', help: 'create: parts for small media, such as 700M' },
    since: {
      type: 'string',
      value: 'MANIFEST',
      help: 'create: leave out what the bundle of this manifest has',
    },
    'cache-dir': { type: 'string', value: 'DIR', help: 'create: where components are kept' },
    signer: {
      type: 'string',
      value: 'FINGERPRINT',
      help: 'of the release key, as it was announced',
    },
  },
  run: runVerb('bundle', verbs, ''),
};
