import type { ControlProof } from './control-proof.ts';

const isolation = 'server/src/tenancy/isolation.db.test.ts';
const ingest = 'server/src/knowledge/ingest/ingest-document.db.test.ts';
const documents = 'server/src/knowledge/documents.http.test.ts';

/** Input, jobs, migrations, audit, knowledge. */
export const dataProofs: readonly ControlProof[] = [
  {
    control: 'INP-01',
    gates: ['lint'],
    tests: [
      {
        file: isolation,
        titles: ['INP-01: a second statement in one text is refused by the protocol'],
      },
      {
        file: isolation,
        titles: ['ISO-08: a tenant id that is no UUID never becomes an identifier'],
      },
      {
        file: 'server/src/knowledge/search/search-chunks.db.test.ts',
        titles: ['INP-01: no question whatever breaks the search'],
      },
      { file: 'scripts/lint/no-string-built-sql.test.ts', titles: ['INP-01: refuses'] },
    ],
  },
  {
    control: 'INP-02',
    tests: [
      {
        file: 'server/src/app/strict-inputs.test.ts',
        titles: ['INP-02: every route refuses unknown fields at every depth'],
      },
      {
        file: 'server/src/app/requests.http.test.ts',
        titles: [
          'INP-02: unknown fields, wrong types and a wrong content type are refused by name',
          'INP-02: a body that is no JSON, too large, or compressed is refused clearly',
        ],
      },
      { file: 'server/src/platform/http/parse-input.test.ts', titles: ['INP-02:'] },
    ],
  },
  {
    control: 'INP-04',
    tests: [
      {
        file: 'server/src/knowledge/parse/sanitise-file-name.test.ts',
        titles: [
          'defuses the device name',
          'gives one visible segment for any name',
          'never leaves a separator',
        ],
      },
      {
        file: 'server/src/knowledge/parse/detect-type.test.ts',
        titles: ['refuses the ending of', 'says what the content is, and the mend'],
      },
      {
        file: 'server/src/knowledge/uploads/upload-path.test.ts',
        titles: ['as a document', 'INP-04: refuses anything but an id as a tenant'],
      },
      {
        file: 'server/src/knowledge/uploads/receive-upload.test.ts',
        titles: ['refuses a body over the limit', 'INP-04: never writes over a file'],
      },
      { file: documents, titles: ['INP-04, INP-05, KB-01: takes a document in'] },
    ],
  },
  {
    control: 'INP-05',
    live: 1,
    tests: [
      {
        file: ingest,
        titles: [
          'INP-05: deletes the original of an unusable document',
          'INP-05, KB-01: keeps text alone of a document that is ready',
        ],
      },
      {
        file: 'server/src/knowledge/keeper.db.test.ts',
        titles: ['INP-05: removes what belongs to no document'],
      },
      {
        file: 'server/src/knowledge/live-checks.test.ts',
        titles: ['INP-05: fails with an original that was left for two days'],
      },
      { file: documents, titles: ['INP-04, INP-05, KB-01: takes a document in'] },
    ],
  },
  {
    control: 'AUD-02',
    live: 1,
    tests: [
      {
        file: isolation,
        titles: ['AUD-02: the tenant role writes audit rows and can neither read'],
      },
      {
        file: 'server/src/audit/log.db.test.ts',
        titles: ['AUD-02: even the owner of the table is refused by the trigger'],
      },
      { file: 'server/src/audit/live-checks.db.test.ts', titles: ['AUD-02: fails with'] },
    ],
    partly: 'the archive that outlives a tenant comes with a later release.',
  },
  {
    control: 'AUD-05',
    tests: [
      {
        file: 'server/src/audit/log.db.test.ts',
        titles: ['AUD-05: a row changed past all permissions is found'],
      },
    ],
    partly:
      'the chain is not signed by the key service, and an export can not be verified offline.',
  },
  {
    control: 'KB-01',
    tests: [
      { file: documents, titles: ['INP-04, INP-05, KB-01: takes a document in, cites it'] },
      { file: ingest, titles: ['INP-05, KB-01: keeps text alone'] },
      {
        file: 'server/src/knowledge/search/search-chunks.db.test.ts',
        titles: [
          'ISO-01, ISO-09: finds nothing of another tenant',
          'KB-01: finds by meaning what shares no rare word',
          'KB-01: goes by words alone while the model is away',
        ],
      },
      {
        file: 'web/tests/main.journey.test.ts',
        titles: ['makes a tenant, uploads, asks and opens the cited passage'],
      },
    ],
  },
  {
    control: 'KB-02',
    tests: [
      {
        file: 'server/src/chat/answers/answers.http.test.ts',
        titles: ['KB-02: a carried answer streams in order, is cited, titled and kept'],
      },
      {
        file: 'server/src/chat/conversations/conversations.http.test.ts',
        titles: ["KB-02 ISO-09: a colleague's conversation in the same tenant is not found"],
      },
    ],
    partly: 'chat with agents, and conversations that are shared, come with a later release.',
  },
  {
    control: 'KB-03',
    tests: [
      {
        file: 'server/src/chat/answers/answers.http.test.ts',
        titles: [
          'KB-03: an unanswerable question gets "not in the documents"',
          'KB-03: while documents are still being read, "not in the documents" says how many',
        ],
      },
    ],
    partly: 'an evaluation set for each knowledge base and its alert come with a later release.',
  },
];
