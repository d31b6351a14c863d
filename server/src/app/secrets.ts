import {
  dashboardCertificate,
  databasePasswords,
  installerCredentials,
  sealKey,
  signingKeys,
  storageKey,
  type Secret,
} from '../rotation/index.ts';

/** The inventory of secrets (SEC-03); a room that keeps secrets adds its own here. */
export const secrets: readonly Secret[] = [
  signingKeys,
  databasePasswords,
  dashboardCertificate,
  sealKey,
  storageKey,
  installerCredentials,
];
