import path from 'node:path';

const pg = '/casemate/postgresql/embedded_postgres/pginstall/bin';

/** Where things lie in the images (scripts/images/image-table.ts), and where volumes are mounted. */
export const places = {
  initdb: path.join(pg, 'initdb'),
  postgres: path.join(pg, 'postgres'),
  psql: path.join(pg, 'psql'),
  bao: '/casemate/openbao/bao',
  ollama: '/casemate/ollama/bin/ollama',
  models: { chat: '/casemate/models/chat', embed: '/casemate/models/embed' },
  bootstrap: '/casemate/server/migrations/bootstrap.sql',
  node: '/casemate/node/bin/node',
  serverMain: '/casemate/server/dist/main.js',
  clusterDir: '/data/postgresql/18',
  databaseSocketDir: '/run/postgresql',
  /** Written once bootstrap.sql has run, in a folder that a restart empties. */
  databaseReady: '/run/postgresql/bootstrapped',
  vaultDir: '/data/openbao',
  vaultSocket: '/run/openbao/bao.sock',
  credentials: '/data/credentials',
  authorityDir: '/data/tls',
  modelsDir: '/data/ollama',
  modelSocket: '/run/ollama/ollama.sock',
  modelsReady: '/run/ollama/loaded',
  /** Role-ids and wrapped secret-ids of the programs, one folder each. */
  roleDir: (role: string) => path.join('/run/roles', role),
  dashboardTls: '/run/dashboard-tls',
  heartbeat: '/tmp/heartbeat',
  issuerReady: '/tmp/configured',
} as const;
