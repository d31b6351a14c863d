import {
  dashboardCertificate,
  dataKeys,
  databasePasswords,
  installerCredentials,
  sealKey,
  signingKeys,
  storageKey,
  wrappingKeys,
  type Secret,
} from '../rotation/index.ts';

/** The inventory of secrets (SEC-03); a room that keeps secrets adds its own here. */
export const secrets: readonly Secret[] = [
  signingKeys,
  wrappingKeys,
  dataKeys,
  databasePasswords,
  dashboardCertificate,
  sealKey,
  storageKey,
  installerCredentials,
];
